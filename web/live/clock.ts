/**
 * What time it is by the server's clock, by which all that has happened is dated: a reader's own may be minutes off.
 * The `Date` of its answers says it, to the second.
 */

/** What nobody would notice: an age is said in minutes. */
const NOTICEABLE_MS = 30_000;
/** An answer that took longer, or was slept over, tells of another time than now. */
const PROMPT_MS = 5_000;

let aheadMs = 0;

export function serverNow(): number {
  return Date.now() + aheadMs;
}

/** The server has answered. date: as in the header; askedAt: ms by our clock. */
export function heardAt(date: string | null, askedAt: number): void {
  const now = Date.now();
  const measured = Date.parse(date ?? "") - now;
  if (now - askedAt < PROMPT_MS && Math.abs(measured - aheadMs) > NOTICEABLE_MS) aheadMs = measured;
}
