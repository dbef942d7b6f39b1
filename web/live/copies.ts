import { isNewer } from "./position";
import type { Post, Position } from "./protocol";

/**
 * What is told of one thing comes by several roads, an answer perhaps after a value that is newer: which of two copies
 * counts is said here. A post's words are those that were edited last; its totals those of the higher `rev`.
 */

export interface PageOfPosts {
  readonly posts: readonly Post[];
  /** Which totals they have, by id. */
  readonly revs?: Readonly<Record<string, Position>>;
}

type Totals = Pick<Post, "reactions" | "comments" | "remixes" | "rev">;

/** Return a page with each of its posts saying which totals it has. */
export function noted<P extends PageOfPosts>(page: P): P {
  return { ...page, posts: page.posts.map((post) => ({ ...post, rev: page.revs?.[post.id] })) };
}

/** Return which of two copies was edited last, of equal ones the second: what comes late need not be newer. */
export function lastEdited<T extends { readonly edited?: number | null }>(known: T | undefined, told: T): T {
  return known && (known.edited ?? 0) > (told.edited ?? 0) ? known : told;
}

/** Whether totals are to take the place of those that are known. */
export function isCountedLater(told: Position | undefined, known: Position | undefined): boolean {
  return known === undefined || (told !== undefined && isNewer(told, known));
}

/** Return a post as an answer has it, but for what is known and newer. */
export function renewed(known: Post | undefined, read: Post): Post {
  if (!known) return read;
  return withTotals(lastEdited(known, read), isCountedLater(read.rev, known.rev) ? read : known);
}

/** Return a post as an event has it: totals travel as values, and those of an event that comes again are old. */
export function retold(known: Post | undefined, told: Post): Post {
  return known ? withTotals(lastEdited(known, told), known) : told;
}

function withTotals(post: Post, { reactions, comments, remixes, rev }: Totals): Post {
  return { ...post, reactions, comments, remixes, rev };
}
