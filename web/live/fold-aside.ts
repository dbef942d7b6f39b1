/** What hangs far from the reader is let go of: of its block stay the ids and how they hang; the rest is read again. */

import { swept } from "./bounds";
import { receivePosts } from "./fold-feed";
import type { Post, Topic } from "./protocol";
import type { Shape } from "./shape";
import { put, type Block, type State } from "./state";

/** Let go of what these blocks show, unless something else refers to it. shapes: by the blocks' keys. */
export function layAside(state: State, topic: Topic, shapes: ReadonlyMap<string, Shape>): State {
  const next = changed(state, topic, (block) => {
    const shape = shapes.get(block.key);
    return shape && block.aside !== "far" ? { ...block, shape, aside: "far" } : block;
  });
  return next === state ? state : swept(next);
}

/** What these blocks show is being read: from now on what is told of it counts again. */
export function askAgain(state: State, topic: Topic, keys: ReadonlySet<string>): State {
  return changed(state, topic, (block) =>
    keys.has(block.key) && block.aside === "far" ? { ...block, aside: "asked" } : block,
  );
}

export interface TakenBack {
  readonly block: string;
  readonly posts: readonly Post[];
  readonly mine: Readonly<Record<string, readonly string[]>>;
}

/** Take in what a block shows. */
export function takeBack(state: State, topic: Topic, { block: key, posts, mine }: TakenBack): State {
  const hung = state.feeds.get(topic)?.blocks.find((block) => block.key === key && block.aside);
  if (!hung) return state;
  const own = posts.filter(({ id }) => hung.posts.includes(id));
  return changed(receivePosts(state, own, mine), topic, (block) => {
    if (block !== hung) return block;
    const { aside: _, ...at } = block;
    return at;
  });
}

/** Whether a post is laid aside, so that what is told of it need not be noted. */
export function isAside({ feeds }: State, id: string): boolean {
  for (const { blocks } of feeds.values())
    if (blocks.some(({ aside, posts }) => aside === "far" && posts.includes(id))) return true;
  return false;
}

function changed(state: State, topic: Topic, change: (block: Block) => Block): State {
  const feed = state.feeds.get(topic);
  const blocks = feed?.blocks.map(change);
  if (!feed || !blocks?.some((block, index) => block !== feed.blocks[index])) return state;
  return { ...state, feeds: put(state.feeds, topic, { ...feed, blocks }) };
}
