import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { changeBetween, placeAfter, type DeltaStep } from "../live/text-change";

function applied(before: string, change: ReturnType<typeof changeBetween>): string {
  if (!change) return before;
  return before.slice(0, change.index) + change.insert + before.slice(change.index + change.remove);
}

test("nothing changed is no change", () => {
  expect(changeBetween("fox", "fox")).toBeNull();
});

test.each([
  ["a fox", "a red fox", 6, { index: 2, remove: 0, insert: "red " }],
  ["a red fox", "a fox", 2, { index: 2, remove: 4, insert: "" }],
  ["a red fox", "a blue fox", 6, { index: 2, remove: 3, insert: "blue" }],
  // Among equal letters the caret says which one is new.
  ["aa", "aaa", 1, { index: 0, remove: 0, insert: "a" }],
  ["aa", "aaa", 3, { index: 2, remove: 0, insert: "a" }],
  ["", "fox", 3, { index: 0, remove: 0, insert: "fox" }],
  ["fox", "", 0, { index: 0, remove: 3, insert: "" }],
])("%j to %j with the caret at %i", (before, after, caret, change) => {
  expect(changeBetween(before, after, caret)).toEqual(change);
});

test("a pair of surrogates is changed whole", () => {
  // U+1F98A and U+1F989 share their first half, U+1F98A and U+1F58A their second.
  expect(changeBetween("a🦊b", "a🦉b")).toEqual({ index: 1, remove: 2, insert: "🦉" });
  expect(changeBetween("🦊", "🖊")).toEqual({ index: 0, remove: 2, insert: "🖊" });
});

test("random edits, with the caret anywhere, lead from one text to the other", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
  const letters = ["a", "b", " ", "🦊", "é"];
  const text = (): string =>
    Array.from({ length: random(8) }, () => letters[random(letters.length)]).join("");
  for (let round = 0; round < 3_000; round++) {
    const [before, after] = [text(), text()];
    const change = changeBetween(before, after, random(after.length + 1));
    expect(applied(before, change)).toBe(after);
    expect(change?.insert ?? "").not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
  }
});

describe("a place in a text that others change", () => {
  const later = (place: number, edit: (text: Y.Text) => void, stays = true): number => {
    const doc = new Y.Doc();
    const text = doc.getText("prompt");
    text.insert(0, "a red fox");
    let delta: readonly DeltaStep[] = [];
    text.observe((event) => (delta = event.delta));
    edit(text);
    return placeAfter(place, delta, stays);
  };

  test("moves with what is written before it, not with what is written behind it", () => {
    expect(later(6, (text) => text.insert(0, "look, "))).toBe(12);
    expect(later(2, (text) => text.insert(6, "old "))).toBe(2);
  });

  test("stays before what is written right there, or goes behind it", () => {
    expect(later(2, (text) => text.insert(2, "big "))).toBe(2);
    expect(later(2, (text) => text.insert(2, "big "), false)).toBe(6);
  });

  test("moves back by what is taken away before it, and to its edge when it was inside", () => {
    expect(later(6, (text) => text.delete(0, 2))).toBe(4);
    expect(later(4, (text) => text.delete(2, 4))).toBe(2);
    expect(later(1, (text) => text.delete(2, 4))).toBe(1);
  });

  test("survives several changes in one", () => {
    const edit = (text: Y.Text): void =>
      text.doc!.transact(() => {
        text.delete(0, 2);
        text.insert(4, "old ");
        text.insert(0, "one ");
      });
    // "a red fox" became "one red old fox"; the place before "fox" was 6.
    expect(later(7, edit)).toBe(13);
  });
});
