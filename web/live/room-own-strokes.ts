/**
 * Which strokes of a room are mine, beyond the life of this page: so that they can be taken back after a reload.
 *
 * Kept in this browser and not in the document, which says nothing about who drew what: a mark there would be a claim
 * that anybody may write, and would stay when its stroke is long gone. A stroke is known again by a digest of its
 * bytes, which stays the same when it is taken back and drawn again.
 */

import type { Shelf } from "./kept-list";

interface Shelved {
  readonly room: string;
  readonly user: string;
  readonly strokes: readonly string[];
}

const KEY = "livefeed.own-strokes";
const MOST_ROOMS = 20;
/** As many strokes as anybody takes back one by one. */
export const MOST_STROKES = 200;

export class OwnStrokes {
  readonly #shelf: Shelf;
  readonly #room: string;
  readonly #user: string;

  constructor(shelf: Shelf, room: string, user: string) {
    this.#shelf = shelf;
    this.#room = room;
    this.#user = user;
  }

  /** The digests of what I have drawn here, the newest last. */
  get digests(): readonly string[] {
    return this.#read().find((one) => this.#isMine(one))?.strokes ?? [];
  }

  remember(stroke: Uint8Array): void {
    const all = this.#read();
    const mine = all.find((one) => this.#isMine(one))?.strokes ?? [];
    const strokes = [...mine, digestOf(stroke)].slice(-MOST_STROKES);
    const others = all.filter((one) => !this.#isMine(one)).slice(0, MOST_ROOMS - 1);
    const room: Shelved = { room: this.#room, user: this.#user, strokes };
    try {
      this.#shelf.setItem(KEY, JSON.stringify([room, ...others]));
    } catch {
      // The browser keeps nothing for us: what is drawn can be taken back until the page is left.
    }
  }

  #isMine({ room, user }: Shelved): boolean {
    return room === this.#room && user === this.#user;
  }

  /** Who else writes there may have written anything: what makes no sense is left out. */
  #read(): readonly Shelved[] {
    try {
      const kept: unknown = JSON.parse(this.#shelf.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isShelved) : [];
    } catch {
      return [];
    }
  }
}

function isShelved(value: unknown): value is Shelved {
  const { room, user, strokes } = (value ?? {}) as Partial<Record<keyof Shelved, unknown>>;
  const texts = Array.isArray(strokes) && strokes.every((one) => typeof one === "string");
  return typeof room === "string" && typeof user === "string" && texts;
}

/** Return a short name for these bytes: two sums of 32 bits, as FNV-1a adds them up, each stirred at the end. */
export function digestOf(bytes: Uint8Array): string {
  let [one, other] = [0x811c9dc5, 0x2f6e2b1d];
  for (const byte of bytes) {
    one = Math.imul(one ^ byte, 0x01000193);
    other = Math.imul(other ^ byte, 0x5bd1e995);
  }
  return `${stirred(one).toString(36)}.${stirred(other).toString(36)}`;
}

/** Let every bit of a sum bear on every other. */
function stirred(sum: number): number {
  const half = Math.imul(sum ^ (sum >>> 16), 0x7feb352d);
  const most = Math.imul(half ^ (half >>> 15), 0x846ca68b);
  return (most ^ (most >>> 16)) >>> 0;
}
