/** What of the browser's storage is needed. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** At most so many things are kept, and so many characters of all of them; the newest stay. */
export interface Most {
  readonly count: number;
  readonly characters: number;
}

/** One of the browser's own shelves, or one that keeps nothing where it keeps nothing for us. */
export function shelf(name: "localStorage" | "sessionStorage"): Shelf {
  try {
    return globalThis[name];
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}

/** A short list that the browser keeps, the newest last. */
export class KeptList<T> {
  readonly #shelf: Shelf;
  readonly #key: string;
  readonly #isOne: (value: unknown) => value is T;
  readonly #most: Most;

  /** isOne: whether something is of the list, since whoever else writes there may have written anything. */
  constructor(shelf: Shelf, key: string, isOne: (value: unknown) => value is T, most: Most) {
    this.#shelf = shelf;
    this.#key = key;
    this.#isOne = isOne;
    this.#most = most;
  }

  read(): readonly T[] {
    try {
      const kept: unknown = JSON.parse(this.#shelf.getItem(this.#key) ?? "[]");
      return Array.isArray(kept) ? kept.filter(this.#isOne) : [];
    } catch {
      return [];
    }
  }

  write(list: readonly T[]): void {
    const texts: string[] = [];
    let characters = 0;
    for (const one of list.slice(-this.#most.count).toReversed()) {
      const text = JSON.stringify(one);
      characters += text.length;
      if (characters > this.#most.characters) break;
      texts.unshift(text);
    }
    try {
      this.#shelf.setItem(this.#key, `[${texts.join()}]`);
    } catch {
      // Storage is forbidden or full: what is written lasts until the page is left.
    }
  }
}
