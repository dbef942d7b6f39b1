import type { ReactiveController, ReactiveControllerHost } from "lit";
import { studio } from "./studio";

/** Has the page's one polite region say its host's words whenever they are other ones. Empty: there is nothing to say. */
export class Aloud implements ReactiveController {
  readonly #words: () => string;
  #last: string | null;

  /** standing: how it stands at first is no news. */
  constructor(host: ReactiveControllerHost, words: () => string, { standing = false } = {}) {
    this.#words = words;
    this.#last = standing ? null : "";
    host.addController(this);
  }

  hostUpdated(): void {
    const words = this.#words();
    if (words && words !== this.#last && this.#last !== null) studio.aloud.say(words);
    this.#last = words;
  }
}
