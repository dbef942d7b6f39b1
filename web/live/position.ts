import type { Position } from "./protocol";

/**
 * Compare two ids `<ms>-<n>`: negative when `left` is older, 0 when they are the same.
 *
 * The parts are compared as decimal strings, so neither is limited to 53 bits.
 */
export function comparePositions(left: Position, right: Position): number {
  const [leftMs = "0", leftN = "0"] = left.split("-");
  const [rightMs = "0", rightN = "0"] = right.split("-");
  return compareDecimals(leftMs, rightMs) || compareDecimals(leftN, rightN);
}

export function isNewer(candidate: Position, known: Position | undefined): boolean {
  return known === undefined || comparePositions(candidate, known) > 0;
}

function compareDecimals(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
