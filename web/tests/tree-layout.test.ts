import { describe, expect, it } from "vitest";
import { layOut, neighbour, type Twig } from "../live/tree-layout";

const FAMILY: Twig[] = [
  { id: "a", parent: null },
  { id: "b", parent: "a" },
  { id: "c", parent: "a" },
  { id: "d", parent: "b" },
  { id: "e", parent: "b" },
  { id: "f", parent: "e" },
];

function spots(twigs: readonly Twig[], open: string): Record<string, [column: number, row: number]> {
  return Object.fromEntries(layOut(twigs, open).spots.map(({ id, column, row }) => [id, [column, row]]));
}

describe("the layout of a lineage", () => {
  it("puts generations side by side and parents in the middle of their remixes", () => {
    expect(spots(FAMILY, "a")).toEqual({
      a: [0, 1.25],
      b: [1, 0.5],
      c: [1, 2],
      d: [2, 0],
      e: [2, 1],
      f: [3, 1],
    });
    const { columns, rows } = layOut(FAMILY, "a");
    expect([columns, rows]).toEqual([4, 3]);
  });

  it("names each before its remixes, and its place among its siblings", () => {
    const { spots } = layOut(FAMILY, "a");
    expect(spots.map(({ id }) => id)).toEqual(["a", "b", "d", "e", "f", "c"]);
    expect(spots.map(({ place, siblings }) => `${place}/${siblings}`)).toEqual([
      "1/1",
      "1/2",
      "1/2",
      "2/2",
      "1/1",
      "2/2",
    ]);
  });

  it("never puts two at one spot, whatever the tree", () => {
    let seed = 7;
    const chance = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 200; round++) {
      const twigs = Array.from({ length: 1 + chance(40) }, (_, at) => ({
        id: `n${at}`,
        parent: at ? `n${chance(at)}` : null,
      }));
      const found = layOut(twigs, "n0").spots;
      expect(new Set(found.map(({ column, row }) => `${column} ${row}`)).size).toBe(twigs.length);
      for (const one of found)
        for (const other of found)
          if (one !== other && one.column === other.column)
            expect(Math.abs(one.row - other.row)).toBeGreaterThanOrEqual(1);
    }
  });

  it("draws the road from the top to the open picture", () => {
    const road = layOut(FAMILY, "e").spots.filter((spot) => spot.road);
    expect(road.map(({ id }) => id)).toEqual(["a", "b", "e"]);
  });

  it("stands what hangs from nothing that is here at the top, and holds any depth", () => {
    expect(spots([{ id: "x", parent: "not here" }], "x")).toEqual({ x: [0, 0] });
    const deep = Array.from({ length: 20_000 }, (_, at) => ({
      id: `n${at}`,
      parent: at ? `n${at - 1}` : null,
    }));
    expect(layOut(deep, "n0").columns).toBe(20_000);
    expect(layOut([], "x")).toEqual({ spots: [], columns: 0, rows: 0 });
  });

  it("leads the arrow keys to parents, remixes and whatever stands above and below", () => {
    const layout = layOut(FAMILY, "e");
    const to = (from: string, way: Parameters<typeof neighbour>[2]): string | null =>
      neighbour(layout, from, way);
    expect(to("e", "parent")).toBe("b");
    expect(to("a", "parent")).toBeNull();
    expect(to("a", "child")).toBe("b");
    expect(to("b", "child")).toBe("e");
    expect(to("f", "child")).toBeNull();
    expect(to("b", "below")).toBe("c");
    expect(to("c", "above")).toBe("b");
    expect(to("e", "below")).toBeNull();
    expect(to("c", "first")).toBe("a");
    expect(to("a", "last")).toBe("c");
    expect(to("nobody", "child")).toBeNull();
  });
});
