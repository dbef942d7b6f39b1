import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api } from "../live/api";

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;

let clock: typeof import("../live/clock");

beforeEach(async () => {
  vi.useFakeTimers();
  vi.setSystemTime(NOON);
  vi.resetModules();
  clock = await import("../live/clock");
});
afterEach(() => void vi.useRealTimers());

/** The server answers; its clock is so far ahead of ours (ms), and the answer took so long. */
function answered(aheadMs: number, tookMs = 100): void {
  const askedAt = Date.now();
  const date = new Date(askedAt + aheadMs).toUTCString();
  vi.setSystemTime(askedAt + tookMs);
  clock.heardAt(date, askedAt);
}

/** How far the server's clock is held to be ahead, in whole seconds. */
const ahead = (): number => Math.round((clock.serverNow() - Date.now()) / 1_000);

test.each([-10 * MINUTE, 10 * MINUTE, -26 * 60 * MINUTE])("a reader's clock that is %i ms off", (off) => {
  answered(off);
  expect(ahead()).toBe(off / 1_000);
  // What is asked next says the same but for a second: that is nothing.
  for (const seconds of [1, -1, 20]) answered(off + seconds * 1_000);
  expect(ahead()).toBe(off / 1_000);
});

test("a clock that is right enough is left alone", () => {
  answered(20_000);
  expect(clock.serverNow()).toBe(Date.now());
});

test("a clock that is put right meanwhile is taken for what it is", () => {
  answered(10 * MINUTE);
  answered(0);
  expect(Math.abs(ahead())).toBeLessThanOrEqual(1);
});

test("an answer that was slept over, or says no time, tells nothing", () => {
  answered(0, 8 * 60 * MINUTE);
  for (const date of [null, "", "yesterday"]) clock.heardAt(date, Date.now());
  expect(clock.serverNow()).toBe(Date.now());
});

test("every answer of the server's tells its time", async () => {
  const { Api: Asking } = (await import("../live/api")) as { Api: typeof Api };
  const headers = { Date: new Date(NOON - 10 * MINUTE).toUTCString() };
  await new Asking(() => Promise.resolve(new Response("{}", { headers }))).me();
  expect(ahead()).toBe(-600);
});
