import type { Api } from "./api";
import type { Post } from "./protocol";
import type { Message, Role, Room, RoomSnapshot, Variation } from "./room-protocol";

export interface Invite {
  readonly role: Role;
  readonly token: string;
  readonly url: string;
}

/** The commands of one room. Every failure is thrown as a Problem. */
export class RoomApi {
  readonly #api: Api;
  readonly #path: string;

  constructor(api: Api, room: string) {
    this.#api = api;
    this.#path = `/api/rooms/${encodeURIComponent(room)}`;
  }

  read(): Promise<RoomSnapshot> {
    return this.#api.call("GET", this.#path);
  }

  join(token: string): Promise<{ room: Room }> {
    return this.#api.call("POST", `${this.#path}/join`, { token });
  }

  invite(role: "editor" | "viewer"): Promise<Invite> {
    return this.#api.call("POST", `${this.#path}/invites`, { role });
  }

  async endInvite(role: "editor" | "viewer"): Promise<void> {
    await this.#api.call("DELETE", `${this.#path}/invites/${role}`);
  }

  async setRole(handle: string, role: "editor" | "viewer"): Promise<void> {
    await this.#api.call("PUT", `${this.#path}/members/${encodeURIComponent(handle)}`, { role });
  }

  /** Put somebody out, or leave. */
  async remove(handle: string): Promise<void> {
    await this.#api.call("DELETE", `${this.#path}/members/${encodeURIComponent(handle)}`);
  }

  messages(before: string): Promise<{ messages: readonly Message[]; next?: string | null }> {
    return this.#api.call("GET", `${this.#path}/messages?${new URLSearchParams({ before })}`);
  }

  say(text: string, key: string): Promise<{ message: Message }> {
    return this.#api.call("POST", `${this.#path}/messages`, { text }, key);
  }

  async react(message: string, emoji: string, on: boolean): Promise<void> {
    const path = `messages/${encodeURIComponent(message)}/reactions/${encodeURIComponent(emoji)}`;
    await this.#api.call(on ? "PUT" : "DELETE", `${this.#path}/${path}`);
  }

  /** Paint the document as it stands. */
  paint(key: string): Promise<{ variation: Variation }> {
    return this.#api.call("POST", `${this.#path}/variations`, {}, key);
  }

  async vote(variation: string, on: boolean): Promise<void> {
    await this.#api.call(on ? "PUT" : "DELETE", `${this.#path}/votes/${encodeURIComponent(variation)}`);
  }

  publish(variation: string, caption: string, key: string): Promise<{ post: Post }> {
    const body = caption ? { variation, caption } : { variation };
    return this.#api.call("POST", `${this.#path}/publish`, body, key);
  }
}
