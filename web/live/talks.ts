import type { Comment } from "./protocol";
import type { Thread } from "./state";

/** What somebody said with what was answered. */
export interface Talk {
  readonly id: string;
  /** Null where it was removed, or was not read yet. */
  readonly comment: Comment | null;
  /** It may be among the earlier comments, which were not read yet. */
  readonly earlier: boolean;
  readonly replies: readonly Comment[];
  /** Where it stands in the thread (ms): before everything that is here, when it is earlier. */
  readonly time: number;
}

/**
 * Group the comments by the one they answer; the place of one that is not here is kept while it has replies. That it was
 * removed is known when we were told so, or when no earlier comments are left to read.
 */
export function talksOf(thread: Thread): readonly Talk[] {
  const replies = new Map<string, Comment[]>();
  for (const comment of thread.comments) {
    if (!comment.parent) continue;
    const answers = replies.get(comment.parent);
    if (answers) answers.push(comment);
    else replies.set(comment.parent, [comment]);
  }
  const tops = thread.comments.filter((comment) => !comment.parent);
  const present = new Set(tops.map((comment) => comment.id));
  const talks: Talk[] = tops.map((comment) => ({
    id: comment.id,
    comment,
    earlier: false,
    replies: replies.get(comment.id) ?? [],
    time: comment.created,
  }));
  for (const [parent, answers] of replies) {
    if (present.has(parent)) continue;
    const earlier = thread.next !== null && !thread.removed.has(parent);
    const time = earlier ? 0 : (answers[0]?.created ?? 0);
    talks.push({ id: parent, comment: null, earlier, replies: answers, time });
  }
  return talks;
}
