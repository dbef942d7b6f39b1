/** Strokes that others are drawing just now: told in pieces, some of which may be lost. */

import type { StrokeSignal } from "./room-protocol";
import {
  BRUSH,
  FULL,
  FULL_PRESSURE,
  isKind,
  MOST_POINTS,
  NO_COLOUR,
  sameBeginning,
  type Stroke,
} from "./strokes";

/** Strokes of which nothing is heard for so long were given up. */
const SILENT_MS = 4_000;
/** The finished one is in the document by then. */
const DONE_MS = 2_500;
const MOST_STROKES = 64;
const DIAMETER = 10_000;

/** A stroke of somebody else, as far as it was told. */
export interface LiveStroke {
  readonly user: string;
  readonly stroke: Stroke;
  /** Rises when something before its end is told anew: what was drawn of it does not hold any more. */
  readonly revision: number;
}

interface Growing extends LiveStroke {
  readonly stroke: Stroke & { readonly points: number[] };
  revision: number;
  heardAt: number;
  done: boolean;
}

export class LiveStrokes {
  readonly #strokes = new Map<string, Growing>();
  /** Rises with every change. */
  version = 0;

  get all(): Iterable<LiveStroke> {
    return this.#strokes.values();
  }

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
    const done = signal.done === true;
    if (!known) {
      if (this.#strokes.size >= MOST_STROKES) return;
      // If its beginning was lost, what comes can be drawn all the same.
      const stroke = { ...piece, points: [...piece.points] };
      this.#strokes.set(id, { user, stroke, revision: 0, heardAt: now, done });
    } else {
      if (!joined(known.stroke.points, signal.from, piece.points)) known.revision++;
      known.heardAt = now;
      known.done ||= done;
    }
    this.version++;
  }

  /** Strokes that are in the document now are no longer in progress. */
  finished(strokes: readonly Stroke[]): void {
    for (const [id, { stroke }] of this.#strokes) {
      if (strokes.some((one) => sameBeginning(one, stroke)) && this.#strokes.delete(id)) this.version++;
    }
  }

  /** Forget what somebody was drawing: they must not any more. */
  endOf(painter: string): void {
    for (const [id, { user }] of this.#strokes)
      if (user === painter && this.#strokes.delete(id)) this.version++;
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

/** Put a piece where it belongs; a hole before it is closed by a straight line. Return whether only the end has grown. */
function joined(known: number[], from: number, piece: readonly number[]): boolean {
  const at = Math.min(from * 3, known.length);
  const overlap = Math.min(piece.length, known.length - at);
  let same = true;
  for (let index = 0; index < overlap; index++) {
    if (known[at + index] === piece[index]) continue;
    known[at + index] = piece[index]!;
    same = false;
  }
  for (let index = overlap; index < piece.length && known.length < 3 * MOST_POINTS; index++)
    known.push(piece[index]!);
  return same;
}

/** What others send is checked before it is drawn. */
function clean({ kind, color, size, from, points }: StrokeSignal): Stroke | null {
  const whole = Array.isArray(points) && points.length % 3 === 0 && points.length > 0;
  if (!whole || !isKind(kind) || !(size > 0 && size <= DIAMETER)) return null;
  // Only a brush has a colour, and must have one.
  const colour = kind === BRUSH ? color?.toLowerCase() : NO_COLOUR;
  if (colour === undefined || !/^#[0-9a-f]{6}$/.test(colour)) return null;
  if (!Number.isInteger(from) || from < 0 || from > MOST_POINTS) return null;
  const most = [FULL, FULL, FULL_PRESSURE];
  const inside = points.every(
    (value, index) => Number.isInteger(value) && value >= 0 && value <= most[index % 3]!,
  );
  return inside ? { kind, colour, diameter: size, points } : null;
}
