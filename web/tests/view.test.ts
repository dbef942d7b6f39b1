import { expect, test } from "vitest";
import { fitted, keptInSight, moved, zoomed } from "../live/view";

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

test("the picture cannot be lost", () => {
  const away = keptInSight(moved({ scale: 1, x: 0, y: 0 }, 99_999, -99_999), WINDOW, PICTURE);
  expect(away.x).toBeLessThan(WINDOW.width);
  expect(away.y + PICTURE.height).toBeGreaterThan(0);
});
