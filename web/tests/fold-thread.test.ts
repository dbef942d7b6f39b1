import { describe, expect, test } from "vitest";
import { answered } from "../live/answering";
import { fold, TYPING_MS, type Action } from "../live/fold";
import type { Comment, TopicFrame } from "../live/protocol";
import { EMPTY, type Draft, type State } from "../live/state";
import { comment, events, post, user } from "./made";

const TOPIC = "post:p";

function play(state: State, ...steps: (Action | TopicFrame)[]): State {
  return steps.reduce<State>(
    (next, step) => fold(next, "op" in step ? { kind: "frame", frame: step, now: 1000 } : step),
    state,
  );
}

function page(place: "first" | "more", ...comments: Comment[]): Action {
  return { kind: "thread-page", post: "p", page: { comments, next: null, place } };
}

function created(eventId: string, one: Comment): TopicFrame {
  return events(TOPIC, [eventId, "comment.created", { comment: one }]);
}

function ids(state: State): string[] {
  return (state.threads.get("p")?.comments ?? []).map((one) => one.id);
}

const opened = play(
  EMPTY,
  { kind: "post", post: post("p"), mine: [] },
  page("first", comment("a", "p", 10), comment("b", "p", 20)),
);

test("comments stand in the order they were written, each once", () => {
  const state = play(
    opened,
    created("1-1", comment("c", "p", 30)),
    created("1-1", comment("c", "p", 30)),
    created("1-0", comment("b", "p", 20)),
  );
  expect(ids(state)).toEqual(["a", "b", "c"]);
});

test("comments of the same moment keep the order of their events", () => {
  const state = play(
    opened,
    created("1-1", comment("z", "p", 30)),
    created("1-2", comment("y", "p", 30)),
    created("1-3", comment("x", "p", 30)),
  );
  expect(ids(state)).toEqual(["a", "b", "z", "y", "x"]);
});

test("a removed comment does not come back, neither by a replay nor by a page", () => {
  const state = play(
    opened,
    events(TOPIC, ["2-1", "comment.deleted", { id: "a" }]),
    created("1-1", comment("a", "p", 10)),
    page("more", comment("a", "p", 10)),
  );
  expect(ids(state)).toEqual(["b"]);
});

test("threads that nobody opened are not kept", () => {
  expect(play(EMPTY, created("1-1", comment("c", "p", 30))).threads.size).toBe(0);
});

test("after a gap the snapshot replaces the thread, except for what arrived since", () => {
  const state = play(
    opened,
    { op: "gap", topic: TOPIC, at: "5-1" },
    created("5-2", comment("late", "p", 90)),
    page("first", comment("b", "p", 20), comment("missed", "p", 40)),
  );
  expect(ids(state)).toEqual(["b", "missed", "late"]);
});

test("what is loaded by Earlier while a gap is filled in stays, and Earlier goes on from there", () => {
  const more = (place: "first" | "more", next: string, ...comments: Comment[]): Action => ({
    kind: "thread-page",
    post: "p",
    page: { comments, next, place },
  });
  const gap: TopicFrame = { op: "gap", topic: TOPIC, at: "5-1" };
  const filled = more("first", "before-b", comment("b", "p", 20), comment("missed", "p", 40));
  const state = play(opened, gap, more("more", "before-old", comment("old", "p", 1)), filled);
  expect(ids(state)).toEqual(["old", "b", "missed"]);
  expect(state.threads.get("p")?.next).toBe("before-old");
  expect(play(opened, gap, filled).threads.get("p")?.next).toBe("before-b");
});

test("older comments are put before what is there", () => {
  expect(ids(play(opened, page("more", comment("old", "p", 1))))).toEqual(["old", "a", "b"]);
});

describe("drafts", () => {
  const draft: Draft = {
    key: "k1",
    author: user("u2"),
    text: "said mine",
    parent: null,
    status: "sending",
    problem: "",
  };
  const waiting = play(opened, { kind: "draft", post: "p", draft });
  const stored = comment("mine", "p", 50, { text: "said mine" });

  test("give way to the comment they become, told by the event or by the answer", () => {
    const byEvent = play(waiting, created("3-1", stored));
    const byAnswer = play(waiting, { kind: "comment", comment: stored, key: "k1" });
    for (const state of [byEvent, byAnswer]) {
      expect(state.drafts.get("p")).toBeUndefined();
      expect(ids(state)).toEqual(["a", "b", "mine"]);
    }
  });

  test("two alike become two comments, whatever order they are told in", () => {
    const two = play(waiting, { kind: "draft", post: "p", draft: { ...draft, key: "k2" } });
    const other = { ...stored, id: "mine2" };
    const state = play(
      two,
      created("3-1", stored),
      { kind: "comment", comment: stored, key: "k1" },
      created("3-2", other),
      { kind: "comment", comment: other, key: "k2" },
    );
    expect(state.drafts.get("p")).toBeUndefined();
    expect(ids(state)).toEqual(["a", "b", "mine", "mine2"]);
  });

  test("of somebody else's words are left alone", () => {
    const state = play(waiting, created("3-1", { ...stored, author: user("u9") }));
    expect(state.drafts.get("p")).toHaveLength(1);
  });

  test("can fail, be tried again and be dropped", () => {
    const failed = play(waiting, {
      kind: "draft",
      post: "p",
      draft: { ...draft, status: "failed", problem: "Too fast." },
    });
    expect(failed.drafts.get("p")).toMatchObject([{ status: "failed", problem: "Too fast." }]);
    expect(play(failed, { kind: "draft-dropped", post: "p", key: "k1" }).drafts.has("p")).toBe(false);
  });
});

