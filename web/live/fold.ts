import { askAgain, isAside, layAside, takeBack, type TakenBack } from "./fold-aside";
import {
  cleared,
  foldFeedEvent,
  hang,
  openPending,
  receivePage,
  receivePosts,
  retire,
  type FeedPage,
} from "./fold-feed";
import {
  endGeneration,
  foldGenerationEvent,
  foldGenerationValue,
  receiveGeneration,
} from "./fold-generation";
import {
  countLineage,
  fellLineage,
  growLineage,
  openLineage,
  receiveBranches,
  receiveLineage,
} from "./fold-lineage";
import {
  dropDraft,
  foldThreadEvent,
  putDraft,
  receiveComment,
  receiveThread,
  removeComment,
  type ThreadPage,
} from "./fold-thread";
import { foldNewsEvent, readNews, receiveNews, type NewsPage } from "./fold-news";
import {
  becomeAnother,
  dropFeed,
  foldFollowEvent,
  receiveFaces,
  receiveFollow,
  receivePeople,
  receivePerson,
  type Listed,
  rename,
} from "./fold-people";
import { boundedGone, boundedThreads, MOST_OWN } from "./bounds";
import { isCountedLater, retold } from "./copies";
import { isNewer } from "./position";
import type { Shape } from "./shape";
import type {
  Comment,
  Generation,
  KeptEvent,
  LatestValue,
  LineageNode,
  Post,
  Reactions,
  Signal,
  Topic,
  TopicFrame,
  User,
} from "./protocol";
import { add, put, without, type Draft, type Standing, type State, type Typist } from "./state";

/** Everything that can change what the page knows: frames from the server, snapshots, and one's own hand. */
export type Action =
  | { readonly kind: "frame"; readonly frame: TopicFrame; readonly now: number }
  | { readonly kind: "feed-page"; readonly topic: Topic; readonly page: FeedPage }
  | { readonly kind: "open-pending"; readonly topic: Topic }
  | { readonly kind: "hang"; readonly topic: Topic; readonly posts: readonly string[] }
  | { readonly kind: "retire"; readonly topic: Topic; readonly generations: readonly string[] }
  | { readonly kind: "lay-aside"; readonly topic: Topic; readonly shapes: ReadonlyMap<string, Shape> }
  | { readonly kind: "ask-again"; readonly topic: Topic; readonly blocks: ReadonlySet<string> }
  | { readonly kind: "taken-back"; readonly topic: Topic; readonly back: TakenBack }
  | { readonly kind: "generation"; readonly generation: Generation; readonly easel: Topic | null }
  | { readonly kind: "generation-over"; readonly generation: Generation }
  | { readonly kind: "hold"; readonly generations: readonly string[] }
  | { readonly kind: "settle"; readonly generation: string }
  | { readonly kind: "post"; readonly post: Post; readonly mine: readonly string[] }
  | { readonly kind: "gone"; readonly post: string }
  | { readonly kind: "thread-page"; readonly post: string; readonly page: ThreadPage }
  | { readonly kind: "lineage-of"; readonly post: string }
  | { readonly kind: "lineage"; readonly of: string; readonly nodes: readonly LineageNode[] }
  | { readonly kind: "branches"; readonly of: string; readonly nodes: readonly LineageNode[] }
  | { readonly kind: "lineage-closed" }
  | { readonly kind: "comment"; readonly comment: Comment; readonly key: string }
  | { readonly kind: "comment-removed"; readonly post: string; readonly comment: string }
  | { readonly kind: "draft"; readonly post: string; readonly draft: Draft }
  | { readonly kind: "draft-dropped"; readonly post: string; readonly key: string }
  | { readonly kind: "own"; readonly generation: string; readonly on: boolean }
  | { readonly kind: "mine"; readonly post: string; readonly emoji: string; readonly on: boolean }
  | { readonly kind: "mine-all"; readonly post: string; readonly mine: readonly string[] }
  | { readonly kind: "reactions"; readonly post: string; readonly reactions: Reactions }
  | { readonly kind: "person"; readonly user: string; readonly standing: Standing }
  /** This is what somebody is called now. */
  | { readonly kind: "named"; readonly user: User }
  | { readonly kind: "people"; readonly listed: readonly Listed[] }
  | { readonly kind: "follow"; readonly user: string; readonly on: boolean }
  | { readonly kind: "another" }
  | { readonly kind: "feed-dropped"; readonly topic: Topic }
  | { readonly kind: "news-page"; readonly page: NewsPage }
  | { readonly kind: "news-read"; readonly until: number; readonly unread: number }
  | { readonly kind: "left"; readonly topic: Topic }
  | { readonly kind: "fresh"; readonly topic: Topic }
  | { readonly kind: "tick"; readonly now: number };

type Totals = Pick<Post, "reactions" | "comments" | "remixes" | "rev">;

/** How long a `typing` signal stands without being repeated. */
export const TYPING_MS = 7_000;

