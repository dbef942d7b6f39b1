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

/** Return numbers from 0 to 1 that are the same each time. */
function seeded(seed: number): () => number {
  return () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

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
    const { places } = layOut(items(1, 2, 1, 4), grid);
    expect(places[3]).toMatchObject({ x: 322, y: 150 + 50 + ROW_GAP });
  });

  test("keeps the true proportions, except at the end of a column", () => {
    const ratios = [1.5, 0.75, 1, 0.75, 1, 1.45];
    const { places } = layOut(items(...ratios), grid);
    for (const place of places) {
      const last = places.filter((other) => other.x === place.x).at(-1) === place;
      const natural = 300 / ratios[Number(place.id.slice(1))]!;
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

/** By how much the columns of a block end apart, px. */
function holeOf(ratios: readonly number[], grid: Grid): number {
  const { places } = layOut(items(...ratios), grid);
  const ends = new Map<number, number>();
  for (const { x, y, height } of places) ends.set(x, Math.max(ends.get(x) ?? 0, y + height));
  return Math.max(...ends.values()) - Math.min(...ends.values());
}

describe.each([2, 3, 4, 5, 6])("a block of %i columns", (columns) => {
  const grid = { columns, columnWidth: 300 };
  const chance = seeded(columns);
  const ordinary = [1, 1, 0.75, 1.33, 1.5, 0.66];
  const any = (ratios: readonly number[]): number => ratios[Math.floor(chance() * ratios.length)] ?? 1;

  test("has no hole as high as a third of a column is wide, whatever extremes hang in it", () => {
    for (let round = 0; round < 300; round++) {
      const count = 5 * columns + Math.floor(chance() * 20);
      const ratios = Array.from({ length: count }, () => any(ordinary));
      for (let extreme = 0; extreme < 3; extreme++)
        ratios[Math.floor(chance() * count)] = any([10, 5, 3, 0.1, 0.3]);
      expect([holeOf(ratios, grid) < 100, ratios]).toEqual([true, ratios]);
    }
  });

  test("keeps pictures nearly as they are, apart from each other, and knows its height", () => {
    for (let round = 0; round < 100; round++) {
      const ratios = Array.from({ length: columns + Math.floor(chance() * 20) }, () =>
        any([...ordinary, 10, 0.1]),
      );
      const { places, height } = layOut(items(...ratios), grid);
      const natural = (index: number): number => 300 * Math.min(1.6, 1 / ratios[index]!);
      places.forEach((place, index) => {
        expect(Math.abs(place.height - natural(index))).toBeLessThanOrEqual(natural(index) * 0.08 + 1.5);
        const above = places.filter((other) => other.x === place.x && other.y < place.y).at(-1);
        if (above) expect(place.y - above.y - above.height - 50).toBeGreaterThanOrEqual(ROW_GAP);
      });
      expect(height).toBe(Math.max(...places.map((place) => place.y + place.height + 50)));
    }
  });
});

test("a 10:1 picture among others of one shape leaves no hole", () => {
  for (let at = 0; at < 32; at++) {
    const ratios = Array.from({ length: 32 }, (_, index) => (index === at ? 10 : 1));
    for (const columns of [3, 4, 5]) expect(holeOf(ratios, { columns, columnWidth: 300 })).toBeLessThan(100);
  }
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
