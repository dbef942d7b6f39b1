import { bounded, MOST_PENDING, swept } from "./bounds";
import { renewed } from "./copies";
import { receiveGeneration } from "./fold-generation";
import { receiveFaces } from "./fold-people";
import type { Generation, KeptEvent, Position, Post, Topic } from "./protocol";
import { EMPTY_FEED, put, type Block, type Feed, type Jobs, type State } from "./state";

/** So many pictures that joined one by one stand in one block. */
const JOINED_ROW = 4;
const OF_TAG = "feed:tag:";
const NONE_MINE: ReadonlySet<string> = new Set();
const NO_TAGS: Post["tags"] = [];
const NO_REACTIONS: Post["reactions"] = {};

export interface FeedPage {
  /** The position that its newest page stands for, if somebody follows it. */
  readonly at?: Position | null;
  /** Of what was missed there is more, older than this and newer than what hangs. */
  readonly more?: boolean;
  readonly posts: readonly Post[];
  readonly generations: readonly Generation[];
  readonly next: string | null;
  readonly mine: Readonly<Record<string, readonly string[]>>;
  /**
   * first: hang it. older: below what hangs. missed: after a gap, what is new waits behind the pill. known: it hangs.
   */
  readonly place: "first" | "older" | "missed" | "known";
  /** The cursor that it was asked for by, if by one. */
  readonly before?: string;
}

/** Take in a page of a feed. */
export function receivePage(state: State, topic: Topic, page: FeedPage): State {
  state = receivePosts(state, page.posts, page.mine);
  if (page.place !== "older") {
    for (const generation of inLine(page.generations)) state = receiveGeneration(state, generation, topic);
  }
  const feed = state.feeds.get(topic) ?? EMPTY_FEED;
  state = withFeed(state, topic, place(feed, page, state));
  return page.place === "first" ? bounded(cleared(state, topic), topic) : state;
}

/** Those being painted first, then the line in its order; what comes later is put at the end. */
function inLine(generations: readonly Generation[]): readonly Generation[] {
  const rank = ({ state, place: at }: Generation): number => (state === "queued" ? (at ?? Infinity) : -1);
  return [...generations].sort((left, right) => {
    const one = rank(left);
    const other = rank(right);
    return one === other ? left.created - right.created : one - other;
  });
}

function place(feed: Feed, page: FeedPage, { posts }: State): Feed {
  const known = hanging(feed);
  const listed = new Set(page.posts.map((post) => post.id));
  const fresh = [...listed].filter((id) => !known.has(id));
  const newest = page.posts[0]?.created ?? 0;
  switch (page.place) {
    case "first":
      // What came in by the live road while the page was on its way stays behind the pill.
      return {
        ...feed,
        blocks: page.posts.length ? [blockOf(page.posts.map((post) => post.id))] : [],
        pending: feed.pending.filter((id) => !listed.has(id) && (posts.get(id)?.created ?? 0) > newest),
        overflow: 0,
        uncounted: false,
        at: page.at ?? null,
        next: page.next,
        loaded: true,
        gap: false,
      };
    case "older": {
      const hung = fresh.filter((id) => !feed.pending.includes(id));
      const begin = page.before === undefined ? {} : { before: page.before };
      return {
        ...feed,
        blocks: hung.length ? [...feed.blocks, { ...blockOf(hung), ...begin }] : feed.blocks,
        next: page.next,
      };
    }
    case "known":
      return feed;
    case "missed": {
      const isLater = (id: string): boolean => (posts.get(id)?.created ?? 0) > newest;
      const others = feed.pending.filter((id) => !listed.has(id));
      const waiting = [...others.filter(isLater), ...fresh, ...others.filter((id) => !isLater(id))];
      const uncounted = feed.uncounted || page.more;
      return held({ ...feed, pending: waiting, gap: false, at: page.at ?? feed.at ?? null, uncounted });
    }
  }
}

/** Apply an event of a feed: what is new goes behind the pill, or onto an empty wall at once. late: it is not new. */
export function foldFeedEvent(state: State, topic: Topic, event: KeptEvent, late = false): State {
  if (event.type === "generation.created") {
    return receiveGeneration(state, (event.data as { generation: Generation }).generation, topic);
  }
  if (event.type === "post.updated") return leave(state, topic, (event.data as { post: Post }).post);
  if (event.type !== "post.created") return state;
  const { post } = event.data as { post: Post };
  state = finish(foldRemix(state, topic, event), post);
  const feed = state.feeds.get(topic) ?? EMPTY_FEED;
  if (feed.pending.includes(post.id) || hangs(feed, post.id)) return state;
  const next = held({ ...feed, pending: [post.id, ...feed.pending] });
  if (late) return state;
  state =
    feed.loaded && !feed.blocks.length
      ? cleared(withFeed(state, topic, opened(next, state)), topic)
      : withFeed(state, topic, next);
  return next.overflow ? swept(state) : state;
}

/** What somebody made from another picture hangs on a wall of its own too; nobody follows that by itself. */
function foldRemix(state: State, topic: Topic, event: KeptEvent): State {
  const [, kind, person = ""] = topic.split(":");
  const remixes = `feed:remixes:${person}`;
  const { post } = event.data as { post: Post };
  return kind === "user" && post.parent && state.feeds.has(remixes)
    ? foldFeedEvent(state, remixes, event)
    : state;
}

/** A picture that has lost the tag of a wall waits behind its pill no more; where it hangs, its frame says so. */
function leave(state: State, topic: Topic, post: Post): State {
  const feed = state.feeds.get(topic);
  if (!feed?.pending.includes(post.id) || !hasLeft(topic, post)) return state;
  return withFeed(state, topic, { ...feed, pending: feed.pending.filter((id) => id !== post.id) });
}

