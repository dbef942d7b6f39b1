import { expect, test } from "vitest";
import { meets } from "../live/erasing";
import {
  BRUSH,
  ERASER,
  FULL,
  MASK,
  MASK_ERASER,
  MOST_POINTS,
  type Stroke,
  type StrokeKind,
} from "../live/strokes";

const WIDE = { width: 1000, height: 500 };

/** A stroke through places (0 to 1 of the picture), 200 of 10,000 wide: 0.02 of the longer side. */
function stroke(kind: StrokeKind, ...places: (readonly [number, number])[]): Stroke {
  const points = places.flatMap(([x, y]) => [Math.round(x * FULL), Math.round(y * FULL), 255]);
  return { kind, colour: "#f2b705", diameter: 200, points };
}

test("an eraser meets what it comes over, and over nothing it meets nothing", () => {
  const painted = [stroke(BRUSH, [0.2, 0.5], [0.8, 0.5])];
  expect(meets(stroke(ERASER, [0.5, 0.1], [0.5, 0.9]), [], WIDE)).toBe(false);
  expect(meets(stroke(ERASER, [0.5, 0.1], [0.5, 0.9]), painted, WIDE)).toBe(true);
  expect(meets(stroke(ERASER, [0.1, 0.1], [0.9, 0.1]), painted, WIDE)).toBe(false);
  expect(meets(stroke(ERASER, [0.5, 0.5]), painted, WIDE)).toBe(true);
});

test("widths count, in parts of the longer side, whatever the picture's shape", () => {
  const painted = [stroke(BRUSH, [0.2, 0.5], [0.8, 0.5])];
  // 0.03 of the height are 0.015 of the width; half of both diameters are 0.02.
  expect(meets(stroke(ERASER, [0.5, 0.53]), painted, WIDE)).toBe(true);
  expect(meets(stroke(ERASER, [0.5, 0.53]), painted, { width: 500, height: 1000 })).toBe(false);
  expect(meets(stroke(ERASER, [0.8, 0.5], [0.99, 0.5]), [stroke(BRUSH, [0.785, 0.5])], WIDE)).toBe(true);
});

test("paint and mask are taken away each by its own eraser, and what takes away is nothing to erase", () => {
  const [paint, mask] = [stroke(BRUSH, [0.5, 0.5]), stroke(MASK, [0.5, 0.5])];
  expect(meets(stroke(ERASER, [0.5, 0.5]), [mask], WIDE)).toBe(false);
  expect(meets(stroke(MASK_ERASER, [0.5, 0.5]), [paint], WIDE)).toBe(false);
  expect(meets(stroke(MASK_ERASER, [0.5, 0.5]), [mask], WIDE)).toBe(true);
  expect(meets(stroke(ERASER, [0.5, 0.5]), [stroke(ERASER, [0.5, 0.5])], WIDE)).toBe(false);
});

test("it is asked piece by piece, and the line to a new point belongs to the piece", () => {
  const painted = [stroke(BRUSH, [0.5, 0.5])];
  const eraser = stroke(ERASER, [0.1, 0.1], [0.1, 0.5], [0.9, 0.5]);
  expect(meets({ ...eraser, points: eraser.points.slice(0, 6) }, painted, WIDE, 0)).toBe(false);
  expect(meets(eraser, painted, WIDE, 2)).toBe(true);
});

test("the longest strokes side by side are not compared for ever", () => {
  const zigzag = (kind: StrokeKind, top: number): Stroke =>
    stroke(
      kind,
      ...Array.from(
        { length: MOST_POINTS },
        (_, at) => [at / MOST_POINTS, at % 2 ? top : top + 0.4] as const,
      ),
    );
  const painted = Array.from({ length: 200 }, () => zigzag(BRUSH, 0.1));
  expect(meets(zigzag(ERASER, 0.3), painted, WIDE)).toBe(true);
  expect(meets(zigzag(ERASER, 0.55), painted, WIDE)).toBe(false);
});
