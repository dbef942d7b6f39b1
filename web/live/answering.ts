import type { Answered } from "./half-written";
import type { Thread } from "./state";

/** What an answer that is being written is to. */
export interface AnswerTo {
  /** The comment it will stand under: there is one level of replies. */
  readonly parent: string;
  /** Who is answered, null when that comment was removed meanwhile. */
  readonly handle: string | null;
}

/** Return what an answer to this comment is to by now; null when no talk is left that it could be part of. */
export function answered(thread: Thread | undefined, comment: Answered): AnswerTo | null {
  const parent = comment.parent ?? comment.id;
  if (!thread?.removed.has(comment.id)) return { parent, handle: comment.author.handle };
  const goesOn =
    (comment.id !== parent && !thread.removed.has(parent)) ||
    thread.comments.some((one) => one.parent === parent);
  return goesOn ? { parent, handle: null } : null;
}
