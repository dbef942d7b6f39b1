import type { Theme } from "../live/palette";
import type { Choices } from "./choices";
import { Media } from "./media";

/** Night or day, and how much moves: the system's, until somebody chooses. */
export class Shade {
  readonly #night = new Media("(prefers-color-scheme: dark)");
  readonly #still = new Media("(prefers-reduced-motion: reduce)");
  readonly #choices: Choices;
  readonly #listeners = new Set<() => void>();

  constructor(choices: Choices) {
    this.#choices = choices;
    for (const media of [this.#night, this.#still]) media.listen(() => this.#apply());
    choices.listen(() => this.#apply());
    this.#apply();
  }

  get theme(): Theme {
    return this.chosen ?? (this.#night.matches ? "night" : "day");
  }

  /** Null: as the system has it. */
  get chosen(): Theme | null {
    const chosen = this.#choices.get("theme");
    return chosen === "night" || chosen === "day" ? chosen : null;
  }

  get motion(): "reduced" | "full" | null {
    const chosen = this.#choices.get("motion");
    return chosen === "reduced" || chosen === "full" ? chosen : null;
  }

  /** Whether what only says "this just happened" stays still. */
  get calm(): boolean {
    return this.motion === "reduced" || (this.motion === null && this.#still.matches);
  }

  /** The other one. Choosing what the system has means following it again. */
  toggle(): void {
    const other = this.theme === "night" ? "day" : "night";
    this.#choices.set("theme", (other === "night") === this.#night.matches ? null : other);
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #apply(): void {
    const { dataset } = document.documentElement;
    dataset["shade"] = this.theme;
    if (this.chosen) dataset["theme"] = this.chosen;
    else delete dataset["theme"];
    dataset["motion"] = this.calm ? "reduced" : "full";
    for (const listener of this.#listeners) listener();
  }
}
