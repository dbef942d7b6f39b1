const PREFIX = "livefeed.";

/** What is chosen in this browser: kept in its storage, the same in all its tabs at once. */
export class Choices {
  /** Where storage is forbidden a choice lasts until the page is closed. */
  readonly #unstored = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  constructor() {
    // Told to every other tab, not to the one that chose.
    addEventListener("storage", (event) => {
      if (event.key === null || event.key.startsWith(PREFIX)) this.#changed();
    });
  }

  /** Return what was chosen, null for the usual. */
  get(name: string): string | null {
    try {
      return localStorage.getItem(PREFIX + name);
    } catch {
      return this.#unstored.get(name) ?? null;
    }
  }

  set(name: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(PREFIX + name);
      else localStorage.setItem(PREFIX + name, value);
    } catch {
      if (value === null) this.#unstored.delete(name);
      else this.#unstored.set(name, value);
    }
    this.#changed();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
