/** What comes from the server is shown at once after a silence, and then so often: a burst is one change of the page. */

import { newestOf } from "./newest";
import type { TopicFrame } from "./protocol";

const EVERY_MS = 100;
/** Frames that may wait to be shown. */
const MOST_FRAMES = 500;

/** Frames on their way to the page. show: shows them, of each key only the newest value. */
export class Bursts {
  readonly #show: (frames: readonly TopicFrame[]) => void;
  #waiting: TopicFrame[] = [];
  #shownAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: (frames: readonly TopicFrame[]) => void) {
    this.#show = show;
  }

  add(frames: readonly TopicFrame[]): void {
    this.#waiting.push(...frames);
    if (!this.#waiting.length) return;
    const wait = this.#shownAt + EVERY_MS - performance.now();
    if (wait <= 0 || this.#waiting.length > MOST_FRAMES) this.show();
    else this.#timer ??= setTimeout(() => this.show(), wait);
  }

  /** Show all that waits, now. */
  show(): void {
    if (!this.#waiting.length) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#shownAt = performance.now();
    const frames = newestOf(this.#waiting);
    this.#waiting = [];
    this.#show(frames);
  }
}
