import type { Shelf } from "../live/kept-list";

/** A browser's storage that a test looks into. */
export class Drawer implements Shelf {
  readonly items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

/** Storage that is forbidden, or full. */
export const LOCKED: Shelf = {
  getItem: () => {
    throw new DOMException("forbidden", "SecurityError");
  },
  setItem: () => {
    throw new DOMException("full", "QuotaExceededError");
  },
};
