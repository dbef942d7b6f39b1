import { expect, test } from "vitest";
import { fold, type Action } from "../live/fold";
import type { Post, TopicFrame } from "../live/protocol";
import { shapeOf } from "../live/shape";
import { EMPTY, type State } from "../live/state";
import { events, latest, post } from "./made";

const FEED = "feed:all";
const SHAPE = shapeOf([{ width: 768, height: 768, lines: 1, upright: false }]);

function play(state: State, ...steps: (Action | TopicFrame)[]): State {
  return steps.reduce<State>(
    (next, step) => fold(next, "op" in step ? { kind: "frame", frame: step, now: 0 } : step),
    state,
  );
}

function page(place: "first" | "older", ids: string[], before?: string): Action {
  const posts = ids.map((id) => post(id));
  const read = { posts, generations: [], next: "more", mine: {}, place };
  return { kind: "feed-page", topic: FEED, page: before === undefined ? read : { ...read, before } };
}

function aside(...keys: string[]): Action {
  return { kind: "lay-aside", topic: FEED, shapes: new Map(keys.map((key) => [key, SHAPE])) };
}

function asked(...keys: string[]): Action {
  return { kind: "ask-again", topic: FEED, blocks: new Set(keys) };
}

function back(key: string, ...posts: Post[]): Action {
  return { kind: "taken-back", topic: FEED, back: { block: key, posts, mine: { [key]: ["🔥"] } } };
}

const counters = (topic: string, rev: string, id: string, comments: number): TopicFrame =>
  latest(topic, rev, "post.counters", { post: id, reactions: {}, comments, remixes: 0 }, id);

const hung = play(EMPTY, page("first", ["d", "c"]), page("older", ["b", "a"], "9-c"));
const far = play(hung, aside("b"));

const blocks = (state: State) => state.feeds.get(FEED)!.blocks;

test("of what is laid aside the ids stay, and how it hangs, and where it is read again", () => {
  expect(blocks(far)).toEqual([
    { key: "d", posts: ["d", "c"] },
    { key: "b", posts: ["b", "a"], before: "9-c", shape: SHAPE, aside: "far" },
  ]);
  expect([...far.posts.keys()]).toEqual(["d", "c"]);
  expect([...far.mine.keys()]).toEqual(["d", "c"]);
});

test("what something else refers to is not let go of", () => {
  const thread = { comments: [], next: null, place: "first" as const };
  const open = play(hung, { kind: "thread-page", post: "b", page: thread }, aside("b"));
  expect([...open.posts.keys()]).toEqual(["d", "c", "b"]);
});

test("it comes back as it is now: edited, with other totals, without what is gone", () => {
  const edited = post("b", { caption: "new words", edited: 9, comments: 3 });
  const state = play(
    far,
    events(FEED, ["5-1", "post.updated", { post: edited }], ["6-1", "post.deleted", { id: "a" }]),
    counters(FEED, "7-1", "b", 3),
    asked("b"),
    back("b", edited),
  );
  expect(state.posts.get("b")).toMatchObject({ caption: "new words", comments: 3 });
  expect(state.mine.get("b")).toEqual(new Set(["🔥"]));
  expect(state.gone).toEqual(new Set(["a"]));
  expect(blocks(state)[1]).toEqual({ key: "b", posts: ["b", "a"], before: "9-c", shape: SHAPE });
});

test("while it is laid aside nothing is noted of it, however much happens", () => {
  const state = play(
    far,
    events(FEED, ["5-1", "post.updated", { post: post("b", { caption: "new words" }) }]),
    counters(FEED, "7-1", "b", 3),
  );
  expect([...state.posts.keys()]).toEqual(["d", "c"]);
  expect(state.revisions.get(FEED)).toBeUndefined();
});

test("an edit that is told while it is being read is not undone by what was read before", () => {
  const edited = post("b", { caption: "new words", edited: 9 });
  const told = play(far, asked("b"), events(FEED, ["5-1", "post.updated", { post: edited }]));
  const state = play(told, back("b", post("b", { comments: 2 }), post("a")));
  expect(state.posts.get("b")).toMatchObject({ caption: "new words", comments: 2 });
});

test("what comes of another block, or of one that hangs no more, is passed over", () => {
  const other = play(far, asked("b"), back("b", post("z"), post("b")));
  expect(other.posts.has("z")).toBe(false);
  expect(play(hung, back("b", post("z")))).toBe(hung);
  expect(play(far, back("nowhere", post("z")))).toBe(far);
});

test("which totals were applied is forgotten with the posts", () => {
  const counted = play(hung, counters(FEED, "4-1", "a", 1), counters(FEED, "4-2", "d", 1));
  expect([...play(counted, aside("b")).revisions.get(FEED)!.keys()]).toEqual(["d"]);
});

test("a thousand pages that were scrolled past leave no more at hand than one", () => {
  let state = play(EMPTY, page("first", ["top"]));
  for (let number = 0; number < 1_000; number++)
    state = play(state, page("older", [`p${number}`, `q${number}`], `${number}-x`), aside(`p${number}`));
  expect(state.posts.size).toBe(1);
  expect(blocks(state).flatMap(({ posts }) => posts).length).toBe(2_001);
});
