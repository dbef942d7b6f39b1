import type { KeptFeed } from "./last-feed";
import type { Live } from "./live";
import type { Topic } from "./protocol";

/** What is on the wall is kept so long after it has changed. */
const SETTLE_MS = 2_000;

/** Keeps the last feeds in the browser, for reading without a network: one person's, bounded, without what was deleted. */
export class Keeper {
  readonly #live: Live;
  readonly #feed: () => Topic;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #seen: unknown = null;
  #gone: unknown = null;

  /** feed: the one that is on the wall. */
  constructor(live: Live, feed: () => Topic) {
    this.#live = live;
    this.#feed = feed;
  }

  /** Keep from now on what hangs, once we know for whom. */
  start(): void {
    this.#live.listen(() => this.#look());
    void this.#live.admitted.then(() => this.forgetOthers());
    globalThis.addEventListener("pagehide", () => void this.#keep());
  }

  /** We may have become somebody else: what is another's goes. */
  async forgetOthers(): Promise<void> {
    const person = this.#live.me?.id;
    if (person)
      await tried(async ({ rewrite }) => rewrite((book) => (book?.person === person ? book : null)));
  }

  /** Return what was kept of a feed; null if it was not, or for somebody else. */
  async recall(topic: Topic): Promise<KeptFeed | null> {
    const book = await tried(({ read }) => read());
    const me = this.#live.me?.id;
    if (!book || (me && me !== book.person)) return null;
    return book.feeds.find((feed) => feed.topic === topic) ?? null;
  }

  #look(): void {
    const { feeds, gone } = this.#live.state;
    const seen = feeds.get(this.#feed());
    if (seen === this.#seen && gone === this.#gone) return;
    this.#seen = seen;
    this.#gone = gone;
    this.#timer ??= setTimeout(() => void this.#keep(), SETTLE_MS);
  }

  async #keep(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const person = this.#live.me?.id;
    // The feed may be here before we are somebody: it is looked at again then.
    if (!person) this.#seen = null;
    // What is held behind the pause is not in the state, which then stands for less than the position.
    if (!person || this.#live.paused) return;
    const topic = this.#feed();
    const { state } = this.#live;
    const at = this.#live.position(topic);
    await tried(({ keep }) => keep(person, state, topic, at));
  }
}

/** Do something with the shelf, whose program is fetched when first needed. Return null where it cannot be used. */
async function tried<T>(use: (shelf: typeof import("./shelf")) => Promise<T>): Promise<T | null> {
  try {
    return await use(await import("./shelf"));
  } catch {
    return null; // Storage may be forbidden or full: then nothing is kept.
  }
}
