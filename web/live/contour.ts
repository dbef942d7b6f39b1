/**
 * The outlines of what is set in a raster, by marching squares. The raster is taken to be clear around its edges, so
 * every outline is closed.
 */

/** x, y, x, y, … of a closed line, in cells of the raster (the middle of cell 0 is 0.5). */
export type Outline = readonly number[];

const HALF = 128;
const MOST_OUTLINES = 400;

/**
 * Per case (bits: 1 top left, 2 top right, 4 bottom right, 8 bottom left) the pairs of sides that a line joins: 0 top,
 * 1 right, 2 bottom, 3 left. What is set lies to its right hand.
 */
const JOINS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[0, 3]],
  [[1, 0]],
  [[1, 3]],
  [[2, 1]],
  [
    [0, 3],
    [2, 1],
  ],
  [[2, 0]],
  [[2, 3]],
  [[3, 2]],
  [[0, 2]],
  [
    [1, 0],
    [3, 2],
  ],
  [[1, 2]],
  [[3, 1]],
  [[0, 1]],
  [[3, 0]],
  [],
];

/**
 * Return the outlines of what is at least half set.
 *
 * set: how much each cell is set, 0 to 255, by rows; `stride` apart from `offset` on (an RGBA raster's alpha: 4, 3).
 */
export function outlinesOf(
  set: ArrayLike<number>,
  width: number,
  height: number,
  stride = 1,
  offset = 0,
): readonly Outline[] {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (set[(y * width + x) * stride + offset] ?? 0);
  const across = width + 1;
  // Where the line that enters a square by a side goes on: the sides of all squares, as (y * across + x) * 4 + side.
  const next = new Map<number, number>();
  for (let y = -1; y < height; y++) {
    let [left, below] = [at(-1, y), at(-1, y + 1)];
    for (let x = -1; x < width; x++) {
      const right = at(x + 1, y);
      const beside = at(x + 1, y + 1);
      const kind =
        (left >= HALF ? 1 : 0) | (right >= HALF ? 2 : 0) | (beside >= HALF ? 4 : 0) | (below >= HALF ? 8 : 0);
      const square = ((y + 1) * across + (x + 1)) * 4;
      for (const [from, to] of JOINS[kind]!) next.set(square + from, square + to);
      [left, below] = [right, beside];
    }
  }
  return followed(next, across, at);
}

function followed(
  next: Map<number, number>,
  across: number,
  at: (x: number, y: number) => number,
): readonly Outline[] {
  const outlines: Outline[] = [];
  while (next.size && outlines.length < MOST_OUTLINES) {
    const outline: number[] = [];
    let here: number | undefined = next.keys().next().value;
    while (here !== undefined) {
      const out = next.get(here);
      if (out === undefined) break;
      next.delete(here);
      pushCrossing(outline, out, across, at);
      here = neighbourSide(out, across);
    }
    if (outline.length >= 6) outlines.push(outline);
  }
  return outlines;
}

/** The same side, seen from the square on its other side. */
function neighbourSide(id: number, across: number): number {
  const [square, side] = [id >> 2, id & 3];
  const step = [-across, 1, across, -1][side] ?? 0;
  return ((square + step) << 2) | (side ^ 2);
}

/** Where on the side of a square the value passes the half. */
function pushCrossing(
  outline: number[],
  id: number,
  across: number,
  at: (x: number, y: number) => number,
): void {
  const [square, side] = [id >> 2, id & 3];
  const x = (square % across) - 1;
  const y = Math.floor(square / across) - 1;
  const upright = side === 1 || side === 3;
  const [fromX, fromY] = [side === 1 ? x + 1 : x, side === 2 ? y + 1 : y];
  const [one, other] = [at(fromX, fromY), upright ? at(fromX, fromY + 1) : at(fromX + 1, fromY)];
  const part = one === other ? 0.5 : (HALF - one) / (other - one);
  outline.push(fromX + 0.5 + (upright ? 0 : part), fromY + 0.5 + (upright ? part : 0));
}

/** Return how much of a raster is set, 0 to 1. */
export function shareOf(set: ArrayLike<number>, stride = 1, offset = 0): number {
  let sum = 0;
  for (let index = offset; index < set.length; index += stride) sum += set[index] ?? 0;
  return set.length ? sum / 255 / (set.length / stride) : 0;
}
