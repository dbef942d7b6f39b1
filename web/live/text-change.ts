/** What happened to a text, and where places in it are afterwards. All indices are UTF-16 code units. */

export interface TextChange {
  readonly index: number;
  readonly remove: number;
  readonly insert: string;
}

/** A step of a Yjs text event. */
export interface DeltaStep {
  readonly retain?: number;
  readonly delete?: number;
  readonly insert?: unknown;
}

/**
 * Return the one change that leads from `before` to `after`, null if there is none.
 *
 * caret: where the caret is after it; among equal letters the change is the one that ends there. Surrogate pairs stay whole.
 */
export function changeBetween(before: string, after: string, caret = after.length): TextChange | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let head = 0;
  let tail = 0;
  const growTail = (limit: number): void => {
    while (tail < limit && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  };
  // What stands behind the caret was not written just now.
  growTail(Math.min(most, after.length - Math.max(0, Math.min(caret, after.length))));
  while (head < most - tail && before[head] === after[head]) head++;
  growTail(most - head);
  if (isLow(before, before.length - tail) || isLow(after, after.length - tail)) tail--;
  if (isLow(before, head) || isLow(after, head)) head--;
  return {
    index: head,
    remove: before.length - head - tail,
    insert: after.slice(head, after.length - tail),
  };
}

/** Return where a place is after a delta. stays: text written right there comes after it, else before it. */
export function placeAfter(place: number, delta: readonly DeltaStep[], stays = true): number {
  let at = 0;
  for (const step of delta) {
    if (at > place || (at === place && stays && step.insert !== undefined)) break;
    if (step.retain !== undefined) at += step.retain;
    else if (typeof step.insert === "string") {
      place += step.insert.length;
      at += step.insert.length;
    } else if (step.delete !== undefined) place = Math.max(at, place - step.delete);
  }
  return place;
}

function isLow(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}
