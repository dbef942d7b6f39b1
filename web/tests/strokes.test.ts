import { describe, expect, test } from "vitest";
import {
  BRUSH,
  ERASER,
  MASK,
  MOST_POINTS,
  packStroke,
  sameBeginning,
  unpackStroke,
  widthAt,
  type Stroke,
} from "../live/strokes";

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The same bytes are tested on the server's side: livefeed/rooms/strokes.py. */
const VECTORS: readonly (readonly [string, Stroke])[] = [
  [
    "0100f2b705fa00020000000000ffffff008080",
    { kind: BRUSH, colour: "#f2b705", diameter: 250, points: [0, 0, 255, 65_535, 32_768, 128] },
  ],
  ["0101000000102701000100020003", { kind: MASK, colour: "#000000", diameter: 10_000, points: [1, 2, 3] }],
  [
    "01020000000100020034127856ffcdab01ef00",
    { kind: ERASER, colour: "#000000", diameter: 1, points: [0x1234, 0x5678, 255, 0xabcd, 0xef01, 0] },
  ],
];

test.each(VECTORS)("a stroke is just these bytes: %s", (text, stroke) => {
  expect(hex(packStroke(stroke))).toBe(text);
  expect(unpackStroke(bytesOf(text))).toEqual(stroke);
});

test("bytes in the middle of a buffer are read from where they are", () => {
  const [text, stroke] = VECTORS[0]!;
  const buffer = new Uint8Array(40).fill(7);
  buffer.set(bytesOf(text), 5);
  expect(unpackStroke(buffer.subarray(5, 5 + text.length / 2))).toEqual(stroke);
});

describe("what is no stroke is none:", () => {
  const good = VECTORS[0]![0];
  test.each([
    ["nothing", ""],
    ["a head alone", good.slice(0, 18)],
    ["one byte short", good.slice(0, -2)],
    ["one byte long", `${good}00`],
    ["another version", `02${good.slice(2)}`],
    ["an unknown kind", `0104${good.slice(4)}`],
    ["no points", "0100f2b705fa000000"],
  ])("%s", (_, text) => expect(unpackStroke(bytesOf(text))).toBeNull());

  test("too many points", () => {
    const many = MOST_POINTS + 1;
    const bytes = new Uint8Array(9 + 5 * many);
    bytes.set([1, 0, 0, 0, 0, 9, 0, many & 255, many >> 8]);
    expect(unpackStroke(bytes)).toBeNull();
    expect(() => packStroke({ ...VECTORS[0]![1], points: new Array<number>(3 * many).fill(0) })).toThrow(
      RangeError,
    );
  });

  test("a text", () => expect(unpackStroke("0100")).toBeNull());
});

test("a stroke without any pressure keeps a third of its width", () => {
  expect(widthAt(100, 255, 1_000)).toBeCloseTo(10);
  expect(widthAt(100, 0, 1_000)).toBeCloseTo(3.5);
});

test("a stroke is known again by its beginning", () => {
  const stroke = VECTORS[0]![1];
  expect(sameBeginning(stroke, { ...stroke, points: stroke.points.slice(0, 3) })).toBe(true);
  expect(sameBeginning(stroke, { ...stroke, colour: "#f2b706" })).toBe(false);
  expect(sameBeginning(stroke, { ...stroke, points: [1, 0, 255] })).toBe(false);
});
