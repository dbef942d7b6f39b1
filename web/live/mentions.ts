/** Who is named in a text by @handle: finding them, and completing what is being typed. */

import type { Comment, User } from "./protocol";
import { parts } from "./words";

export interface Part {
  readonly text: string;
  readonly tag: string | null;
  /** Whom this part names, null if nobody. */
  readonly handle: string | null;
}

const NAMED = /(@[a-z0-9-]{2,30})/i;
/** What stands before the caret while somebody is being named; not the middle of an address. */
const NAMING = /(?:^|[^\p{L}\p{N}_@./-])@([a-z0-9-]{0,30})$/iu;
const MOST_OFFERED = 6;

/** Split a text into plain parts, tags, and names of those who are known to be named. */
export function marked(text: string, handles: ReadonlySet<string>): readonly Part[] {
  return parts(text).flatMap((part): readonly Part[] =>
    part.tag !== null
      ? [{ ...part, handle: null }]
      : part.text
          .split(NAMED)
          .filter(Boolean)
          .map((piece) => {
            const handle = piece.startsWith("@") ? piece.slice(1).toLowerCase() : "";
            return { text: piece, tag: null, handle: handles.has(handle) ? handle : null };
          }),
  );
}

/** Return the beginning of a name that ends at the caret, "" right after the @, null if nobody is being named. */
export function namedAt(text: string, caret: number): string | null {
  return NAMING.exec(text.slice(0, caret))?.[1]?.toLowerCase() ?? null;
}

/**
 * Return whom the beginning of a name may mean: of those who are near, who begin so before who contain it, then those
 * whom the server names; the order is kept, nobody is there twice, and who is called just so comes first.
 */
export function offered(
  people: readonly User[],
  begun: string,
  called: readonly User[] = [],
): readonly User[] {
  const first = people.filter(({ handle }) => handle.startsWith(begun));
  const then = people.filter(({ handle }) => !handle.startsWith(begun) && begun && handle.includes(begun));
  const near = new Set([...first, ...then].map(({ id }) => id));
  const all = [...first, ...then, ...called.filter(({ id }) => !near.has(id))];
  const isIt = ({ handle }: User): number => Number(handle === begun);
  return all.sort((one, other) => isIt(other) - isIt(one)).slice(0, MOST_OFFERED);
}

/** Put a whole name in the place of its beginning. Return the text and where the caret stands then. */
export function completed(text: string, caret: number, handle: string): { text: string; caret: number } {
  const from = caret - (namedAt(text, caret)?.length ?? 0);
  const after = text.slice(caret);
  const space = /^\s/.test(after) ? "" : " ";
  return { text: text.slice(0, from) + handle + space + after, caret: from + handle.length + 1 };
}

/** Return everybody who takes part in a talk, whoever spoke last first, each once; `except` is left out. */
export function partners(
  comments: readonly Comment[],
  others: readonly User[],
  except: string | undefined,
): readonly User[] {
  const people = new Map<string, User>();
  for (const { author } of [...comments].reverse()) if (!people.has(author.id)) people.set(author.id, author);
  for (const user of others) if (!people.has(user.id)) people.set(user.id, user);
  people.delete(except ?? "");
  return [...people.values()];
}
