import { expect, test } from "vitest";
import { fitted, keptInSight, leastScale, moved, zoomed } from "../live/view";

const WINDOW = { width: 1000, height: 600 };
const PICTURE = { width: 768, height: 512 };

test("the whole picture is in the middle, with a margin around it", () => {
  const view = fitted(WINDOW, PICTURE, 24);
  expect(view.scale).toBeCloseTo(552 / 512);
  expect(view.y).toBeCloseTo(24);
  expect(view.x).toBeCloseTo((1000 - 768 * view.scale) / 2);
});

test("what is under the pointer stays there while it zooms", () => {
  const view = fitted(WINDOW, PICTURE, 24);
  const near = zoomed(view, 2.5, 300, 200, 0.1);
  expect((300 - near.x) / near.scale).toBeCloseTo((300 - view.x) / view.scale);
  expect((200 - near.y) / near.scale).toBeCloseTo((200 - view.y) / view.scale);
});

test("zooming has an end on both sides", () => {
  const view = { scale: 1, x: 0, y: 0 };
  expect(zoomed(view, 1e9, 0, 0, 0.5).scale).toBe(12);
  expect(zoomed(view, 1e-9, 0, 0, 0.5).scale).toBe(0.5);
});

test("a picture that is small or large has an end of zooming, too, and none makes it jump", () => {
  expect(leastScale(0.4)).toBeCloseTo(0.2);
  expect(leastScale(14)).toBe(0.5);
  const tiny = { scale: 14, x: 0, y: 0 };
  expect(zoomed(tiny, 1.25, 0, 0, leastScale(14)).scale).toBe(14);
});

test.each([0.1, 0.5, 1, 8])("the picture cannot be lost, at scale %f", (scale) => {
  for (const [dx, dy] of [
    [99_999, -99_999],
    [-99_999, 99_999],
    [99_999, 0],
    [0, -99_999],
  ] as const) {
    const view = keptInSight(moved({ scale, x: 300, y: 200 }, dx, dy), WINDOW, PICTURE);
    const seen = (start: number, length: number, window: number): number =>
      Math.min(window, start + length) - Math.max(0, start);
    const [width, height] = [PICTURE.width * scale, PICTURE.height * scale];
    expect(seen(view.x, width, WINDOW.width)).toBeGreaterThanOrEqual(Math.min(width, WINDOW.width) / 2);
    expect(seen(view.y, height, WINDOW.height)).toBeGreaterThanOrEqual(Math.min(height, WINDOW.height) / 2);
  }
});

test("what is in sight is left where it is", () => {
  const view = { scale: 1, x: 200, y: 40 };
  expect(keptInSight(view, WINDOW, PICTURE)).toEqual(view);
});
