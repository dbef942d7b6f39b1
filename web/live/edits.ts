import type { Live } from "./live";
import { asProblem, type Problem } from "./problem";
import type { Comment, Post } from "./protocol";

/** Change the words of a comment of one's own. Return why it could not be, null if it was. */
export async function editComment(live: Live, id: string, text: string): Promise<Problem | null> {
  try {
    const path = `/api/comments/${encodeURIComponent(id)}`;
    const { comment } = await live.api.call<{ comment: Comment }>("PATCH", path, { text });
    live.dispatch({ kind: "comment", comment, key: "" });
    return null;
  } catch (error) {
    return asProblem(error);
  }
}

/** Change the title of a picture of one's own, or what is said of it to those who do not see it. */
export async function editPost(
  live: Live,
  id: string,
  change: { readonly caption: string; readonly alt: string },
): Promise<Problem | null> {
  try {
    const path = `/api/posts/${encodeURIComponent(id)}`;
    const { post } = await live.api.call<{ post: Post }>("PATCH", path, change);
    live.dispatch({ kind: "post", post, mine: [...(live.state.mine.get(id) ?? [])] });
    return null;
  } catch (error) {
    return asProblem(error);
  }
}
