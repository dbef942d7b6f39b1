import { describe, expect, test } from "vitest";
import { contrast, paletteFor } from "../live/palette";

const COLOURS = ["#0a0a20", "#f8f0c0", "#b03818", "#4060c0", "#208050", "#808080"];

test("contrast is that of WCAG 2", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#979893", "#161716")).toBeCloseTo(6.2, 1);
});

describe.each([
  ["night", ["#161716", "#1f201f"]],
  ["day", ["#eceeec", "#f8f9f8"]],
] as const)("by %s", (theme, surfaces) => {
  test("every colour stands out on wall and panel", () => {
    for (const colour of paletteFor(COLOURS, theme)) {
      for (const surface of surfaces) expect(contrast(colour, surface)).toBeGreaterThanOrEqual(3);
    }
  });

  test("a colour that stands out already is kept", () => {
    const clear = theme === "night" ? "#f2b84b" : "#7a2000";
    expect(paletteFor([clear], theme)).toEqual([clear]);
  });
});

test("colours are ordered by hue, the same whatever order they come in", () => {
  expect(paletteFor(COLOURS, "night")).toEqual(paletteFor([...COLOURS].reverse(), "night"));
});

test("what is no colour is left out", () => {
  expect(paletteFor(["red", "url(x)", "#123"], "night")).toEqual([]);
});
