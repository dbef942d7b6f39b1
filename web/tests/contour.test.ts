import { expect, test } from "vitest";
import { outlinesOf, shareOf, type Outline } from "../live/contour";

function raster(rows: readonly string[]): { set: number[]; width: number; height: number } {
  const set = rows.flatMap((row) => [...row].map((cell) => (cell === "#" ? 255 : 0)));
  return { set, width: rows[0]!.length, height: rows.length };
}

function outlines(...rows: readonly string[]): readonly Outline[] {
  const { set, width, height } = raster(rows);
  return outlinesOf(set, width, height);
}

/** Twice the area, negative when it turns the other way. */
function area(outline: Outline): number {
  let sum = 0;
  for (let index = 0; index < outline.length; index += 2) {
    const next = (index + 2) % outline.length;
    sum += outline[index]! * outline[next + 1]! - outline[next]! * outline[index + 1]!;
  }
  return sum;
}

test("nothing has no outline", () => {
  expect(outlines("...", "...")).toEqual([]);
});

test("one cell has one, around its middle", () => {
  const [outline, ...rest] = outlines("...", ".#.", "...");
  expect(rest).toEqual([]);
  expect(outline).toHaveLength(8);
  for (let index = 0; index < 8; index += 2)
    expect(Math.hypot(outline![index]! - 1.5, outline![index + 1]! - 1.5)).toBeCloseTo(0.5, 1);
});

test("a hole has its own, which turns the other way", () => {
  const found = outlines("#####", "#...#", "#...#", "#####");
  expect(found).toHaveLength(2);
  expect(Math.sign(area(found[0]!))).toBe(-Math.sign(area(found[1]!)));
});

test("what touches the edge is closed along it", () => {
  const [outline, ...rest] = outlines("###", "###");
  expect(rest).toEqual([]);
  expect(Math.min(...outline!)).toBeCloseTo(0, 1);
  expect(Math.abs(area(outline!)) / 2).toBeGreaterThan(5);
});

test("cells that meet at a corner only are apart", () => {
  expect(outlines("#.", ".#")).toHaveLength(2);
  expect(outlines(".#", "#.")).toHaveLength(2);
});

test("random rasters give closed lines that enclose about what is set", () => {
  let seed = 3;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  for (let round = 0; round < 200; round++) {
    const [width, height] = [2 + Math.floor(random() * 9), 2 + Math.floor(random() * 9)];
    const set = Array.from({ length: width * height }, () => (random() < 0.5 ? 0 : 255));
    const found = outlinesOf(set, width, height);
    for (const outline of found) {
      for (let index = 0; index < outline.length; index += 2) {
        const next = (index + 2) % outline.length;
        const step = Math.hypot(outline[next]! - outline[index]!, outline[next + 1]! - outline[index + 1]!);
        expect(step).toBeLessThan(1.5);
      }
    }
    const enclosed = found.reduce((sum, outline) => sum + area(outline), 0) / 2;
    const cells = set.filter(Boolean).length;
    expect(Math.abs(Math.abs(enclosed) - cells)).toBeLessThanOrEqual(cells * 0.51 + 0.01);
  }
});

test("the share of what is set is read from its own bytes", () => {
  expect(shareOf([0, 255, 255, 0])).toBeCloseTo(0.5);
  expect(shareOf([9, 9, 9, 255, 9, 9, 9, 0], 4, 3)).toBeCloseTo(0.5);
});
