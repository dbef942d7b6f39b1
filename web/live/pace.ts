/** At once after a silence, then so often, for many who wait together: what they draw is one change of the page. */
export class Pace {
  readonly #everyMs: number;
  #beatAt = -Infinity;
  #next: Promise<void> | null = null;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Settles when it is time, for all who have asked by then. */
  beat(): Promise<void> {
    if (this.#next) return this.#next;
    const wait = this.#beatAt + this.#everyMs - performance.now();
    const silence = wait > 0 ? new Promise<void>((resolve) => setTimeout(resolve, wait)) : Promise.resolve();
    this.#next = silence.then(() => {
      this.#beatAt = performance.now();
      this.#next = null;
    });
    return this.#next;
  }
}
