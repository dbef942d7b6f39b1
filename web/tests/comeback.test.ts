import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Comeback } from "../live/comeback";
import { Problem, unreachable } from "../live/problem";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A connection, and whoever wants to read something. */
class Page {
  stands = false;
  asked = 0;
  readonly comeback = new Comeback(() => this.stands);
  readonly leave = this.comeback.listen(() => this.asked++);
}

test("while there is no line nothing is asked for, and everything when there is one", async () => {
  const page = new Page();
  page.comeback.missed(unreachable());
  await vi.advanceTimersByTimeAsync(600_000);
  expect(page.asked).toBe(0);
  page.comeback.came();
  expect(page.asked).toBe(1);
});

test("over a line that stands what could not be read is asked for again, ever more seldom", async () => {
  const page = new Page();
  page.stands = true;
  page.comeback.listen(() => page.comeback.missed(unreachable()));
  page.comeback.missed(unreachable());
  await vi.advanceTimersByTimeAsync(2_000);
  expect(page.asked).toBe(1);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(page.asked).toBeGreaterThan(50);
  expect(page.asked).toBeLessThan(70);
});

test("a line that was lost meanwhile is waited for", async () => {
  const page = new Page();
  page.stands = true;
  page.comeback.missed(unreachable());
  page.stands = false;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(page.asked).toBe(0);
});

test("what the server refuses is not asked for again, what a proxy says for it is", async () => {
  const page = new Page();
  page.stands = true;
  page.comeback.missed(new Problem("not_found", "It is not here any more.", 404));
  page.comeback.missed(new Problem("store_unavailable", "The store is away.", 503));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(page.asked).toBe(0);
  page.comeback.missed(new Problem("http_502", "Bad gateway", 502));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(page.asked).toBe(1);
});

test("who has left is not told", () => {
  const page = new Page();
  page.leave();
  page.comeback.came();
  expect(page.asked).toBe(0);
});
