import type { StrokeSignal } from "./room-protocol";
import { BRUSH, FULL, FULL_PRESSURE, MOST_POINTS, type Stroke, type StrokeKind } from "./strokes";

/** Points in one signal: it has room for about 4 KB. */
const MOST_TOLD = 200;

/** A stroke of mine that is being drawn, and how much of it the others have been told. */
export class Drawing implements Stroke {
  readonly id: string;
  readonly kind: StrokeKind;
  readonly colour: string;
  readonly diameter: number;
  readonly points: number[] = [];
  #told = 0;

  constructor(id: string, kind: StrokeKind, colour: string, diameter: number) {
    this.id = id;
    this.kind = kind;
    this.colour = colour;
    this.diameter = diameter;
  }

  /** Whether it takes no more points: the next ones belong to another stroke. */
  get full(): boolean {
    return this.points.length >= 3 * MOST_POINTS;
  }

  /**
   * Go on to a point; one that is no further than `least` from the last (in parts of the picture) says nothing new.
   *
   * x, y, pressure: 0 to 1. Return whether it was taken.
   */
  add(x: number, y: number, pressure: number, least: number): boolean {
    const point = [whole(x, FULL), whole(y, FULL), whole(pressure, FULL_PRESSURE)] as const;
    const { points } = this;
    if (points.length) {
      const [lastX, lastY] = [points.at(-3)! / FULL, points.at(-2)! / FULL];
      if (Math.hypot(x - lastX, y - lastY) < least || this.full) return false;
    }
    points.push(...point);
    return true;
  }

  /** How many of its points the others have been told. */
  get told(): number {
    return this.#told;
  }

  /** Return what the others have not been told, null when there is nothing (and it is not done). */
  piece(done: boolean): StrokeSignal | null {
    const many = this.points.length / 3;
    if (this.#told === many && !done) return null;
    // The last point again: a signal that says only "done" needs one.
    const from = this.#told === many ? many - 1 : this.#told;
    const until = Math.min(many, from + MOST_TOLD);
    this.#told = until;
    return {
      id: this.id,
      kind: this.kind,
      ...(this.kind === BRUSH ? { color: this.colour } : {}),
      size: this.diameter,
      from,
      points: this.points.slice(3 * from, 3 * until),
      ...(done && until === many ? { done: true } : {}),
    };
  }

  /** A copy that changes no more. */
  finished(): Stroke {
    return { kind: this.kind, colour: this.colour, diameter: this.diameter, points: [...this.points] };
  }
}

/** Where a line leaves the picture, from a point inside to one outside; both in parts of the picture. */
export function edgeBetween(
  inside: readonly [number, number],
  outside: readonly [number, number],
): readonly [number, number] {
  const reach = (from: number, to: number): number =>
    to < 0 ? from / (from - to) : to > 1 ? (1 - from) / (to - from) : 1;
  const part = Math.min(reach(inside[0], outside[0]), reach(inside[1], outside[1]));
  const at = (from: number, to: number): number => Math.min(1, Math.max(0, from + (to - from) * part));
  return [at(inside[0], outside[0]), at(inside[1], outside[1])];
}

function whole(value: number, most: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * most);
}
