import type { Position, Post, Topic } from "./protocol";
import type { State } from "./state";

/** So much of a feed is kept, of so many feeds. */
const MOST_POSTS = 60;
const MOST_FEEDS = 4;

/** What hung on a wall, to be read again without a network. */
export interface KeptFeed {
  readonly topic: Topic;
  /** Where to go on from. */
  readonly at: Position;
  readonly next: string | null;
  readonly posts: readonly Post[];
  readonly mine: Readonly<Record<string, readonly string[]>>;
}

/** All that is kept: one person's, the last seen first. */
export interface Book {
  readonly person: string;
  readonly feeds: readonly KeptFeed[];
}

/** Return the feed as it hangs, null while there is nothing to keep. at: what its state stands for. */
export function feedToKeep(state: State, topic: Topic, at: Position | null): KeptFeed | null {
  const feed = state.feeds.get(topic);
  if (!feed?.loaded || feed.gap || !at) return null;
  const hanging = feed.blocks.flatMap((block) => block.posts);
  const all = [...feed.pending, ...hanging].filter((id) => !state.gone.has(id));
  const hole = all.findIndex((id) => !state.posts.has(id));
  const ids = all.slice(0, Math.min(MOST_POSTS, hole < 0 ? all.length : hole));
  return {
    topic,
    at,
    // Below what is kept there is a hole if not all of it is.
    next: ids.length === all.length ? feed.next : null,
    posts: ids.map((id) => state.posts.get(id)!),
    mine: Object.fromEntries(ids.map((id) => [id, [...(state.mine.get(id) ?? [])]])),
  };
}

/** Return a post as it hung last, null where it is on none of the walls that were kept. */
export function postOf(
  book: Book,
  id: string,
): { readonly post: Post; readonly mine: readonly string[] } | null {
  for (const { posts, mine } of book.feeds) {
    const post = posts.find((one) => one.id === id);
    if (post) return { post, mine: mine[id] ?? [] };
  }
  return null;
}

/** Put a feed in front. What belonged to somebody else goes. */
export function withFeed(book: Book | null, person: string, feed: KeptFeed): Book {
  const others = book?.person === person ? book.feeds.filter(({ topic }) => topic !== feed.topic) : [];
  return { person, feeds: [feed, ...others].slice(0, MOST_FEEDS) };
}

/** Take out what was deleted. */
export function withoutPosts(book: Book, gone: ReadonlySet<string>): Book {
  const kept = ({ id }: Post): boolean => !gone.has(id);
  return { ...book, feeds: book.feeds.map((feed) => ({ ...feed, posts: feed.posts.filter(kept) })) };
}
