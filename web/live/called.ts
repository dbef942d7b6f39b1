/** People whom the server knows by the beginning of their names, asked for as somebody types. */

import type { User } from "./protocol";

const DEBOUNCE_MS = 150;
/** The server looks for no beginning that is shorter. */
const SHORTEST = 2;

export class Called {
  readonly #ask: (begun: string) => Promise<readonly User[]>;
  /** Called when more people are known. */
  readonly #came: () => void;
  #people: readonly User[] = [];
  #asked = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (begun: string) => Promise<readonly User[]>, came: () => void) {
    this.#ask = ask;
    this.#came = came;
  }

  /** Return whom the server has named so far whose name, or a word of it, begins so; ask for the others. */
  by(begun: string): readonly User[] {
    if (begun.length < SHORTEST) {
      this.stop();
      return [];
    }
    if (begun !== this.#asked) {
      this.stop();
      this.#asked = begun;
      this.#timer = setTimeout(() => void this.#go(begun), DEBOUNCE_MS);
    }
    return this.#people.filter(({ handle }) => `-${handle}`.includes(`-${begun}`));
  }

  /** Nobody is being named any more: what is still answered comes too late. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asked = "";
  }

  async #go(begun: string): Promise<void> {
    // Without an answer there are those whom the page knows; the next letter asks again.
    const people = await this.#ask(begun).catch(() => null);
    if (this.#asked !== begun || !people) return;
    this.#people = people;
    this.#came();
  }
}
