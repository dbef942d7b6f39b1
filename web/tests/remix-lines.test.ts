import { expect, test } from "vitest";
import { fold, type Action } from "../live/fold";
import type { Generation, LineageNode, TopicFrame } from "../live/protocol";
import { remixLines } from "../live/remix-lines";
import { EMPTY, type State } from "../live/state";
import { comment, events, generation, post, user } from "./made";

const TOPIC = "post:p";
const NOBODY: ReadonlySet<string> = new Set();

function play(state: State, ...steps: (Action | TopicFrame)[]): State {
  return steps.reduce<State>(
    (next, step) => fold(next, "op" in step ? { kind: "frame", frame: step, now: 1000 } : step),
    state,
  );
}

function remix(id: string, created: number, more: Partial<Generation> = {}): Generation {
  return generation(id, { parent: "p", author: user(`by-${id}`), created, ...more });
}

function begun(...remixes: Generation[]): TopicFrame {
  return events(
    TOPIC,
    ...remixes.map((one) => [`1-${one.created}`, "generation.created", { generation: one }] as const),
  );
}

function ended(id: string, state: string): TopicFrame {
  return events(TOPIC, ["9-1", "generation.ended", { id, state }]);
}

function page(next: string | null, ...generations: Generation[]): Action {
  const comments = [comment("a", "p", 100), comment("b", "p", 200)];
  return { kind: "thread-page", post: "p", page: { comments, generations, next, place: "first" } };
}

function node(id: string, created: number): LineageNode {
  const { author, media } = post(id);
  return { id, parent: "p", author, caption: "", media, created, remixes: 0, next: null };
}

function lineage(...nodes: LineageNode[]): Action {
  const { author, media } = post("p");
  const root: LineageNode = {
    id: "p",
    author,
    caption: "",
    media,
    created: 1,
    remixes: nodes.length,
    next: null,
  };
  return { kind: "lineage", of: "p", nodes: [root, ...nodes] };
}

function lines(state: State, seen = NOBODY, me = ""): string[] {
  return remixLines(state, "p", me, seen).lines.map(({ id, kind }) => `${id} ${kind}`);
}

const opened = play(EMPTY, { kind: "post", post: post("p"), mine: [] }, page(null));

test("a remix has a line from its beginning, of a thread that somebody has opened", () => {
  expect(lines(play(opened, begun(remix("x", 150))))).toEqual(["x running"]);
  expect(play(EMPTY, begun(remix("x", 150))).generations.size).toBe(0);
});

test("what the first page names is in the making, the oldest first", () => {
  const state = play(opened, page(null, remix("y", 160), remix("x", 150)));
  expect(lines(state)).toEqual(["x running", "y running"]);
});

test("three have a line and the others are counted; mine is among the three", () => {
  const five = ["a", "b", "c", "d", "e"].map((id, number) => remix(id, 150 + number));
  const state = play(opened, begun(...five));
  expect(lines(state)).toEqual(["a running", "b running", "c running"]);
  expect(remixLines(state, "p", "by-e", NOBODY)).toMatchObject({ more: 2, last: "e" });
  expect(lines(state, NOBODY, "by-e")).toEqual(["a running", "b running", "e running"]);
});

test("however many have ended while somebody looked on, one that begins has a line", () => {
  const many = Array.from({ length: 60 }, (_, number) => remix(`g${number}`, 1000 + number));
  const over = many.map(({ id }) => ended(id, "succeeded"));
  const state = play(opened, begun(...many), ...over, begun(remix("x", 2000), remix("y", 2001)));
  expect(lines(state).slice(-3)).toEqual(["g59 made", "x running", "y running"]);
  const easel = [...many.slice(2).map(({ id }) => id), "x", "y"];
  expect(state.threads.get("p")?.easel).toEqual(easel);
  // Neither do those that have ended keep out what a page names.
  const gap: TopicFrame = { op: "gap", topic: TOPIC, at: "8-0" };
  const named = ["w", "z", "y"].map((id, number) => remix(id, 2003 - number));
  const read = lines(play(state, gap, page(null, ...named)));
  expect(read.slice(-4)).toEqual(["g59 made", "y running", "z running", "w running"]);
});

