import { concludeGeneration, receiveGeneration } from "./fold-generation";
import { lastEdited } from "./copies";
import { isOver } from "./fold-feed";
import type { Comment, Generation, KeptEvent, Topic } from "./protocol";
import { add, EMPTY_THREAD, put, without, type Draft, type State, type Thread } from "./state";

export interface ThreadPage {
  readonly comments: readonly Comment[];
  /** Remixes that are being made, newest first. */
  readonly generations?: readonly Generation[];
  readonly next: string | null;
  /** first: it opens the thread, or repairs it after a gap. more: it adds to what is there. */
  readonly place: "first" | "more";
}

/** So many remixes of one picture are known: whatever runs before what is over, of more that run the oldest. */
const MOST_REMIXING = 60;

/** Apply an event of a post that its thread shows. Threads nobody has opened are not kept. */
export function foldThreadEvent(state: State, topic: Topic, event: KeptEvent): State {
  if (event.type === "generation.ended") {
    const { id, state: word } = event.data as { id: string; state: string };
    return concludeGeneration(state, id, word);
  }
  if (event.type === "generation.created") {
    const { generation } = event.data as { generation: Generation };
    return beginRemix(state, topic.slice("post:".length), generation);
  }
  if (event.type === "comment.deleted") {
    const id = (event.data as { id: string }).id;
    return removeComment(state, topic.slice("post:".length), id);
  }
  const { comment } = event.data as { comment: Comment };
  const thread = state.threads.get(comment.post);
  if (!thread) return state;
  return quiet(receiveComment(state, comment), topic, comment.author.id);
}

/** A remix is being made: whoever has the thread open sees it there. */
function beginRemix(state: State, post: string, generation: Generation): State {
  const thread = state.threads.get(post);
  if (!thread || thread.easel.includes(generation.id)) return state;
  const next = receiveGeneration(state, generation, null);
  const easel = fitting(next, [...thread.easel, generation.id]);
  if (!easel.includes(generation.id)) return state;
  const arrived = thread.arrived && add(thread.arrived, generation.id);
  return withThread(next, post, { ...thread, easel, arrived });
}

/** Take in one comment, told by an event or by the answer to our own command: the draft it was is done. */
export function receiveComment(state: State, comment: Comment, key: string | null = null): State {
  const thread = state.threads.get(comment.post);
  if (thread) state = withThread(state, comment.post, written(thread, comment));
  const drafts = state.drafts.get(comment.post) ?? [];
  const done =
    drafts.find((draft) => draft.key === key) ??
    (key === null ? drafts.find((draft) => draft.status === "sending" && isSame(draft, comment)) : undefined);
  return done
    ? withDrafts(
        state,
        comment.post,
        drafts.filter((draft) => draft !== done),
      )
    : state;
}

/** Add a draft or change it; its place among the drafts stays. */
export function putDraft(state: State, post: string, draft: Draft): State {
  const drafts = state.drafts.get(post) ?? [];
  const known = drafts.some((one) => one.key === draft.key);
  return withDrafts(
    state,
    post,
    known ? drafts.map((one) => (one.key === draft.key ? draft : one)) : [...drafts, draft],
  );
}

export function dropDraft(state: State, post: string, key: string): State {
  return withDrafts(
    state,
    post,
    (state.drafts.get(post) ?? []).filter((draft) => draft.key !== key),
  );
}

function isSame(draft: Draft, comment: Comment): boolean {
  return (
    draft.author?.id === comment.author.id &&
    draft.text === comment.text &&
    draft.parent === (comment.parent ?? null)
  );
}

function withDrafts(state: State, post: string, drafts: readonly Draft[]): State {
  return { ...state, drafts: drafts.length ? put(state.drafts, post, drafts) : without(state.drafts, post) };
}

export function removeComment(state: State, post: string, id: string): State {
  const thread = state.threads.get(post);
  return thread ? withThread(state, post, removed(thread, id)) : state;
}

/** Take in a page of comments. */
export function receiveThread(state: State, post: string, page: ThreadPage): State {
  const thread = state.threads.get(post) ?? EMPTY_THREAD;
  const present = page.comments.filter((comment) => !thread.removed.has(comment.id));
  if (page.place === "more") return withThread(state, post, older(thread, present, page.next));
  for (const generation of page.generations ?? []) state = receiveGeneration(state, generation, null);
  const easel = easelOf(state, thread, page);
  const kept = thread.loaded
    ? thread.comments.filter((comment) => thread.arrived?.has(comment.id) ?? true)
    : thread.comments;
  const oldest = page.comments[0]?.created ?? 0;
  const deeper = thread.arrived && kept.some(({ created }) => created < oldest);
  return withThread(state, post, {
    ...thread,
    comments: merge(present, kept),
    next: deeper ? thread.next : page.next,
    loaded: true,
    arrived: null,
    easel,
  });
}

/** Add what was written before. After a gap it is known to be so: the snapshot need not reach back so far. */
function older(thread: Thread, present: readonly Comment[], next: string | null): Thread {
  const arrived = thread.arrived && new Set([...thread.arrived, ...present.map(({ id }) => id)]);
  return { ...thread, comments: merge(present, thread.comments), next, arrived };
}

/** Those that the page names, besides what has ended before our eyes and what came while it was on its way. */
function easelOf(state: State, { easel, arrived }: Thread, page: ThreadPage): readonly string[] {
  const kept = easel.filter((id) => hasEnded(state, id) || arrived?.has(id));
  const named = (page.generations ?? []).map(({ id }) => id).reverse();
  return fitting(state, [...new Set([...kept, ...named])]);
}

/** Who has looked on for long has seen many end: the oldest of these make room. */
function fitting(state: State, easel: readonly string[]): readonly string[] {
  const excess = Math.max(0, easel.length - MOST_REMIXING);
  const dropped = easel.filter((id) => hasEnded(state, id)).slice(0, excess);
  return easel.filter((id) => !dropped.includes(id)).slice(0, MOST_REMIXING);
}

/** Whether a remix is not being made any more; its picture may still be drying. */
function hasEnded(state: State, id: string): boolean {
  return isOver(state, id) || state.generations.get(id)!.posted;
}

function written(thread: Thread, comment: Comment): Thread {
  if (thread.removed.has(comment.id)) return thread;
  return {
    ...thread,
    comments: merge(thread.comments, [comment]),
    arrived: thread.arrived && add(thread.arrived, comment.id),
  };
}

function removed(thread: Thread, id: string): Thread {
  return {
    ...thread,
    comments: thread.comments.filter((comment) => comment.id !== id),
    removed: add(thread.removed, id),
  };
}

/** Return both lists as one, each comment once (as it was edited last), by time; equal times keep their order. */
function merge(first: readonly Comment[], second: readonly Comment[]): readonly Comment[] {
  const byId = new Map<string, Comment>();
  for (const comment of first) byId.set(comment.id, comment);
  for (const comment of second) byId.set(comment.id, lastEdited(byId.get(comment.id), comment));
  return [...byId.values()].sort((left, right) => left.created - right.created);
}

/** Whoever has just said it is not writing any more. */
function quiet(state: State, topic: Topic, author: string): State {
  const typists = state.typing.get(topic);
  if (!typists?.some((typist) => typist.user.id === author)) return state;
  const rest = typists.filter((typist) => typist.user.id !== author);
  return { ...state, typing: rest.length ? put(state.typing, topic, rest) : without(state.typing, topic) };
}

function withThread(state: State, post: string, thread: Thread): State {
  return { ...state, threads: put(state.threads, post, thread) };
}
