import { expect, test } from "vitest";
import { comparePositions, isNewer } from "../live/position";

test("positions are ordered by time, then by number", () => {
  expect(comparePositions("1000-5", "999-9")).toBeGreaterThan(0);
  expect(comparePositions("1000-5", "1000-6")).toBeLessThan(0);
  expect(comparePositions("1000-5", "1000-5")).toBe(0);
});

test("numbers beyond 53 bits are still told apart", () => {
  expect(comparePositions("1-9007199254740993", "1-9007199254740992")).toBeGreaterThan(0);
  expect(comparePositions("1-18446744073709551615", "1-18446744073709551614")).toBeGreaterThan(0);
});

test("numbers are compared as numbers, not as text", () => {
  expect(comparePositions("1-10", "1-9")).toBeGreaterThan(0);
});

test("anything is newer than nothing, and nothing is newer than itself", () => {
  expect(isNewer("0-0", undefined)).toBe(true);
  expect(isNewer("5-1", "5-1")).toBe(false);
});
