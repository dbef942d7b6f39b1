/** After a gap: what is new is read, and what is not there any more is let go of. */

import type { FeedSnapshot } from "./api";
import { isOver } from "./fold-feed";
import type { Live } from "./live";
import { asProblem } from "./problem";
import type { Generation, Position, Post, Topic } from "./protocol";
import type { State } from "./state";

/** At most so many pages are read to find what hangs. */
const MOST_PAGES = 4;
/** What a page should have named and did not is asked for by name, so many at once. */
const ASKED_AT_ONCE = 6;

/** What a feed has that may be new. */
export interface Missed {
  /** Newest first. */
  readonly posts: readonly Post[];
  readonly generations: readonly Generation[];
  readonly mine: Readonly<Record<string, readonly string[]>>;
  /** The position that the newest of it stands for. */
  readonly at: Position;
  /** It ends before anything that hangs: between the two there are more. */
  readonly more: boolean;
}

/** Read a feed from its newest until something that hangs is met, all of it or nothing. Raises Problem. */
export async function readMissed(
  page: (before: string | null) => Promise<FeedSnapshot>,
  hanging: ReadonlySet<string>,
): Promise<Missed> {
  const newest = await page(null);
  const posts = [...newest.posts];
  const mine = { ...newest.mine };
  let last = newest;
  const met = (): boolean => !last.next || last.posts.some(({ id }) => hanging.has(id));
  for (let read = 1; read < MOST_PAGES && !met(); read++) {
    last = await page(last.next);
    posts.push(...last.posts);
    Object.assign(mine, last.mine);
  }
  return { posts, generations: newest.generations, mine, at: newest.at, more: !met() };
}

/** What is shown of a feed and is not among what was read, though it should be if it were still there. */
export interface Lacking {
  readonly posts: readonly string[];
  readonly jobs: readonly string[];
}

/** Return what may have gone while nobody told us. Raises nothing: whether it has, `askAfter` finds out. */
export function lackingOf({ feeds, posts, gone, generations }: State, topic: Topic, missed: Missed): Lacking {
  const feed = feeds.get(topic);
  const named = new Set([...missed.posts, ...missed.generations].map(({ id }) => id));
  const times = missed.posts.map(({ created }) => created);
  const [oldest, newest] = [Math.min(...times), Math.max(...times)];
  const isLacking = (id: string): boolean => {
    const created = posts.get(id)?.created ?? Infinity;
    return !named.has(id) && !gone.has(id) && oldest <= created && created <= newest;
  };
  const known = [...(feed?.pending ?? []), ...(feed?.blocks.flatMap((block) => block.posts) ?? [])];
  const running = feed?.easel.filter((id) => generations.has(id) && !isOver({ generations }, id)) ?? [];
  return { posts: known.filter(isLacking), jobs: running.filter((id) => !named.has(id)) };
}

/** Ask for what is lacking by name: some of it may only have left this feed. What cannot be asked stays as it is. */
export async function askAfter(live: Live, topic: Topic, { posts, jobs }: Lacking): Promise<void> {
  const asked = [
    ...posts.map((id) => () => askAfterPost(live, id)),
    ...jobs.map((id) => () => askAfterJob(live, topic, id)),
  ];
  const ask = async (): Promise<void> => {
    for (let next = asked.shift(); next; next = asked.shift()) await next();
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, ask));
}

async function askAfterPost(live: Live, id: string): Promise<void> {
  try {
    const { post, mine } = await live.api.post(id);
    live.dispatch({ kind: "post", post, mine: mine ?? [...(live.state.mine.get(id) ?? [])] });
  } catch (error) {
    if (asProblem(error).status === 404) live.dispatch({ kind: "gone", post: id });
  }
}

async function askAfterJob(live: Live, topic: Topic, id: string): Promise<void> {
  try {
    const { generation } = await live.api.generation(id);
    live.dispatch({ kind: "generation-over", generation });
  } catch (error) {
    if (asProblem(error).status === 404) live.dispatch({ kind: "retire", topic, generations: [id] });
  }
}
