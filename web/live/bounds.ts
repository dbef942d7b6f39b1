/** What the page lets go of, so that a day on the wall needs no more memory than an hour. */

import type { Topic } from "./protocol";
import type { Block, State } from "./state";

/** Posts behind the pill; what is more is counted, and read from the server when the pill is opened. */
export const MOST_PENDING = 120;
/** Jobs in one easel row; the oldest leave first. */
export const MOST_ON_EASEL = 60;
export const MOST_OWN = 20;
/** Walls and threads that are kept for "back". */
const MOST_FEEDS = 4;
const MOST_THREADS = 12;
/** Deleted posts that nothing refers to. Which these are is looked up once in so many: a wall may be long. */
const MOST_GONE = 200;

/** Forget the walls and threads that were opened longest ago, then everything nobody refers to. */
export function bounded(state: State, current: Topic): State {
  const feeds = new Map(state.feeds);
  for (const topic of feeds.keys()) if (feeds.size > MOST_FEEDS && topic !== current) feeds.delete(topic);
  return swept({ ...state, feeds });
}

export function boundedThreads(state: State, current: string): State {
  const threads = new Map(state.threads);
  for (const post of threads.keys())
    if (threads.size > MOST_THREADS && post !== current) threads.delete(post);
  return { ...state, threads };
}

/** Forget posts and jobs that no wall, easel or thread refers to, and what is laid aside. */
export function swept(state: State): State {
  const { posts, jobs } = referredTo(state, ({ aside }) => aside !== "far");
  return {
    ...state,
    posts: only(state.posts, posts),
    mine: only(state.mine, posts),
    generations: only(state.generations, jobs),
    revisions: ofPosts(state.revisions, posts),
  };
}

/** Forget the oldest of what was deleted and is not shown or open, on no easel, no parent of what is at hand and no face. */
export function boundedGone(state: State): State {
  const { gone, lineage } = state;
  if (gone.size % MOST_GONE) return state;
  const { posts, jobs } = referredTo(state, () => true);
  const parents = [...state.posts.values()].map(({ parent }) => parent);
  const faces = [...state.faces.values()].map(({ post }) => post);
  const kept = new Set([...posts, ...jobs, ...parents, ...faces, lineage?.of]);
  const others = [...gone].filter((id) => !kept.has(id));
  for (const id of others.slice(-MOST_GONE)) kept.add(id);
  return { ...state, gone: new Set([...gone].filter((id) => kept.has(id))) };
}

/** What walls (of these blocks), easels and threads refer to. */
function referredTo(state: State, counts: (block: Block) => boolean): Record<"posts" | "jobs", Set<string>> {
  const jobs = new Set([...state.own, ...state.held]);
  const posts = new Set(state.threads.keys());
  for (const feed of state.feeds.values()) {
    for (const block of feed.blocks) if (counts(block)) for (const id of block.posts) posts.add(id);
    for (const id of feed.pending) posts.add(id);
    for (const id of feed.easel) jobs.add(id);
  }
  for (const thread of state.threads.values()) for (const id of thread.easel) jobs.add(id);
  return { posts, jobs };
}

/** A feed tells the totals of all its posts: which were applied is known of those that are at hand. */
function ofPosts(revisions: State["revisions"], posts: ReadonlySet<string>): State["revisions"] {
  const kept = new Map(revisions);
  for (const [topic, known] of revisions) if (topic.startsWith("feed:")) kept.set(topic, only(known, posts));
  return [...kept].some(([topic, known]) => known !== revisions.get(topic)) ? kept : revisions;
}

function only<V>(map: ReadonlyMap<string, V>, keys: ReadonlySet<string>): ReadonlyMap<string, V> {
  const kept = [...map].filter(([key]) => keys.has(key));
  return kept.length === map.size ? map : new Map(kept);
}