/** Return the state after an action. Applying a frame twice gives what applying it once gives. */
export function fold(state: State, action: Action): State {
  switch (action.kind) {
    case "frame":
      return foldFrame(state, action.frame, action.now);
    case "feed-page":
      return receivePage(state, action.topic, action.page);
    case "open-pending":
      return openPending(state, action.topic);
    case "hang":
      return hang(state, action.topic, action.posts);
    case "retire":
      return retire(state, action.topic, action.generations);
    case "lay-aside":
      return layAside(state, action.topic, action.shapes);
    case "ask-again":
      return askAgain(state, action.topic, action.blocks);
    case "taken-back":
      return takeBack(state, action.topic, action.back);
    case "generation":
      return receiveGeneration(state, action.generation, action.easel);
    case "generation-over":
      return endGeneration(state, action.generation);
    case "hold":
      return { ...state, held: new Set(action.generations) };
    case "settle":
      return settle(state, action.generation);
    case "post":
      return receivePost(state, action.post, action.mine);
    case "gone":
      return remove(state, action.post);
    case "thread-page":
      return boundedThreads(receiveThread(state, action.post, action.page), action.post);
    case "lineage-of":
      return openLineage(state, action.post);
    case "lineage":
      return receiveLineage(state, action.of, action.nodes);
    case "branches":
      return receiveBranches(state, action.of, action.nodes);
    case "lineage-closed":
      return state.lineage ? { ...state, lineage: null } : state;
    case "comment":
      return receiveComment(state, action.comment, action.key);
    case "comment-removed":
      return removeComment(state, action.post, action.comment);
    case "draft":
      return putDraft(state, action.post, action.draft);
    case "draft-dropped":
      return dropDraft(state, action.post, action.key);
    case "own":
      return own(state, action.generation, action.on);
    case "mine":
      return {
        ...state,
        mine: put(state.mine, action.post, toggled(state.mine.get(action.post), action.emoji, action.on)),
      };
    case "mine-all":
      return { ...state, mine: put(state.mine, action.post, new Set(action.mine)) };
    case "reactions":
      return count(state, action.post, { reactions: action.reactions });
    case "person":
      return receivePerson(state, action.user, action.standing);
    case "named":
      return rename(state, action.user);
    case "people":
      return receivePeople(state, action.listed);
    case "another":
      return becomeAnother(state);
    case "follow":
      return receiveFollow(state, action.user, action.on);
    case "feed-dropped":
      return dropFeed(state, action.topic);
    case "news-page":
      return receiveNews(state, action.page);
    case "news-read":
      return readNews(state, action.until, action.unread);
    case "left":
      return {
        ...forget(state, action.topic),
        presence: without(state.presence, action.topic),
        typing: without(state.typing, action.topic),
      };
    case "fresh":
      return forget(state, action.topic);
    case "tick":
      return expireTyping(state, action.now);
  }
}

function foldFrame(state: State, frame: TopicFrame, now: number): State {
  switch (frame.op) {
    case "events":
      return foldEvents(state, frame);
    case "latest":
      return foldValues(state, frame.topic, frame.values);
    case "gap":
      return foldGap(doubt(forget(state, frame.topic), frame.topic), frame.topic);
    case "presence":
      return { ...state, presence: put(state.presence, frame.topic, frame.count) };
    case "signals":
      return frame.signals.reduce((next, signal) => foldSignal(next, frame.topic, signal, now), state);
  }
}

function foldEvents(state: State, { topic, events, to }: Extract<TopicFrame, { op: "events" }>): State {
  // By positions all of it is in the snapshot of the feed: what was let go of since then is not new.
  const at = state.feeds.get(topic)?.at;
  const late = Boolean(at) && !isNewer(to, at!);
  return events.reduce((next, event) => foldEvent(next, topic, event, late), state);
}

function foldEvent(state: State, topic: Topic, event: KeptEvent, late: boolean): State {
  if (event.type === "post.deleted") return remove(state, (event.data as { id: string }).id);
  const ofPost = topic.startsWith("post:") && event.type.startsWith("generation.");
  if (ofPost || event.type.startsWith("comment.")) return foldThreadEvent(state, topic, event);
  if (topic.startsWith("user:")) return foldNewsEvent(state, event);
  if (event.type.startsWith("follow.")) return foldFollowEvent(state, topic, event);
  if (topic.startsWith("generation:")) return foldGenerationEvent(state, topic, event);
  if (event.type === "remix.created") return growLineage(state, (event.data as { post: Post }).post);
  if (event.type === "post.created" || event.type === "post.updated") {
    const { post } = event.data as { post: Post };
    if (state.gone.has(post.id)) return state;
    const known = state.posts.get(post.id);
    const posts =
      known || !isAside(state, post.id) ? put(state.posts, post.id, retold(known, post)) : state.posts;
    state = growLineage({ ...state, posts }, post);
    // An edit tells again what its author looked like when the post was created.
    if (event.type === "post.created") state = receiveFaces(state, [post]);
  }
  return topic.startsWith("feed:") ? foldFeedEvent(state, topic, event, late) : state;
}

