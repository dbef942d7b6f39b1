import { heardAt } from "./clock";
import { noted, type PageOfPosts } from "./copies";
import { problemFrom, unreachable } from "./problem";
import type { Comment, Generation, LineageNode, Position, Post, Reactions, Topic, User } from "./protocol";

export interface FeedSnapshot extends PageOfPosts {
  readonly generations: readonly Generation[];
  readonly at: Position;
  readonly next: string | null;
  readonly mine?: Readonly<Record<string, readonly string[]>>;
}

interface OnePost {
  readonly post: Post;
  readonly at: Position;
  readonly mine?: readonly string[];
}

export interface GenerationRequest {
  readonly prompt: string;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly publish: boolean;
  /** Who paints it, without one the server's first; and how, in words. */
  readonly generator?: string;
  readonly style?: string;
  /** The post to start from, and how far to go from it: 0 to 1. */
  readonly parent?: string;
  readonly strength?: number;
}

export interface CommentPage {
  readonly comments: readonly Comment[];
  /** Remixes that are being made, newest first. */
  readonly generations?: readonly Generation[];
  readonly at: Position;
  readonly next: string | null;
}

/** What a page may still be sending when it is left is bounded by browsers, 64 KB in all: one thing takes no more. */
const LASTING_CHARACTERS = 2_000;

/** The HTTP side: snapshots and commands. Every failure is thrown as a Problem. */
export class Api {
  readonly #fetch: typeof fetch;
  /** Called when the server does not know (any more) who asks. */
  unknown: () => void = () => undefined;

  constructor(fetcher: typeof fetch = (input, init) => fetch(input, init)) {
    this.#fetch = fetcher;
  }

  /** Who the cookie says we are, null for nobody yet. */
  me(): Promise<{ user: User | null }> {
    return this.#get("/api/me");
  }

  guest(): Promise<{ user: User }> {
    return this.#send("POST", "/api/guests", {});
  }

  rename(handle: string): Promise<{ user: User }> {
    return this.#send("PATCH", "/api/me", { handle });
  }

  user(handle: string): Promise<{ user: User; posts?: number }> {
    return this.#get(`/api/users/${encodeURIComponent(handle)}`);
  }

  /** name: "all", "tag:x" or "user:id". */
  async feed(name: string, before: string | null, limit: number): Promise<FeedSnapshot> {
    const query = new URLSearchParams({ limit: String(limit), ...(before ? { before } : {}) });
    return noted(await this.#get<FeedSnapshot>(`/api/feeds/${encodeURIComponent(name)}?${query}`));
  }

  async post(id: string): Promise<OnePost> {
    const found = await this.#get<OnePost>(`/api/posts/${encodeURIComponent(id)}`);
    return { ...found, post: { ...found.post, rev: found.at } };
  }

  /** before: the `next` of one of the nodes, for more of its remixes. */
  lineage(post: string, before: string | null, limit: number): Promise<{ nodes: readonly LineageNode[] }> {
    const query = new URLSearchParams({ limit: String(limit), ...(before ? { before } : {}) });
    return this.#get(`/api/posts/${encodeURIComponent(post)}/lineage?${query}`);
  }

  upload(image: Blob, caption: string, key: string): Promise<{ post: Post }> {
    const form = new FormData();
    form.set("image", image, "picture");
    form.set("caption", caption);
    return this.#request("POST", "/api/posts", form, { "Idempotency-Key": key });
  }

  async removePost(id: string): Promise<void> {
    await this.#request("DELETE", `/api/posts/${encodeURIComponent(id)}`);
  }

  comments(post: string, before: string | null): Promise<CommentPage> {
    const query = before ? `?${new URLSearchParams({ before })}` : "";
    return this.#get(`/api/posts/${encodeURIComponent(post)}/comments${query}`);
  }

  comment(post: string, text: string, parent: string | null, key: string): Promise<{ comment: Comment }> {
    const body = parent ? { text, parent } : { text };
    return this.#send("POST", `/api/posts/${encodeURIComponent(post)}/comments`, body, key);
  }

  async removeComment(id: string): Promise<void> {
    await this.#request("DELETE", `/api/comments/${encodeURIComponent(id)}`);
  }

  /** Setting answers with the totals, unsetting with nothing. */
  react(
    post: string,
    emoji: string,
    on: boolean,
  ): Promise<{ reactions: Reactions; mine?: readonly string[] } | undefined> {
    const path = `/api/posts/${encodeURIComponent(post)}/reactions/${encodeURIComponent(emoji)}`;
    return this.#request(on ? "PUT" : "DELETE", path);
  }

  generate(request: GenerationRequest, key: string): Promise<{ id: string; topic: Topic }> {
    return this.#send("POST", "/api/generations", request, key);
  }

  generation(id: string): Promise<{ generation: Generation; at: Position }> {
    return this.#get(`/api/generations/${encodeURIComponent(id)}`);
  }

  /** What of mine is queued or running. */
  running(): Promise<{ generations: readonly Generation[] }> {
    return this.#get("/api/me/generations");
  }

  async cancel(id: string): Promise<void> {
    await this.#request("DELETE", `/api/generations/${encodeURIComponent(id)}`);
  }

  /** Open a room around a post. */
  openRoom(post: string, key: string): Promise<{ room: { readonly id: string } }> {
    return this.#send("POST", "/api/rooms", { post }, key);
  }

  /** Any other route. key: of a command that is to be done once. */
  call<T>(method: string, path: string, body?: object, key?: string): Promise<T> {
    return body || key ? this.#send(method, path, body ?? {}, key) : this.#request(method, path);
  }

  #get<T>(path: string): Promise<T> {
    return this.#request("GET", path);
  }

  #send<T>(method: string, path: string, body: object, key?: string): Promise<T> {
    return this.#request(method, path, JSON.stringify(body), {
      "Content-Type": "application/json",
      ...(key ? { "Idempotency-Key": key } : {}),
    });
  }

  async #request<T>(
    method: string,
    path: string,
    body: BodyInit | null = null,
    headers: Record<string, string> = {},
  ): Promise<T> {
    let response: Response;
    const askedAt = Date.now();
    try {
      const keepalive = method !== "GET" && isSmall(body);
      response = await this.#fetch(path, { method, body, headers, credentials: "same-origin", keepalive });
    } catch {
      throw unreachable();
    }
    heardAt(response.headers.get("Date"), askedAt);
    if (response.status === 401) this.unknown();
    const text = await response.text();
    if (!response.ok) throw problemFrom(response.status, text);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

/** Whether a command arrives also when the page is left at once. Uploads are too large for that. */
function isSmall(body: BodyInit | null): boolean {
  return body === null || (typeof body === "string" && body.length <= LASTING_CHARACTERS);
}