describe("writing", () => {
  const signal: TopicFrame = {
    op: "signals",
    topic: TOPIC,
    signals: [{ user: user("u3"), type: "typing", data: {} }],
  };

  test("is shown until it goes stale", () => {
    const state = play(opened, signal, signal);
    expect(state.typing.get(TOPIC)).toHaveLength(1);
    expect(play(state, { kind: "tick", now: 1000 + TYPING_MS - 1 }).typing.has(TOPIC)).toBe(true);
    expect(play(state, { kind: "tick", now: 1000 + TYPING_MS }).typing.has(TOPIC)).toBe(false);
  });

  test("ends with the comment", () => {
    const state = play(opened, signal, created("4-1", comment("c", "p", 60, { author: user("u3") })));
    expect(state.typing.has(TOPIC)).toBe(false);
  });
});

describe("what is edited", () => {
  const edit = (text: string, edited: number): Comment => comment("a", "p", 10, { text, edited });
  const told = (eventId: string, one: Comment): TopicFrame =>
    events(TOPIC, [eventId, "comment.updated", { comment: one }]);
  const shown = (state: State): string | undefined => state.threads.get("p")?.comments[0]?.text;

  test("stays as it was edited last, when an earlier edit is told later", () => {
    const state = play(opened, { kind: "comment", comment: edit("three", 30), key: "" });
    expect(shown(play(state, told("1-1", edit("two", 20))))).toBe("three");
    expect(shown(play(state, told("1-1", edit("four", 40))))).toBe("four");
  });

  test("stays so when a page was read before it", () => {
    const state = play(opened, told("1-1", edit("two", 20)));
    expect(shown(play(state, page("first", comment("a", "p", 10, { text: "one" }))))).toBe("two");
  });

  test("of a post stays so too, with the newest totals", () => {
    const newest = post("p", { caption: "newest", edited: 30 });
    const state = play(opened, { kind: "post", post: newest, mine: [] });
    const replayed = events("feed:tag:x", ["1-1", "post.created", { post: post("p", { caption: "first" }) }]);
    expect(play(state, replayed).posts.get("p")?.caption).toBe("newest");
    const read = { kind: "post", post: post("p", { caption: "first", comments: 9 }), mine: [] } as const;
    expect(play(state, read).posts.get("p")).toMatchObject({ caption: "newest", comments: 9, edited: 30 });
    const later = events(TOPIC, [
      "2-1",
      "post.updated",
      { post: post("p", { caption: "last", edited: 40 }) },
    ]);
    expect(play(state, later).posts.get("p")?.caption).toBe("last");
  });
});

describe("an answer that is being written", () => {
  const said = comment("a", "p", 10);
  const reply = { ...comment("r", "p", 20), parent: "a" };
  const removed = (...gone: string[]): State => {
    const start = play(EMPTY, page("first", said, reply, { ...comment("s", "p", 30), parent: "a" }));
    return play(start, ...gone.map((id) => ({ kind: "comment-removed", post: "p", comment: id }) as const));
  };
  const to = (state: State, one: Comment): unknown => answered(state.threads.get("p"), one);

  test("stands under the comment, also one to a reply", () => {
    expect(to(removed(), said)).toEqual({ parent: "a", handle: said.author.handle });
    expect(to(removed(), reply)).toEqual({ parent: "a", handle: reply.author.handle });
    expect(to(removed("a"), reply)).toEqual({ parent: "a", handle: reply.author.handle });
  });

  test("goes on in the talk that what it answers was taken from, with nobody's name", () => {
    expect(to(removed("a"), said)).toEqual({ parent: "a", handle: null });
    expect(to(removed("r"), reply)).toEqual({ parent: "a", handle: null });
    expect(to(removed("a", "r"), reply)).toEqual({ parent: "a", handle: null });
  });

  test("is a comment like any other once nothing of that talk is left", () => {
    expect(to(removed("a", "r", "s"), said)).toBeNull();
    expect(to(removed("a", "r", "s"), reply)).toBeNull();
  });
});