function foldValues(state: State, topic: Topic, values: readonly LatestValue[]): State {
  const revisions = new Map(state.revisions.get(topic));
  const fresh = values.filter((value) => {
    if (!isNewer(value.rev, revisions.get(value.key)) || !concerns(state, topic, value)) return false;
    revisions.set(value.key, value.rev);
    return true;
  });
  if (!fresh.length) return state;
  const next = { ...state, revisions: put(state.revisions, topic, revisions) };
  return fresh.reduce((before, value) => foldValue(before, topic, value), next);
}

/** A feed tells the totals of all its posts: of those that are not at hand nothing is noted. */
function concerns({ posts, lineage }: State, topic: Topic, { type, key }: LatestValue): boolean {
  return (
    type !== "post.counters" || !topic.startsWith("feed:") || posts.has(key) || !!lineage?.nodes.has(key)
  );
}

function foldValue(state: State, topic: Topic, value: LatestValue): State {
  if (value.type === "post.counters") return foldCounters(state, topic, value);
  if (topic.startsWith("generation:")) return foldGenerationValue(state, topic, value);
  if (value.type === "notification.read") {
    const { until, unread } = value.data as { until: number; unread: number };
    return readNews(state, until, unread);
  }
  return state;
}

/** A post's own topic tells its totals first; the feed's copy counts only while that one is not followed. */
function foldCounters(state: State, topic: Topic, value: LatestValue): State {
  const { post: id, ...told } = value.data as { post: string } & Totals;
  const own = `post:${id}`;
  if (topic !== own && state.revisions.get(own)?.has(value.key)) return state;
  const totals = topic === own ? { ...told, rev: value.rev } : told;
  const known = state.posts.get(id);
  const counted = known && isCountedLater(totals.rev, known.rev) ? count(state, id, totals) : state;
  return countLineage(counted, id, totals.remixes);
}

function count(state: State, id: string, totals: Partial<Totals>): State {
  const post = state.posts.get(id);
  return post ? { ...state, posts: put(state.posts, id, { ...post, ...totals }) } : state;
}

function receivePost(state: State, post: Post, mine: readonly string[]): State {
  return state.gone.has(post.id) ? state : receivePosts(state, [post], { [post.id]: mine });
}

function remove(state: State, id: string): State {
  if (state.gone.has(id)) return state;
  const feeds = new Map(state.feeds);
  for (const [topic, feed] of feeds) {
    if (feed.pending.includes(id))
      feeds.set(topic, { ...feed, pending: feed.pending.filter((one) => one !== id) });
  }
  return fellLineage(boundedGone({ ...state, gone: add(state.gone, id), feeds }), id);
}

function settle(state: State, id: string): State {
  const job = state.generations.get(id);
  if (job?.stage !== "finishing") return state;
  state = { ...state, generations: put(state.generations, id, { ...job, stage: "posted" }) };
  return [...state.feeds.keys()].reduce(cleared, state);
}

function own(state: State, id: string, on: boolean): State {
  if (on === state.own.includes(id)) return state;
  return { ...state, own: on ? [...state.own, id].slice(-MOST_OWN) : state.own.filter((one) => one !== id) };
}

function forget(state: State, topic: Topic): State {
  return state.revisions.has(topic) ? { ...state, revisions: without(state.revisions, topic) } : state;
}

/** History may have been lost: whatever is told next of these totals is believed. */
function doubt(state: State, topic: Topic): State {
  const feed = state.feeds.get(topic);
  const shown = feed
    ? [...feed.pending, ...feed.blocks.flatMap((block) => block.posts)]
    : [topic.slice("post:".length)];
  const posts = new Map(state.posts);
  for (const id of shown) {
    const { rev, ...post } = posts.get(id) ?? {};
    if (rev) posts.set(id, post as Post);
  }
  return { ...state, posts };
}

function foldGap(state: State, topic: Topic): State {
  const feed = state.feeds.get(topic);
  if (feed) return { ...state, feeds: put(state.feeds, topic, { ...feed, gap: true, at: null }) };
  const id = topic.startsWith("post:") ? topic.slice("post:".length) : "";
  const thread = state.threads.get(id);
  if (thread) return { ...state, threads: put(state.threads, id, { ...thread, arrived: new Set() }) };
  return state;
}

function foldSignal(state: State, topic: Topic, signal: Signal, now: number): State {
  if (signal.type !== "typing") return state;
  const others = (state.typing.get(topic) ?? []).filter((typist) => typist.user.id !== signal.user.id);
  const typist: Typist = { user: signal.user, until: now + TYPING_MS };
  return { ...state, typing: put(state.typing, topic, [...others, typist]) };
}

function expireTyping(state: State, now: number): State {
  let typing = state.typing;
  for (const [topic, typists] of state.typing) {
    const present = typists.filter((typist) => typist.until > now);
    if (present.length !== typists.length)
      typing = present.length ? put(typing, topic, present) : without(typing, topic);
  }
  return typing === state.typing ? state : { ...state, typing };
}

function toggled(set: ReadonlySet<string> | undefined, value: string, on: boolean): ReadonlySet<string> {
  const copy = new Set(set);
  if (on) copy.add(value);
  else copy.delete(value);
  return copy;
}
