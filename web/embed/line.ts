import type { Told, Wanted } from "./messages";
import { Stream } from "./stream";
import type { Surroundings } from "./surroundings";

/** A widget that nobody has seen for so long lets go of its stream; it goes on from where it stood. */
const REST_MS = 60_000;
/** A page that said it would feed its widgets, and does not answer. */
const PATIENCE_MS = 4_000;

export interface LineEars {
  told(told: Told): void;
  standing(live: boolean): void;
  look(hash: string): void;
}

/** Where a widget's events come from: the stream that the page around shares, or one of its own. */
export class Line {
  readonly #surroundings: Surroundings;
  readonly #ears: LineEars;
  #own: Stream | null;
  #wanted: Wanted = {};
  #seen = false;
  #resting = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(surroundings: Surroundings, ears: LineEars) {
    this.#surroundings = surroundings;
    this.#ears = ears;
    this.#own = surroundings.fed ? null : this.#stream();
    surroundings.hear((message) => {
      switch (message.op) {
        case "told":
          if (!this.#own && !this.#resting) ears.told(message.told);
          return;
        case "standing":
          clearTimeout(this.#patience);
          if (!this.#own) ears.standing(message.live);
          return;
        case "look":
          return ears.look(message.hash);
        case "alone":
          return this.#alone();
      }
    });
  }

  /** Nothing is followed because nobody looks; that is no loss. */
  get resting(): boolean {
    return this.#resting;
  }

  /**
   * Follow these topics from now on. Of those that are followed already, where the stream stands is what counts: what
   * the widget has folded may lag behind it.
   */
  follow(wanted: Wanted): void {
    const same = Object.keys(wanted).join(" ") === Object.keys(this.#wanted).join(" ");
    this.#wanted = wanted;
    if (!same) this.#tell();
  }

  /** It is seen, or not any more; out of sight it rests after a while. */
  seen(seen: boolean): void {
    if (seen === this.#seen) return;
    this.#seen = seen;
    clearTimeout(this.#timer);
    if (!seen) {
      this.#timer = setTimeout(() => {
        this.#resting = true;
        this.#tell();
      }, REST_MS);
      return;
    }
    if (!this.#resting) return;
    this.#resting = false;
    if (this.#surroundings.fed && !this.#own) {
      this.#patience = setTimeout(() => this.#alone(), PATIENCE_MS);
    }
    this.#tell();
  }

  #tell(): void {
    const topics = this.#resting ? {} : this.#wanted;
    if (this.#own) this.#own.follow(topics);
    else this.#surroundings.say({ op: "follow", topics });
  }

  #alone(): void {
    if (this.#own) return;
    this.#surroundings.say({ op: "follow", topics: {} });
    this.#own = this.#stream();
    this.#tell();
  }

  #stream(): Stream {
    return new Stream("", {
      told: (told) => this.#ears.told(told),
      standing: (live) => this.#ears.standing(live),
    });
  }
}
