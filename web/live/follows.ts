import type { Listed } from "./fold-people";
import type { Live } from "./live";
import { asProblem } from "./problem";
import type { User } from "./protocol";
import type { Counts } from "./state";

export const FOLLOWING = "feed:following";

type Answer = Counts & {
  readonly user: User;
  readonly followed: boolean;
};

/** One page of people. */
export interface PeoplePage {
  readonly people: readonly Listed[];
  readonly next: string | null;
}

/** How people stand to me: asked of the server when first needed, changed at once, put right by its answer. */
export class Follows {
  readonly #live: Live;
  readonly #asked = new Set<string>();
  /** Whether I am to follow them in the end, by user id, while that is being told. */
  readonly #wanted = new Map<string, boolean>();
  /** Whether the wall of whom I follow is looked at; else it is read afresh when it is opened. */
  readonly #watched: () => boolean;

  constructor(live: Live, watched: () => boolean) {
    this.#live = live;
    this.#watched = watched;
  }

  /** Return who has this handle now, or this id; note how they stand and what they are called. Raises Problem. */
  async look(name: string): Promise<User> {
    // Whether I follow them depends on who I am.
    await this.#live.letIn();
    const answer = await this.#live.api.call<Answer>("GET", pathOf(name));
    const { user, followed, ...counts } = answer;
    this.#live.dispatch(
      { kind: "person", user: user.id, standing: { followed, counts } },
      { kind: "named", user },
    );
    return user;
  }

  /** Return a page of my followers, or of whom I follow, and note whether I follow them. Raises Problem. */
  async list(kind: "followers" | "following", before: string | null): Promise<PeoplePage> {
    const query = before ? `?${new URLSearchParams({ before })}` : "";
    const page = await this.#live.api.call<PeoplePage>("GET", `/api/me/${kind}${query}`);
    this.#live.dispatch({ kind: "people", listed: page.people });
    return page;
  }

  /** Ask about somebody once; without an answer nothing is known, and the next who needs it asks again. */
  async know(user: User): Promise<void> {
    if (this.#live.state.people.has(user.id) || this.#asked.has(user.id)) return;
    this.#asked.add(user.id);
    try {
      await this.#live.admitted;
      await this.look(user.id);
    } catch {
      // The button asks again when it is pressed.
    } finally {
      this.#asked.delete(user.id);
    }
  }

  /** Follow somebody or not. Pressed again before the answer, only what it is to be in the end is told. */
  async set(user: User, on: boolean): Promise<void> {
    this.#live.dispatch({ kind: "follow", user: user.id, on });
    const busy = this.#wanted.has(user.id);
    this.#wanted.set(user.id, on);
    // Before the first press it was the other way round.
    if (!busy) await this.#tell(user, !on);
  }

  async #tell(user: User, told: boolean): Promise<void> {
    try {
      for (
        let on = this.#wanted.get(user.id);
        on !== undefined && on !== told;
        on = this.#wanted.get(user.id)
      ) {
        await this.#live.api.call(on ? "PUT" : "DELETE", `${pathOf(user.id)}/follow`);
        told = on;
      }
      if (!this.#watched()) this.#live.dispatch({ kind: "feed-dropped", topic: FOLLOWING });
    } catch (error) {
      this.#live.dispatch({ kind: "follow", user: user.id, on: told });
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    } finally {
      this.#wanted.delete(user.id);
    }
  }
}

/** name: an id, which stays when people change their handles, or a handle. */
function pathOf(name: string): string {
  return `/api/users/${encodeURIComponent(name)}`;
}