/** Whether a picture is not one of this wall any more. */
export function hasLeft(topic: Topic, post: Post): boolean {
  return topic.startsWith(OF_TAG) && !post.tags.includes(topic.slice(OF_TAG.length));
}

/** Keep what fits behind the pill and count the rest. */
function held(feed: Feed): Feed {
  const excess = feed.pending.length - MOST_PENDING;
  if (excess <= 0) return feed;
  return { ...feed, pending: feed.pending.slice(0, MOST_PENDING), overflow: feed.overflow + excess };
}

/**
 * Hang what waits behind the pill as one block, newest first, with what joined the wall meanwhile; what is finished
 * leaves the easel with it.
 */
export function openPending(state: State, topic: Topic): State {
  const feed = state.feeds.get(topic);
  if (!feed?.pending.length) return state;
  return retire(
    withFeed(state, topic, opened(feed, state)),
    topic,
    feed.easel.filter((id) => isOver(state, id)),
  );
}

/**
 * Hang these of what waits behind the pill at the top, and take their jobs off the easel. They make a block of their
 * own, in which the next ones stand beside them until it is a row.
 */
export function hang(state: State, topic: Topic, posts: readonly string[]): State {
  const feed = state.feeds.get(topic);
  const hung = feed?.pending.filter((id) => posts.includes(id)) ?? [];
  if (!feed || !hung.length) return state;
  const pending = feed.pending.filter((id) => !hung.includes(id));
  const blocks = joined(hung, feed.blocks);
  return retire(withFeed(state, topic, { ...feed, blocks, pending }), topic, hung);
}

/** Take jobs off the easel of one feed. */
export function retire(state: State, topic: Topic, generations: readonly string[]): State {
  const feed = state.feeds.get(topic);
  if (!feed || !generations.length) return state;
  const easel = feed.easel.filter((id) => !generations.includes(id));
  return swept(withFeed(state, topic, { ...feed, easel }));
}

/** Take off the easel of a feed what hangs and is dry: on an empty wall a picture hangs while it still dries. */
export function cleared(state: State, topic: Topic): State {
  const feed = state.feeds.get(topic);
  return retire(state, topic, feed?.easel.filter((id) => isOver(state, id) && hangs(feed, id)) ?? []);
}

/** Whether a job will not change any more. */
export function isOver(state: Jobs, id: string): boolean {
  const stage = state.generations.get(id)?.stage;
  return stage !== "queued" && stage !== "starting" && stage !== "painting" && stage !== "finishing";
}

function opened(feed: Feed, { posts }: State): Feed {
  const hung = [...feed.pending];
  const blocks = [...feed.blocks];
  while (blocks[0]?.joined && !blocks[0].aside) hung.push(...blocks.shift()!.posts);
  hung.sort((left, right) => (posts.get(right)?.created ?? 0) - (posts.get(left)?.created ?? 0));
  return { ...feed, blocks: [blockOf(hung), ...blocks], pending: [] };
}

function joined(hung: readonly string[], blocks: readonly Block[]): readonly Block[] {
  const [top, ...rest] = blocks;
  return top?.joined && top.posts.length + hung.length <= JOINED_ROW
    ? [{ ...top, posts: [...hung, ...top.posts] }, ...rest]
    : [{ ...blockOf(hung), joined: true }, ...blocks];
}

function blockOf(posts: readonly string[]): { key: string; posts: readonly string[] } {
  return { key: posts[0] ?? "", posts };
}

function hangs(feed: Feed, id: string): boolean {
  return feed.blocks.some((block) => block.posts.includes(id));
}

function hanging(feed: Feed): ReadonlySet<string> {
  return new Set(feed.blocks.flatMap((block) => block.posts));
}

function withFeed(state: State, topic: Topic, feed: Feed): State {
  return { ...state, feeds: put(state.feeds, topic, feed) };
}

/** Take in posts as a page has them. What was told and is newer stands. */
export function receivePosts(
  state: State,
  received: readonly Post[],
  mineOf: Readonly<Record<string, readonly string[]>>,
): State {
  const posts = new Map(state.posts);
  const mine = new Map(state.mine);
  for (const post of received) {
    if (state.gone.has(post.id)) continue;
    posts.set(post.id, thrifty(renewed(posts.get(post.id), post)));
    const own = mineOf[post.id];
    mine.set(post.id, own?.length ? new Set(own) : NONE_MINE);
  }
  return receiveFaces({ ...state, posts, mine }, received);
}

/** Thousands of pictures hang on a wall that was scrolled for long: what is empty, most of them share. */
function thrifty(post: Post): Post {
  const tags = post.tags.length ? post.tags : NO_TAGS;
  const reactions = Object.keys(post.reactions).length ? post.reactions : NO_REACTIONS;
  return { ...post, tags, reactions };
}

/** A post carries the id of the job it came from: its card on the easel dries, whoever told us first. */
function finish(state: State, post: Post): State {
  const job = state.generations.get(post.id);
  if (!job || job.stage === "posted" || job.stage === "finishing") {
    return job && !job.posted
      ? { ...state, generations: put(state.generations, post.id, { ...job, posted: true }) }
      : state;
  }
  const done = {
    ...job,
    stage: "finishing" as const,
    step: job.steps,
    sha256: post.media.sha256,
    palette: post.media.palette,
    posted: true,
  };
  return { ...state, generations: put(state.generations, post.id, done) };
}
