import type { Problem } from "./problem";

const AGAIN_MS = 2_000;
const MOST_DOUBLED = 5;

/** When to ask again for what could not be read: when the connection stands again, or a little later. */
export class Comeback {
  readonly #listeners = new Set<() => void>();
  readonly #stands: () => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(stands: () => boolean) {
    this.#stands = stands;
  }

  /** Call this whenever the connection is up to date again, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The connection stands and is up to date. */
  came(): void {
    this.#failures = 0;
    this.#tell();
  }

  /** Something could not be read. A connection that stands all the same will not say that it does again. */
  missed(problem: Problem): void {
    if (!problem.lineless || !this.#stands()) return;
    const wait = AGAIN_MS * 2 ** Math.min(MOST_DOUBLED, this.#failures);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#failures++;
      if (this.#stands()) this.#tell();
    }, wait);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
