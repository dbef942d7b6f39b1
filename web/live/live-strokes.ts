/** Strokes that others are drawing just now: told in pieces, some of which may be lost. */

import type { StrokeSignal } from "./room-protocol";
import { FULL, FULL_PRESSURE, isKind, MOST_POINTS, sameBeginning, type Stroke } from "./strokes";

/** Strokes of which nothing is heard for so long were given up. */
const SILENT_MS = 4_000;
/** The finished one is in the document by then. */
const DONE_MS = 2_500;
const MOST_STROKES = 64;
const DIAMETER = 10_000;

interface Live {
  readonly user: string;
  stroke: Stroke;
  heardAt: number;
  done: boolean;
}

export class LiveStrokes {
  readonly #strokes = new Map<string, Live>();
  /** Rises with every change. */
  version = 0;

  get strokes(): readonly Stroke[] {
    return [...this.#strokes.values()].map(({ stroke }) => stroke);
  }

  get size(): number {
    return this.#strokes.size;
  }

  hear(user: string, signal: StrokeSignal, now: number): void {
    const piece = clean(signal);
    if (!piece) return;
    const id = `${user} ${signal.id}`;
    const known = this.#strokes.get(id);
    const points = known ? joined(known.stroke.points, signal.from, piece.points) : piece.points;
    if (!known) {
      if (this.#strokes.size >= MOST_STROKES) return;
      // Its beginning was lost: what comes can be drawn all the same.
      this.#strokes.set(id, {
        user,
        stroke: { ...piece, points },
        heardAt: now,
        done: signal.done === true,
      });
    } else {
      known.stroke = { ...known.stroke, points };
      known.heardAt = now;
      known.done ||= signal.done === true;
    }
    this.version++;
  }

  /** Strokes that are in the document now are no longer in progress. */
  finished(strokes: readonly Stroke[]): void {
    for (const [id, { stroke }] of this.#strokes) {
      if (strokes.some((one) => sameBeginning(one, stroke)) && this.#strokes.delete(id)) this.version++;
    }
  }

  /** Forget what was given up, and whose painter has left. */
  expire(now: number, here: (user: string) => boolean): void {
    for (const [id, { user, heardAt, done }] of this.#strokes) {
      if (now - heardAt <= (done ? DONE_MS : SILENT_MS) && here(user)) continue;
      this.#strokes.delete(id);
      this.version++;
    }
  }
}

/** Put a piece where it belongs; a hole before it is closed by a straight line. */
function joined(known: readonly number[], from: number, piece: readonly number[]): readonly number[] {
  const at = Math.min(from * 3, known.length);
  return known
    .slice(0, at)
    .concat(piece, known.slice(at + piece.length))
    .slice(0, 3 * MOST_POINTS);
}

/** What others send is checked before it is drawn. */
function clean({ kind, color, size, from, points }: StrokeSignal): Stroke | null {
  const whole = Array.isArray(points) && points.length % 3 === 0 && points.length > 0;
  if (!whole || !isKind(kind) || !/^#[0-9a-f]{6}$/i.test(color) || !(size > 0 && size <= DIAMETER))
    return null;
  if (!Number.isInteger(from) || from < 0 || from > MOST_POINTS) return null;
  const most = [FULL, FULL, FULL_PRESSURE];
  const inside = points.every(
    (value, index) => Number.isInteger(value) && value >= 0 && value <= most[index % 3]!,
  );
  return inside ? { kind, colour: color.toLowerCase(), diameter: size, points } : null;
}
