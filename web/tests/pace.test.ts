import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pace } from "../live/pace";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("at once after a silence, then all who wait together", async () => {
  const pace = new Pace(200);
  const beats: string[] = [];
  const wait = (name: string): Promise<unknown> => pace.beat().then(() => beats.push(name));
  await wait("first");
  void wait("second");
  await vi.advanceTimersByTimeAsync(150);
  void wait("third");
  expect(beats).toEqual(["first"]);
  await vi.advanceTimersByTimeAsync(50);
  expect(beats).toEqual(["first", "second", "third"]);
  await vi.advanceTimersByTimeAsync(200);
  void wait("fourth");
  await vi.advanceTimersByTimeAsync(0);
  expect(beats).toEqual(["first", "second", "third", "fourth"]);
});
