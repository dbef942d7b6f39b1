import { expect, test } from "vitest";
import { lineOf } from "../live/lineage-line";
import type { LineageNode } from "../live/protocol";

function tree(...nodes: readonly (readonly [id: string, parent?: string, deleted?: boolean])[]) {
  return new Map<string, LineageNode>(
    nodes.map(([id, parent, deleted = false]) => [id, { id, parent, deleted, media: null, next: null }]),
  );
}

test("each picture comes before its remixes, with all that was made of one before the next one", () => {
  const nodes = tree(["root"], ["a", "root"], ["b", "root"], ["a1", "a"], ["a2", "a"], ["b1", "b"]);
  expect(lineOf(nodes)).toEqual(["root", "a", "a1", "a2", "b", "b1"]);
});

test("what was deleted is passed over, what was made from it is not", () => {
  expect(lineOf(tree(["root"], ["a", "root", true], ["a1", "a"]))).toEqual(["root", "a1"]);
});

test("a tree that goes on above what is shown begins with the topmost that is", () => {
  expect(lineOf(tree(["b", "unseen"], ["c", "b"]))).toEqual(["b", "c"]);
});
