import { expect, test } from "vitest";
import { Walk, type Road } from "../live/walk";

const SWIPE: readonly Road[] = ["lineage", "feed"];
const ARROW: readonly Road[] = ["feed"];
const SHIFT: readonly Road[] = ["lineage"];

/** Somebody before a picture, with a feed and the trees of what hangs in it. */
class Visitor {
  readonly #walk = new Walk();
  readonly gone = new Set<string>();

  constructor(
    public post: string,
    readonly order: readonly string[],
    readonly trees: readonly (readonly string[])[] = [],
  ) {}

  go(step: 1 | -1, roads: readonly Road[] = SWIPE): string {
    const tree = this.trees.find((one) => one.includes(this.post)) ?? [];
    const line = tree.filter((id) => !this.gone.has(id));
    const ground = { order: this.order, line, gone: this.gone };
    const next = this.#walk.beside(this.post, step, roads, ground);
    expect(this.#walk.take(this.post, step, roads, ground)).toBe(next);
    return (this.post = next ?? this.post);
  }

  /** Return what is seen on the way, with where one stays marked by itself. */
  all(steps: number, step: 1 | -1, roads: readonly Road[] = SWIPE): string {
    return Array.from({ length: steps }, () => this.go(step, roads)).join(" ");
  }
}

test("past the end of a lineage it goes on in the feed, and the way back is the way there", () => {
  const visitor = new Visitor("root", ["new", "root", "old"], [["root", "a", "b"]]);
  expect(visitor.all(3, 1)).toBe("a b old");
  expect(visitor.all(4, -1)).toBe("b a root new");
  expect(visitor.all(4, 1)).toBe("root a b old");
});

test("the beginning of a lineage leads back into the feed, and from there it is come back to", () => {
  const visitor = new Visitor("b", ["new", "b", "old"], [["root", "a", "b"]]);
  expect(visitor.all(3, -1)).toBe("a root new");
  expect(visitor.all(4, 1)).toBe("root a b old");
});

test("a lineage whose pictures hang in the feed as well is walked through once", () => {
  const visitor = new Visitor("a", ["new", "b", "a", "root", "old"], [["root", "a", "b"]]);
  expect(visitor.all(4, 1)).toBe("b old old old");
  expect(visitor.all(5, -1)).toBe("b a root new new");
});

test("from lineage to lineage and back", () => {
  const visitor = new Visitor(
    "r",
    ["r", "q"],
    [
      ["r", "r1"],
      ["q0", "q", "q1"],
    ],
  );
  expect(visitor.all(3, 1)).toBe("r1 q q1");
  expect(visitor.all(3, -1)).toBe("q r1 r");
});

test("the arrows walk the feed, also from a remix that was reached with the shift key", () => {
  const visitor = new Visitor("root", ["new", "root", "old"], [["root", "a"]]);
  expect(visitor.go(1, SHIFT)).toBe("a");
  expect(visitor.go(1, ARROW)).toBe("old");
  expect(visitor.go(-1, ARROW)).toBe("a");
  expect(visitor.go(-1, ARROW)).toBe("new");
  expect(visitor.go(1, ARROW)).toBe("a");
  expect(visitor.go(1, SHIFT)).toBe("a");
  expect(visitor.go(-1, SHIFT)).toBe("root");
});

test("what has been deleted meanwhile is passed over", () => {
  const visitor = new Visitor("root", ["root", "old", "older"], [["root", "a"]]);
  expect(visitor.all(2, 1)).toBe("a old");
  visitor.gone.add("a");
  expect(visitor.go(-1)).toBe("root");
  visitor.gone.add("old");
  expect(visitor.go(1)).toBe("older");
});

test("who opens another picture begins another walk, and who stands in no feed stays", () => {
  const visitor = new Visitor("root", ["root", "old"], [["root", "a"]]);
  expect(visitor.all(2, 1)).toBe("a old");
  visitor.post = "root";
  expect(visitor.go(-1)).toBe("root");
  expect(new Visitor("far", ["root", "old"]).all(1, 1)).toBe("far");
});
