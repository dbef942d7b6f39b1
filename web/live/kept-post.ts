import { postOf } from "./last-feed";
import type { Live } from "./live";
import { read } from "./shelf";

/** Show a post as it was kept with a wall, where it was, and for us, until the server can be asked. */
export async function recallPost(live: Live, id: string): Promise<void> {
  const book = await read().catch(() => null); // Storage may be forbidden.
  const { me, state } = live;
  if (!book || (me && me.id !== book.person) || state.posts.has(id) || state.gone.has(id)) return;
  const kept = postOf(book, id);
  if (kept) live.dispatch({ kind: "post", ...kept });
}
