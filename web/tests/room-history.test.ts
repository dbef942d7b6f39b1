import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Shelf } from "../live/kept-list";
import { StrokeHistory } from "../live/room-history";
import { digestOf, OwnStrokes } from "../live/room-own-strokes";
import { Drawer } from "./shelves";

/** A page that shows the document and draws on it as somebody. */
class Page {
  readonly doc = new Y.Doc();
  readonly strokes = this.doc.getArray<Uint8Array>("strokes");
  readonly history: StrokeHistory;

  constructor(shelf: Shelf, user: string, from: Page | null = null) {
    this.history = new StrokeHistory(this.doc, this.strokes, new OwnStrokes(shelf, "r", user));
    if (from) this.hear(from);
  }

  hear(other: Page): void {
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(other.doc));
  }

  draw(...names: number[]): void {
    for (const name of names) {
      this.history.begin();
      this.history.draw(stroke(name));
    }
  }

  get names(): readonly number[] {
    return this.strokes.toArray().map(([name]) => name ?? -1);
  }
}

function stroke(name: number): Uint8Array {
  return Uint8Array.of(name, 7, 7);
}

describe("what I have drawn", () => {
  test("is taken back and done again one by one, and nobody else's with it", () => {
    const shelf = new Drawer();
    const mine = new Page(shelf, "me");
    mine.draw(1);
    const other = new Page(shelf, "other", mine);
    other.draw(2);
    mine.hear(other);
    mine.draw(3);
    mine.history.undo();
    mine.history.undo();
    expect(mine.names).toEqual([2]);
    expect(mine.history.canUndo).toBe(false);
    mine.history.redo();
    mine.history.redo();
    expect(mine.names.toSorted()).toEqual([1, 2, 3]);
  });

  test("can be taken back after a reload, also when other people drew meanwhile", () => {
    const shelf = new Drawer();
    const before = new Page(shelf, "me");
    before.draw(1, 2);
    const other = new Page(new Drawer(), "other", before);
    other.draw(9);
    const after = new Page(shelf, "me", other);
    expect(after.history.canUndo).toBe(true);
    after.draw(3);
    for (const left of [[1, 2, 9], [1, 9], [9]]) {
      after.history.undo();
      expect(after.names).toEqual(left);
    }
    expect(after.history.canUndo).toBe(false);
    for (const left of [
      [1, 9],
      [1, 2, 9],
      [1, 2, 9, 3],
    ]) {
      after.history.redo();
      expect(after.names).toEqual(left);
    }
    expect(after.history.canRedo).toBe(false);
  });

  test("is asked for before the document has come, and found when it is there", () => {
    const shelf = new Drawer();
    const before = new Page(shelf, "me");
    before.draw(1);
    const after = new Page(shelf, "me");
    expect(after.history.canUndo).toBe(false);
    after.hear(before);
    expect(after.history.canUndo).toBe(true);
  });

  test("is passed over where somebody has taken it away, and found again when they bring it back", () => {
    const shelf = new Drawer();
    const before = new Page(shelf, "me");
    before.draw(1, 2);
    const other = new Page(new Drawer(), "other", before);
    other.history.clear(([name]) => name === 2);
    const after = new Page(shelf, "me", other);
    other.history.undo();
    after.hear(other);
    after.history.undo();
    expect(after.names).toEqual([1]);
  });

  test("is not another person's to take back, who uses the same browser", () => {
    const shelf = new Drawer();
    const mine = new Page(shelf, "me");
    mine.draw(1);
    expect(new Page(shelf, "somebody", mine).history.canUndo).toBe(false);
  });

  test("what is drawn after taking back cannot be brought back", () => {
    const shelf = new Drawer();
    const before = new Page(shelf, "me");
    before.draw(1);
    const after = new Page(shelf, "me", before);
    after.history.undo();
    after.draw(2);
    expect(after.history.canRedo).toBe(false);
  });
});

test("all that was drawn goes in one step, everybody's, and comes back in one", () => {
  const mine = new Page(new Drawer(), "me");
  mine.draw(1, 2);
  const other = new Page(new Drawer(), "other", mine);
  other.draw(3, 4);
  expect(other.history.clear(([name]) => name !== 4)).toBe(3);
  expect(other.names).toEqual([4]);
  expect(other.history.clear(([name]) => name !== 4)).toBe(0);
  other.history.undo();
  expect(other.names).toEqual([1, 2, 3, 4]);
  mine.hear(other);
  expect(mine.names).toEqual([1, 2, 3, 4]);
});

describe("the browser's memory of my strokes", () => {
  test("is bounded in strokes and rooms, the newest stay", () => {
    const shelf = new Drawer();
    for (let room = 0; room < 30; room++) new OwnStrokes(shelf, `r${room}`, "me").remember(stroke(room));
    expect(new OwnStrokes(shelf, "r29", "me").digests).toEqual([digestOf(stroke(29))]);
    expect(new OwnStrokes(shelf, "r0", "me").digests).toEqual([]);
    const own = new OwnStrokes(shelf, "r29", "me");
    for (let name = 0; name < 255; name++) own.remember(stroke(name));
    expect(own.digests).toHaveLength(200);
    expect(own.digests.at(-1)).toBe(digestOf(stroke(254)));
  });

  test.each(["no json", "{}", '[{"room":1}]', '[null,{"room":"r","user":"me","strokes":[1]}]'])(
    "makes nothing of what is none: %s",
    (kept) => {
      const shelf = new Drawer();
      shelf.setItem("livefeed.own-strokes", kept);
      const own = new OwnStrokes(shelf, "r", "me");
      expect(own.digests).toEqual([]);
      own.remember(stroke(1));
      expect(own.digests).toEqual([digestOf(stroke(1))]);
    },
  );

  test("tells strokes apart that differ in one bit", () => {
    const bytes = new Uint8Array(64);
    const digests = new Set([digestOf(bytes)]);
    for (let at = 0; at < bytes.length; at++)
      for (let bit = 0; bit < 8; bit++) digests.add(digestOf(bytes.with(at, 1 << bit)));
    expect(digests.size).toBe(1 + 64 * 8);
  });
});
