import { describe, expect, test } from "vitest";
import { Cursors, FLAG_MS, isFlagged, verbOf } from "../live/cursors";
import { Drawing, edgeBetween } from "../live/drawing";
import { LiveStrokes } from "../live/live-strokes";
import type { StrokeSignal } from "../live/room-protocol";
import { BRUSH, MOST_POINTS } from "../live/strokes";
import { user } from "./made";

describe("my stroke", () => {
  test("takes whole numbers, and no point that is where the last one was", () => {
    const drawing = new Drawing("s", BRUSH, "#f2b705", 250);
    expect(drawing.add(0, 0.5, 1, 0.01)).toBe(true);
    expect(drawing.add(0.005, 0.5, 1, 0.01)).toBe(false);
    expect(drawing.add(1, 0.5, 0.5, 0.01)).toBe(true);
    expect(drawing.points).toEqual([0, 32_768, 255, 65_535, 32_768, 128]);
  });

  test("is told in pieces that follow on each other, the last of them done", () => {
    const drawing = new Drawing("s", BRUSH, "#f2b705", 250);
    const heard = new LiveStrokes();
    const tell = (done: boolean): StrokeSignal | null => {
      const piece = drawing.piece(done);
      if (piece) heard.hear("u", piece, 0);
      return piece;
    };
    for (let step = 0; step <= 450; step++) drawing.add(step / 450, 0.5, 1, 0);
    expect(tell(false)).toMatchObject({ from: 0 });
    expect(tell(false)).toMatchObject({ from: 200 });
    const last = tell(true);
    expect(last).toMatchObject({ from: 400, done: true });
    expect(heard.strokes).toEqual([drawing.finished()]);
  });

  test("says that it is done even when all of it was told", () => {
    const drawing = new Drawing("s", BRUSH, "#f2b705", 250);
    drawing.add(0.5, 0.5, 1, 0);
    expect(drawing.piece(false)).not.toHaveProperty("done");
    expect(drawing.piece(false)).toBeNull();
    expect(drawing.piece(true)).toMatchObject({ from: 0, points: [32_768, 32_768, 255], done: true });
  });

  test("is full some time", () => {
    const drawing = new Drawing("s", BRUSH, "#f2b705", 250);
    for (let step = 0; step < MOST_POINTS + 5; step++) drawing.add((step % 2) + 0, 0.5, 1, 0);
    expect(drawing.full).toBe(true);
    expect(drawing.points).toHaveLength(3 * MOST_POINTS);
  });

  test("leaves the picture at its edge", () => {
    expect(edgeBetween([0.5, 0.5], [1.5, 0.5])).toEqual([1, 0.5]);
    expect(edgeBetween([0.5, 0.5], [0.5, -0.5])).toEqual([0.5, 0]);
    expect(edgeBetween([0.9, 0.9], [1.1, 1.3])[1]).toBeCloseTo(1);
  });
});

