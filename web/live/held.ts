import { newestOf } from "./newest";
import type { Position, Topic, TopicFrame } from "./protocol";

/** So many frames wait, as many with the newest values, and so many pictures are counted; the rest is read again. */
const MOST_FRAMES = 3_000;

/** What comes while the page is held still, in its order. */
export class Held {
  #frames: TopicFrame[] = [];
  readonly #reads = new Set<Topic>();
  readonly #posts = new Map<Topic, Set<Position>>();
  /** With so many it is looked what need not wait. */
  #room = MOST_FRAMES;

  /** How many new pictures wait. */
  get posts(): number {
    return new Set([...this.#posts.values()].flatMap((posts) => [...posts])).size;
  }

  hold(frames: readonly TopicFrame[]): void {
    for (const frame of frames) {
      if (frame.op !== "events") continue;
      const posts = this.#posts.get(frame.topic) ?? new Set();
      this.#posts.set(frame.topic, posts);
      for (const { type, id } of frame.events)
        if (type === "post.created" && posts.size < MOST_FRAMES) posts.add(id);
    }
    this.#frames.push(...frames);
    if (this.#frames.length <= this.#room) return;
    const newest = newestOf(this.#frames);
    let others = 0;
    let oldest = newest.filter(({ op }) => op === "latest").length - MOST_FRAMES;
    this.#frames = newest.filter((frame) => {
      if (frame.op === "latest" ? --oldest < 0 : ++others <= MOST_FRAMES) return true;
      this.#reads.add(frame.topic);
      return false;
    });
    this.#room = this.#frames.length + MOST_FRAMES;
  }

  /** Something was missed of a topic: its snapshot is to be read when the page goes on. */
  miss(topic: Topic): void {
    this.#reads.add(topic);
  }

  /** The newest values of these topics come again: those that wait may be of another history. */
  forget(topics: readonly Topic[]): void {
    if (topics.length) this.#drop((frame) => frame.op === "latest" && topics.includes(frame.topic));
  }

  /** What waits of a topic is not of the subscription that begins now: it comes again, or is read. */
  release(topic: Topic): void {
    this.#reads.delete(topic);
    this.#posts.delete(topic);
    this.#drop((frame) => frame.topic === topic);
  }

  /** The page goes on: hand over what waits, and whose snapshots must be read after it. */
  take(): { readonly frames: readonly TopicFrame[]; readonly reads: readonly Topic[] } {
    const taken = { frames: this.#frames, reads: [...this.#reads] };
    this.#frames = [];
    this.#reads.clear();
    this.#posts.clear();
    this.#room = MOST_FRAMES;
    return taken;
  }

  #drop(isDropped: (frame: TopicFrame) => boolean): void {
    this.#frames = this.#frames.filter((frame) => !isDropped(frame));
  }
}
