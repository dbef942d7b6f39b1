import { grouped } from "./grouped";
import type { Post, User } from "./protocol";

/** Somebody who painted lately, with some of their pictures, the newest first. */
export interface Painter {
  readonly user: User;
  readonly posts: readonly Post[];
}

/** Return who made these pictures (newest first), each once with at most `each` of theirs, those with most of them first. */
export function paintersOf(
  posts: readonly Post[],
  except: ReadonlySet<string>,
  each: number,
): readonly Painter[] {
  const byAuthor = grouped(
    posts.filter(({ author }) => !except.has(author.id)),
    ({ author }) => author.id,
  );
  return [...byAuthor.values()]
    .sort((left, right) => right.length - left.length)
    .map((own) => ({ user: own[0]!.author, posts: own.slice(0, each) }));
}

/** Return the tags of these pictures, the most frequent first. */
export function tagsOf(posts: readonly Post[], most: number): readonly string[] {
  const totals = new Map<string, number>();
  for (const tag of posts.flatMap(({ tags }) => tags)) totals.set(tag, (totals.get(tag) ?? 0) + 1);
  return [...totals]
    .sort(([, left], [, right]) => right - left)
    .slice(0, most)
    .map(([tag]) => tag);
}
