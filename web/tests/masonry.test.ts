import { describe, expect, test } from "vitest";
import {
  hangInRow,
  rowOf,
  COLUMN_GAP,
  type Grid,
  gridFor,
  layOut,
  ROW_GAP,
  type Item,
  within,
} from "../live/masonry";

function items(...ratios: number[]): Item[] {
  return ratios.map((ratio, index) => ({ id: `i${index}`, ratio, label: 50 }));
}

test.each([
  [320, 1],
  [559, 1],
  [560, 2],
  [820, 3],
  [1080, 4],
  [1360, 5],
  [1760, 6],
  [2400, 6],
])("a wall %i px wide has %i columns", (width, columns) => {
  expect(gridFor(width).columns).toBe(columns);
});

test("columns and gaps fill the width", () => {
  const { columns, columnWidth } = gridFor(1384);
  expect(columns * columnWidth + (columns - 1) * COLUMN_GAP).toBeCloseTo(1384, 0);
});

describe("a block", () => {
  const grid = { columns: 3, columnWidth: 300 };

  test("hangs the first pictures in a row", () => {
    const { places } = layOut(items(1, 1, 1), grid);
    expect(places.map((place) => place.x)).toEqual([0, 322, 644]);
    expect(places.every((place) => place.y === 0)).toBe(true);
  });

  test("hangs the next picture where the wall is lowest", () => {
    const { places } = layOut(items(0.8, 2, 1, 1), grid);
    expect(places[3]).toMatchObject({ x: 322, y: 150 + 50 + ROW_GAP });
  });

  test("keeps the true proportions, except at the end of a column", () => {
    const { places } = layOut(items(1.5, 0.75, 1, 1, 1, 1, 1, 1), grid);
    for (const place of places) {
      const last = places.filter((other) => other.x === place.x).at(-1) === place;
      const natural = 300 / [1.5, 0.75, 1, 1, 1, 1, 1, 1][Number(place.id.slice(1))]!;
      if (!last) expect(place.height).toBe(Math.round(natural));
      expect(place.height).toBeGreaterThanOrEqual(natural * 0.92 - 1);
      expect(place.height).toBeLessThanOrEqual(natural + 1);
    }
  });

  test("closes flush when cropping by 8 % allows it", () => {
    const { places } = layOut(items(1, 1.05, 1.08), grid);
    const ends = places.map((place) => place.y + place.height);
    expect(new Set(ends).size).toBe(1);
  });

  test("keeps the order of the feed, for the keyboard", () => {
    const { places } = layOut(items(0.5, 2, 2, 1, 1, 1), grid);
    expect(places.map((place) => place.id)).toEqual(["i0", "i1", "i2", "i3", "i4", "i5"]);
  });

  test("lets nothing overlap and knows its height", () => {
    const { places, height } = layOut(items(1, 0.7, 1.4, 1, 0.9, 2, 0.66, 1.2, 1), grid);
    for (const one of places) {
      for (const other of places) {
        if (one === other || one.x !== other.x || one.y > other.y) continue;
        expect(other.y).toBeGreaterThanOrEqual(one.y + one.height + 50);
      }
    }
    expect(height).toBe(Math.max(...places.map((place) => place.y + place.height + 50)));
  });

  test("of fewer pictures than columns is not cropped", () => {
    expect(layOut(items(1, 0.95), grid).places.map((place) => place.height)).toEqual([300, 316]);
  });

  test("of nothing has no height", () => {
    expect(layOut([], grid)).toEqual({ places: [], height: 0 });
  });
});

test("near the window is what reaches into it with its picture or its label", () => {
  const grid = { columns: 1, columnWidth: 100 };
  const items = ["a", "b", "c"].map((id) => ({ id, ratio: 1, label: 40 }));
  const labels = new Map(items.map(({ id, label }) => [id, label]));
  const layout = layOut(items, grid);
  const near = (from: number, to: number): string[] =>
    within({ ...layout, labels }, from, to).map(({ id }) => id);
  expect(layout.places.map(({ y }) => y)).toEqual([0, 166, 332]);
  expect(near(0, 500)).toEqual(["a", "b", "c"]);
  expect(near(139, 166)).toEqual(["a"]);
  expect(near(140, 166)).toEqual([]);
  expect(near(140, 167)).toEqual(["b"]);
  expect(near(-500, 0)).toEqual([]);
});

const FIVE: Grid = { columns: 5, columnWidth: 250 };
const ROOM = 5 * 250 + 4 * COLUMN_GAP;

test.each([[[1]], [[0.66, 1.5]], [[1, 1, 1]], [[0.5, 0.5, 0.5, 0.5]], [[2, 2, 2, 2]], [[3]], [[0.2]]])(
  "fewer pictures than columns fill their row, at one height: %j",
  (ratios) => {
    const row = rowOf(ratios, FIVE)!;
    const widths = row.widths.reduce((sum, width) => sum + width + row.beside, 0);
    const whole = widths + COLUMN_GAP * (ratios.length - 1);
    expect(whole).toBeLessThanOrEqual(ROOM);
    expect(whole).toBeGreaterThan(0.85 * ROOM);
    expect(row.height).toBeLessThanOrEqual(1.8 * 250);
    const items = ratios.map((ratio, index) => ({ id: `${index}`, ratio, label: row.beside ? 0 : 60 }));
    const { places, height } = hangInRow(items, row);
    expect(height).toBe(row.height + (row.beside ? 0 : 60));
    places.forEach((place, index) => {
      const before = places[index - 1];
      expect([place.y, place.height]).toEqual([0, row.height]);
      if (before)
        expect(place.x).toBeGreaterThanOrEqual(before.x + before.width + row.beside + COLUMN_GAP - 0.1);
    });
  },
);

test("as many pictures as columns, or more, hang in columns", () => {
  expect(rowOf([1, 1, 1, 1, 1], FIVE)).toBeNull();
  expect(rowOf([1], { columns: 1, columnWidth: 390 })).toBeNull();
  expect(rowOf([], FIVE)).toBeNull();
});
