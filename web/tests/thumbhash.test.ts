import { expect, test } from "vitest";
import { decodeThumbhash } from "../live/thumbhash";

/** Pixels [x, y, r, g, b, a] of hashes made and read by the format's reference code (npm `thumbhash`). */
const REFERENCE = [
  [
    "red to blue, wide",
    "l7YCjJj3+PiId3iHh4d/d/iIeA==",
    32,
    18,
    [
      [0, 0, 243, 12, 23, 255],
      [31, 0, 6, 34, 237, 255],
      [0, 17, 242, 43, 0, 255],
      [16, 9, 118, 32, 127, 255],
    ],
  ],
  [
    "dark to light, tall",
    "HwgaBAB4CIiIiIeIeIgAAAAAAA==",
    18,
    32,
    [
      [0, 0, 101, 97, 95, 255],
      [17, 0, 0, 0, 0, 255],
      [0, 31, 246, 242, 240, 255],
      [9, 16, 141, 137, 135, 255],
    ],
  ],
  [
    "with transparency",
    "1OiABQA3Egp8h4h3d3CI93e3gIeIiIeIeA==",
    32,
    32,
    [
      [0, 0, 19, 161, 62, 64],
      [31, 0, 19, 161, 62, 227],
      [0, 31, 19, 161, 62, 0],
      [16, 16, 19, 161, 62, 130],
    ],
  ],
] as const;

test.each(REFERENCE)("%s is read as the reference reads it", (_name, hash, width, height, pixels) => {
  const picture = decodeThumbhash(hash)!;
  expect([picture.width, picture.height]).toEqual([width, height]);
  for (const [x, y, ...rgba] of pixels) {
    const at = (y * width + x) * 4;
    rgba.forEach((value, channel) =>
      expect(Math.abs(picture.rgba[at + channel]! - value)).toBeLessThanOrEqual(1),
    );
  }
});

test.each(["", "AAAA", "not base64 at all!"])("%j is no hash", (text) => {
  expect(decodeThumbhash(text)).toBeNull();
});