test("of more that run than are known, the newest has to wait, and nothing of it is kept", () => {
  const many = Array.from({ length: 60 }, (_, number) => remix(`g${number}`, 1000 + number));
  const state = play(opened, begun(...many));
  expect(play(state, begun(remix("x", 2000)))).toEqual(state);
  expect(play(state, page(null, remix("x", 2000), ...[...many].reverse())).threads.get("p")?.easel).toEqual(
    many.map(({ id }) => id),
  );
});

test("a finished one keeps its place, whichever topic told of it first", () => {
  const before = play(opened, lineage(), begun(remix("x", 150)));
  const posted = events(TOPIC, ["9-2", "remix.created", { post: post("x", { parent: "p", created: 900 }) }]);
  for (const told of [[posted, ended("x", "completed")], [ended("x", "completed"), posted], [posted]]) {
    const { lines: found } = remixLines(play(before, ...told), "p", "", NOBODY);
    expect(found).toMatchObject([{ id: "x", kind: "made", time: 150 }]);
  }
});

test("one that came to nothing keeps its line where somebody has seen it, and goes where nobody has", () => {
  const state = play(opened, begun(remix("x", 150)), ended("x", "failed"));
  expect(lines(state)).toEqual([]);
  expect(lines(state, new Set(["x"]))).toEqual(["x stopped"]);
  expect(lines(play(state, { kind: "gone", post: "x" }), new Set(["x"]))).toEqual([]);
});

test("an end is told once: the job's own topic, which says why, is not taken back", () => {
  const topic = "generation:x";
  const failed = events(topic, [
    "5-1",
    "generation.failed",
    { stage: "painting", code: "no_picture", message: "No." },
  ]);
  const state = play(opened, begun(remix("x", 150)), failed, ended("x", "cancelled"));
  expect(state.generations.get("x")).toMatchObject({ stage: "failed", message: "No." });
  const other = play(opened, begun(remix("x", 150)), ended("x", "failed"), failed);
  expect(other.generations.get("x")).toMatchObject({ stage: "failed", message: "No." });
});

test("finished before we came: the newest few, none older than the comments that are here", () => {
  const many = Array.from({ length: 9 }, (_, number) => node(`n${number}`, 101 + number));
  expect(lines(play(opened, lineage(...many)))).toHaveLength(6);
  const state = play(opened, lineage(node("old", 50), node("new", 150)));
  expect(lines(state)).toEqual(["old made", "new made"]);
  expect(lines(play(state, page("100")))).toEqual(["new made"]);
});

test("after a gap the page says which are still in the making; what came meanwhile stays", () => {
  const gap: TopicFrame = { op: "gap", topic: TOPIC, at: "8-0" };
  const state = play(opened, begun(remix("lost", 150), remix("kept", 160)), gap, begun(remix("new", 170)));
  expect(lines(play(state, page(null, remix("kept", 160))))).toEqual(["kept running", "new running"]);
});

test("jobs that a thread shows are not swept away with the walls", () => {
  const feed: Action = {
    kind: "feed-page",
    topic: "feed:all",
    page: { posts: [], generations: [], next: null, mine: {}, place: "first" },
  };
  expect(lines(play(opened, begun(remix("x", 150)), feed))).toEqual(["x running"]);
});

test("a parent's deletion takes its picture from what is known of a remix", () => {
  const origin = { media: post("p").media };
  const child = post("c", { parent: "p", origin });
  const told = (one: object): TopicFrame => events("feed:all", ["2-1", "post.updated", { post: one }]);
  const state = play(EMPTY, { kind: "post", post: child, mine: [] });
  expect(state.posts.get("c")?.origin).toEqual(origin);
  const { origin: _, ...bare } = child;
  expect(play(state, told(bare)).posts.get("c")?.origin).toBeUndefined();
});
