/** What comes from the server is shown at once after a silence, and then so often: a burst is one change of the page. */

import { newestOf } from "./newest";
import type { ServerFrame } from "./protocol";

const EVERY_MS = 100;
/** Frames that may wait to be shown. */
const MOST_FRAMES = 500;

/** Frames on their way, of each key only the newest value. show: takes them. waits: whether a frame may. */
export class Bursts<F extends ServerFrame> {
  readonly #show: (frames: readonly F[]) => void;
  readonly #waits: (frame: F) => boolean;
  #waiting: F[] = [];
  #shownAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: (frames: readonly F[]) => void, waits: (frame: F) => boolean = () => true) {
    this.#show = show;
    this.#waits = waits;
  }

  add(frames: readonly F[]): void {
    this.#waiting.push(...frames);
    if (!this.#waiting.length) return;
    const wait = this.#shownAt + EVERY_MS - performance.now();
    if (wait <= 0 || this.#waiting.length > MOST_FRAMES || !frames.every(this.#waits)) this.show();
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
