import type { FeedSnapshot } from "./api";
import type { Live } from "./live";
import { asProblem } from "./problem";
import type { Post, Topic } from "./protocol";
import type { Block } from "./state";

/** So many blocks are read at once, and of a block that came as no page so many posts. */
const BLOCKS_AT_ONCE = 2;
const POSTS_AT_ONCE = 6;
/** What could not be read is tried again after so long, if it is still wanted. */
const AGAIN_MS = 2_000;

interface Found {
  readonly posts: Post[];
  readonly mine: Record<string, readonly string[]>;
}

/** Reads again what blocks show that were laid aside. */
export class LaidAside {
  readonly #live: Live;
  readonly #page: (topic: Topic, before: string) => Promise<FeedSnapshot>;
  #topic: Topic = "";
  #wanted: readonly string[] = [];
  readonly #reading = new Map<string, Promise<void>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** page: reads one of a feed. */
  constructor(live: Live, page: (topic: Topic, before: string) => Promise<FeedSnapshot>) {
    this.#live = live;
    this.#page = page;
  }

  /** Read these blocks, a few at a time. Settles when the first of them is here, or could not be read. */
  takeBack(topic: Topic, keys: readonly string[]): Promise<void> {
    this.#topic = topic;
    this.#wanted = keys;
    this.#go();
    return this.#reading.get(`${topic} ${keys[0]}`) ?? Promise.resolve();
  }

  #go(): void {
    clearTimeout(this.#timer);
    const topic = this.#topic;
    for (const key of this.#wanted) {
      const name = `${topic} ${key}`;
      const block = this.#live.state.feeds.get(topic)?.blocks.find((one) => one.key === key);
      if (block?.aside !== "far" || this.#reading.has(name)) continue;
      if (this.#reading.size >= BLOCKS_AT_ONCE) return;
      const reading = this.#read(topic, block).then((read) => {
        this.#reading.delete(name);
        if (read) this.#go();
        else this.#timer = setTimeout(() => this.#go(), AGAIN_MS);
      });
      this.#reading.set(name, reading);
    }
  }

  /** Return whether all of it was there to be read. */
  async #read(topic: Topic, block: Block): Promise<boolean> {
    this.#live.dispatch({ kind: "ask-again", topic, blocks: new Set([block.key]) });
    const found: Found = { posts: [], mine: {} };
    try {
      if (block.before !== undefined) {
        const { posts, mine = {} } = await this.#page(topic, block.before);
        found.posts.push(...posts);
        Object.assign(found.mine, mine);
      }
      await this.#others(block, found);
    } catch {
      this.#live.dispatch({ kind: "lay-aside", topic, shapes: new Map([[block.key, block.shape!]]) });
      return false;
    }
    this.#live.dispatch({ kind: "taken-back", topic, back: { block: block.key, ...found } });
    return true;
  }

  /** What came as no page, or is on it no more, is asked for by name: it may be gone for good. */
  async #others(block: Block, found: Found): Promise<void> {
    const here = new Set(found.posts.map(({ id }) => id));
    const ids = block.posts.filter((id) => !here.has(id) && !this.#live.state.gone.has(id));
    const ask = async (): Promise<void> => {
      for (let id = ids.shift(); id !== undefined; id = ids.shift()) {
        try {
          const { post, mine } = await this.#live.api.post(id);
          found.posts.push(post);
          found.mine[id] = mine ?? [];
        } catch (error) {
          if (asProblem(error).status !== 404) throw error;
          this.#live.dispatch({ kind: "gone", post: id });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(POSTS_AT_ONCE, ids.length) }, ask));
  }
}
