import type { Theme } from "../live/palette";

const STORED = "livefeed.theme";
const NIGHT = "(prefers-color-scheme: dark)";

/** Night or day: the system's, until somebody chooses. */
export class Shade {
  readonly #system = matchMedia(NIGHT);
  readonly #listeners = new Set<() => void>();
  #chosen: Theme | null = stored();

  constructor() {
    this.#system.addEventListener("change", () => this.#apply());
    this.#apply();
  }

  get theme(): Theme {
    return this.#chosen ?? (this.#system.matches ? "night" : "day");
  }

  /** The other one. Choosing what the system has means following it again. */
  toggle(): void {
    const other = this.theme === "night" ? "day" : "night";
    this.#chosen = (other === "night") === this.#system.matches ? null : other;
    try {
      if (this.#chosen) localStorage.setItem(STORED, this.#chosen);
      else localStorage.removeItem(STORED);
    } catch {
      // Storage may be forbidden: then the choice lasts until the page is closed.
    }
    this.#apply();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #apply(): void {
    const root = document.documentElement;
    root.dataset["shade"] = this.theme;
    if (this.#chosen) root.dataset["theme"] = this.#chosen;
    else delete root.dataset["theme"];
    for (const listener of this.#listeners) listener();
  }
}

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(STORED);
    return value === "night" || value === "day" ? value : null;
  } catch {
    return null;
  }
}
