/** Whether an eraser meets anything: over nothing it makes no stroke. */

import { FULL, isOfMask, takesAway, widthAt, type Stroke } from "./strokes";
import type { Size } from "./view";

/** Pairs of lines that are compared at most; beyond, it is taken to have met something. */
const MOST_PAIRS = 300_000;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A stroke in parts of the picture's longer side: x, y and half the width, and so on. */
interface Traced {
  readonly points: Float64Array;
  readonly box: Box;
}

/**
 * Return whether an eraser's stroke, from its point `from` on, comes over a finished stroke of what it takes away.
 *
 * What an earlier eraser has taken away already counts as painted: only what all of it lies beside is nothing.
 */
export function meets(eraser: Stroke, finished: readonly Stroke[], picture: Size, from = 0): boolean {
  const begin = Math.max(0, from - 1);
  const mine = traced({ ...eraser, points: eraser.points.slice(3 * begin) }, picture);
  let pairs = 0;
  for (const stroke of finished) {
    if (takesAway(stroke) || isOfMask(stroke) !== isOfMask(eraser)) continue;
    const other = known(stroke, picture);
    if (!overlap(mine.box, other.box)) continue;
    pairs += (mine.points.length / 3) * (other.points.length / 3);
    if (pairs > MOST_PAIRS || touch(mine.points, other.points)) return true;
  }
  return false;
}

/** Traced once for each stroke and shape of the picture. */
const seen = new WeakMap<Stroke, { readonly shape: number; readonly trace: Traced }>();

function known(stroke: Stroke, picture: Size): Traced {
  const shape = picture.width / picture.height;
  const before = seen.get(stroke);
  if (before?.shape === shape) return before.trace;
  const trace = traced(stroke, picture);
  seen.set(stroke, { shape, trace });
  return trace;
}

function traced({ points, diameter }: Pick<Stroke, "points" | "diameter">, picture: Size): Traced {
  const longer = Math.max(picture.width, picture.height);
  const [scaleX, scaleY] = [picture.width / longer / FULL, picture.height / longer / FULL];
  const found = new Float64Array(points.length);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = [points[at]! * scaleX, points[at + 1]! * scaleY];
    const half = widthAt(diameter, points[at + 2]!, 1) / 2;
    found.set([x, y, half], at);
    left = Math.min(left, x - half);
    right = Math.max(right, x + half);
    top = Math.min(top, y - half);
    bottom = Math.max(bottom, y + half);
  }
  return { points: found, box: { left, top, right, bottom } };
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.left <= other.right && other.left <= one.right && one.top <= other.bottom && other.top <= one.bottom
  );
}

/** Whether any line of one comes so near to one of the other that their widths overlap. A point is a short line. */
function touch(one: Float64Array, other: Float64Array): boolean {
  const last = (points: Float64Array): number => Math.max(1, points.length / 3 - 1);
  for (let mine = 0; mine < last(one); mine++)
    for (let its = 0; its < last(other); its++) if (near(line(one, mine), line(other, its))) return true;
  return false;
}

type Line = readonly [x: number, y: number, toX: number, toY: number, half: number];

function line(points: Float64Array, index: number): Line {
  const at = 3 * index;
  const to = at + 3 < points.length ? at + 3 : at;
  const half = (points[at + 2]! + points[to + 2]!) / 2;
  return [points[at]!, points[at + 1]!, points[to]!, points[to + 1]!, half];
}

function near(one: Line, other: Line): boolean {
  if (cross(one, other)) return true;
  const apart = Math.min(
    distance(one[0], one[1], other),
    distance(one[2], one[3], other),
    distance(other[0], other[1], one),
    distance(other[2], other[3], one),
  );
  return apart <= one[4] + other[4];
}

/** How far a point is from a line that ends on both sides. */
function distance(x: number, y: number, [fromX, fromY, toX, toY]: Line): number {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const length = dx * dx + dy * dy;
  const part = length ? Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / length)) : 0;
  return Math.hypot(x - fromX - part * dx, y - fromY - part * dy);
}

function cross(one: Line, other: Line): boolean {
  const side = ([x, y, toX, toY]: Line, atX: number, atY: number): number =>
    (toX - x) * (atY - y) - (toY - y) * (atX - x);
  const apart = (line: Line, [x, y, toX, toY]: Line): boolean => side(line, x, y) * side(line, toX, toY) < 0;
  return apart(one, other) && apart(other, one);
}
