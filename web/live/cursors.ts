/** Where the others' pointers are: told twenty times a second at most, drawn sixty times. No clock and no page in here. */

import type { User } from "./protocol";
import type { CursorSignal, ToolName } from "./room-protocol";

export interface Cursor {
  readonly user: User;
  /** Where it is drawn, and where it was told to be; 0 to 1 of the picture. */
  x: number;
  y: number;
  toX: number;
  toY: number;
  tool: ToolName | null;
  down: boolean;
  /** When it was last told to be elsewhere, ms. */
  movedAt: number;
  /** When anything was last heard, ms. */
  heardAt: number;
}

/** The drawn place comes nearer to the told one by half in so many ms. */
const HALF_LIFE_MS = 34;
/** Nearer than this, in parts of the picture, it is there. */
const THERE = 0.0002;
/** A flag stands so long over a still pointer. */
export const FLAG_MS = 3_000;
/** A pointer of which nothing is heard for so long is gone; who rests is not heard of either. */
const GONE_MS = 60_000;

export class Cursors {
  readonly #cursors = new Map<string, Cursor>();

  get all(): Iterable<Cursor> {
    return this.#cursors.values();
  }

  get size(): number {
    return this.#cursors.size;
  }

  hear(user: User, signal: CursorSignal | null, now: number): void {
    if (!signal || !Number.isFinite(signal.x) || !Number.isFinite(signal.y)) {
      this.#cursors.delete(user.id);
      return;
    }
    const { x, y, tool = null, down = false } = signal;
    const known = this.#cursors.get(user.id);
    const told = { toX: x, toY: y, tool, down, heardAt: now };
    if (!known) this.#cursors.set(user.id, { user, x, y, movedAt: now, ...told });
    else {
      const movedAt = known.toX !== x || known.toY !== y || known.down !== down ? now : known.movedAt;
      Object.assign(known, told, { movedAt });
    }
  }

  /** Who has left the room has no pointer in it. */
  keep(here: (user: string) => boolean): void {
    for (const id of this.#cursors.keys()) if (!here(id)) this.#cursors.delete(id);
  }

  /** Move all by the time since the last frame. Return whether any has still a way to go. calm: at once. */
  step(elapsedMs: number, now: number, calm: boolean): boolean {
    const part = calm ? 1 : 1 - 0.5 ** (elapsedMs / HALF_LIFE_MS);
    let moving = false;
    for (const [id, cursor] of this.#cursors) {
      if (now - cursor.heardAt > GONE_MS) this.#cursors.delete(id);
      cursor.x += (cursor.toX - cursor.x) * part;
      cursor.y += (cursor.toY - cursor.y) * part;
      if (Math.abs(cursor.toX - cursor.x) + Math.abs(cursor.toY - cursor.y) < THERE) {
        cursor.x = cursor.toX;
        cursor.y = cursor.toY;
      } else moving = true;
    }
    return moving;
  }
}

/** Whether its flag still stands. */
export function isFlagged(cursor: Cursor, now: number): boolean {
  return cursor.down || now - cursor.movedAt < FLAG_MS;
}

/** What somebody is doing, null when nothing: the verb on the flag. */
export function verbOf({
  tool,
  down,
}: Pick<Cursor, "tool" | "down">): "masking" | "erasing" | "painting" | null {
  if (!down) return null;
  return tool === "mask" ? "masking" : tool === "eraser" ? "erasing" : tool === "brush" ? "painting" : null;
}
