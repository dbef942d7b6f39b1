import { expect, test } from "vitest";
import { zoomed } from "../live/view";
import { held, swiped, WHOLE, type Frame } from "../live/zoom";

/** A picture of 400 × 600 that hangs in the middle of a window of 1000 × 700. */
const FRAME: Frame = {
  window: { width: 1000, height: 700 },
  picture: { width: 400, height: 600 },
  at: { x: 300, y: 50 },
};

test("a picture that is hardly larger hangs whole, at its place", () => {
  expect(held({ scale: 1.01, x: -30, y: 12 }, FRAME)).toEqual(WHOLE);
});

test("what is under the pointer stays there", () => {
  const view = held(zoomed(WHOLE, 4, 200, 300, 1), FRAME);
  expect(200 * view.scale + view.x).toBeCloseTo(200);
  expect(300 * view.scale + view.y).toBeCloseTo(300);
});

test.each([-9000, 0, 9000])("moved by %i, no edge comes into the window", (far) => {
  const { scale, x, y } = held({ scale: 3, x: far, y: far }, FRAME);
  expect(FRAME.at.x + x).toBeLessThanOrEqual(0);
  expect(FRAME.at.x + x + 400 * scale).toBeGreaterThanOrEqual(1000);
  expect(FRAME.at.y + y).toBeLessThanOrEqual(0);
  expect(FRAME.at.y + y + 600 * scale).toBeGreaterThanOrEqual(700);
});

test("where it is narrower than its window it stands in the middle", () => {
  const { scale, x } = held({ scale: 2, x: 77, y: 0 }, FRAME);
  expect(FRAME.at.x + x).toBeCloseTo((1000 - 400 * scale) / 2);
});

test.each([
  [-80, 10, 1],
  [80, -20, -1],
  [-30, 0, 0],
  [-80, 70, 0],
])("a finger's way of %i, %i is %i", (dx, dy, step) => {
  expect(swiped(dx, dy)).toBe(step);
});