describe("strokes of others", () => {
  const piece = (from: number, points: number[], more: Partial<StrokeSignal> = {}): StrokeSignal => ({
    id: "s",
    kind: 0,
    color: "#F2B705",
    size: 250,
    from,
    points,
    ...more,
  });

  test("grow by what is told, also twice; a hole is closed", () => {
    const strokes = new LiveStrokes();
    strokes.hear("u", piece(0, [1, 1, 1, 2, 2, 2]), 0);
    strokes.hear("u", piece(1, [2, 2, 2, 3, 3, 3]), 0);
    expect(strokes.strokes[0]?.points).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
    strokes.hear("u", piece(9, [9, 9, 9]), 0);
    expect(strokes.strokes[0]?.points).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 9, 9, 9]);
  });

  test("tell whether only their end has grown, so that no more than that is drawn", () => {
    const strokes = new LiveStrokes();
    const revision = (): number | undefined => [...strokes.all][0]?.revision;
    strokes.hear("u", piece(0, [1, 1, 1, 2, 2, 2]), 0);
    strokes.hear("u", piece(2, [3, 3, 3]), 0);
    strokes.hear("u", piece(1, [2, 2, 2, 3, 3, 3, 4, 4, 4]), 0);
    expect(revision()).toBe(0);
    strokes.hear("u", piece(1, [9, 9, 9]), 0);
    expect(revision()).toBe(1);
    expect(strokes.strokes[0]?.points).toEqual([1, 1, 1, 9, 9, 9, 3, 3, 3, 4, 4, 4]);
  });

  test.each([1, 2, 3])("have no colour if they are no brush's: kind %i", (kind) => {
    const strokes = new LiveStrokes();
    const { color: _, ...colourless } = piece(0, [1, 1, 1], { kind });
    strokes.hear("u", colourless, 0);
    expect(strokes.strokes).toEqual([{ kind, colour: "#000000", diameter: 250, points: [1, 1, 1] }]);
    expect(new Drawing("s", kind as 1, "#f2b705", 250).piece(true)).not.toHaveProperty("color");
  });

  test("of a brush without a colour are not drawn", () => {
    const strokes = new LiveStrokes();
    const { color: _, ...colourless } = piece(0, [1, 1, 1]);
    strokes.hear("u", colourless, 0);
    expect(strokes.size).toBe(0);
  });

  test("make way for the finished one, wherever it came first", () => {
    const strokes = new LiveStrokes();
    strokes.hear("u", piece(0, [1, 1, 1, 2, 2, 2]), 0);
    strokes.finished([{ kind: BRUSH, colour: "#f2b705", diameter: 250, points: [1, 1, 1, 5, 5, 5] }]);
    expect(strokes.size).toBe(0);
  });

  test("end when their painter must not paint any more, and nobody else's do", () => {
    const strokes = new LiveStrokes();
    strokes.hear("u", piece(0, [1, 1, 1]), 0);
    strokes.hear("other", piece(0, [2, 2, 2]), 0);
    const { version } = strokes;
    strokes.endOf("u");
    expect(strokes.strokes.map(({ points }) => points)).toEqual([[2, 2, 2]]);
    expect(strokes.version).toBeGreaterThan(version);
  });

  test("go when they were given up, or their painter left", () => {
    const strokes = new LiveStrokes();
    strokes.hear("u", piece(0, [1, 1, 1]), 0);
    strokes.expire(3_000, () => true);
    expect(strokes.size).toBe(1);
    strokes.expire(9_000, () => true);
    expect(strokes.size).toBe(0);
    strokes.hear("u", piece(0, [1, 1, 1]), 0);
    strokes.expire(1, () => false);
    expect(strokes.size).toBe(0);
  });

  test.each([
    { kind: 9 },
    { color: "red" },
    { size: 0 },
    { size: 99_999 },
    { from: -1 },
    { points: [1, 2] },
    { points: [70_000, 0, 0] },
    { points: [1.5, 0, 0] },
    { points: [] },
    { points: "x" as unknown as number[] },
  ])("that make no sense are not drawn: %j", (wrong) => {
    const strokes = new LiveStrokes();
    strokes.hear("u", piece(0, [1, 1, 1], wrong), 0);
    expect(strokes.size).toBe(0);
  });
});

describe("pointers of others", () => {
  const at = (cursors: Cursors): readonly (readonly [number, number])[] =>
    [...cursors.all].map(({ x, y }) => [x, y] as const);

  test("glide to where they were told to be, and rest there", () => {
    const cursors = new Cursors();
    cursors.hear(user("u"), { x: 0, y: 0 }, 0);
    cursors.hear(user("u"), { x: 1, y: 0 }, 0);
    expect(cursors.step(34, 34, false)).toBe(true);
    expect(at(cursors)[0]![0]).toBeCloseTo(0.5);
    for (let now = 50; now < 900; now += 16) cursors.step(16, now, false);
    expect(cursors.step(16, 900, false)).toBe(false);
    expect(at(cursors)).toEqual([[1, 0]]);
  });

  test("jump for those who asked for less motion", () => {
    const cursors = new Cursors();
    cursors.hear(user("u"), { x: 0, y: 0 }, 0);
    cursors.hear(user("u"), { x: 1, y: 1 }, 0);
    expect(cursors.step(16, 16, true)).toBe(false);
    expect(at(cursors)).toEqual([[1, 1]]);
  });

  test("leave when they say so, when their person leaves, and after a long silence", () => {
    const cursors = new Cursors();
    for (const id of ["a", "b", "c"]) cursors.hear(user(id), { x: 0, y: 0 }, 0);
    cursors.hear(user("a"), null, 1);
    cursors.keep((id) => id !== "b");
    expect(cursors.size).toBe(1);
    cursors.step(16, 120_000, false);
    expect(cursors.size).toBe(0);
  });

  test("carry a flag while they move or work, with a verb while they work", () => {
    const cursors = new Cursors();
    cursors.hear(user("u"), { x: 0, y: 0, tool: "mask" }, 0);
    const [cursor] = cursors.all;
    expect(isFlagged(cursor!, FLAG_MS - 1)).toBe(true);
    expect(isFlagged(cursor!, FLAG_MS + 1)).toBe(false);
    expect(verbOf(cursor!)).toBeNull();
    cursors.hear(user("u"), { x: 0, y: 0, tool: "mask", down: true }, 9_000);
    expect(isFlagged(cursor!, 99_000)).toBe(true);
    expect(verbOf(cursor!)).toBe("masking");
  });
});
