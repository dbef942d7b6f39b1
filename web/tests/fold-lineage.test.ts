import { describe, expect, it } from "vitest";
import { fold, type Action } from "../live/fold";
import { MOST_NODES } from "../live/fold-lineage";
import type { LineageNode } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import { events, latest, post, user } from "./made";

function node(id: string, parent: string | null = null, more: Partial<LineageNode> = {}): LineageNode {
  return {
    id,
    parent,
    author: user("u1"),
    caption: "",
    prompt: `picture ${id}`,
    media: post(id).media,
    created: 1000,
    remixes: 0,
    at: "1-1",
    next: null,
    ...more,
  };
}

function tombstone(id: string, parent: string | null = null, next: string | null = null): LineageNode {
  return { id, parent, deleted: true, media: null, next };
}

function after(state: State, ...actions: Action[]): State {
  return actions.reduce(fold, state);
}

function tree(...nodes: LineageNode[]): State {
  return after(EMPTY, { kind: "lineage-of", post: "b" }, { kind: "lineage", of: "b", nodes });
}

function shown(state: State): string[] {
  return [...(state.lineage?.nodes.values() ?? [])].map(({ id, deleted }) => (deleted ? `${id}+` : id));
}

const frame = (topic: string, type: string, data: unknown): Action => ({
  kind: "frame",
  frame: events(topic, ["2-1", type, data]),
  now: 0,
});

describe("a lineage", () => {
  it("grows where a shown picture is remixed, whoever tells it first, and once", () => {
    const remix = post("c", { parent: "b" });
    for (const told of [
      frame("post:b", "remix.created", { post: remix }),
      frame("feed:all", "post.created", { post: remix }),
    ]) {
      const grown = after(tree(node("a"), node("b", "a")), told, told);
      expect(shown(grown)).toEqual(["a", "b", "c"]);
      expect(grown.lineage?.nodes.get("c")).toMatchObject({ parent: "b", author: user("u1"), next: null });
    }
  });

  it("grows from a tombstone too: a picture that was under way when its parent was deleted", () => {
    const grown = after(
      tree(node("a"), tombstone("x", "a"), node("b", "x")),
      frame("feed:all", "post.created", { post: post("c", { parent: "x" }) }),
    );
    expect(shown(grown)).toEqual(["a", "x+", "b", "c"]);
  });

  it("does not grow by pictures of other trees, nor by what is gone", () => {
    const state = tree(node("a"), node("b", "a"));
    const other = frame("feed:all", "post.created", { post: post("c", { parent: "z" }) });
    expect(shown(after(state, other))).toEqual(["a", "b"]);
    const gone = after(state, { kind: "gone", post: "c" });
    const late = frame("post:b", "remix.created", { post: post("c", { parent: "b" }) });
    expect(shown(after(gone, late))).toEqual(["a", "b"]);
  });

  it("keeps a tombstone, without its words and picture, while something grows from it", () => {
    const state = after(tree(node("a"), node("b", "a")), frame("post:a", "post.deleted", { id: "a" }));
    expect(state.lineage?.nodes.get("a")).toEqual(tombstone("a"));
    expect(shown(state)).toEqual(["a+", "b"]);
  });

  it("keeps a tombstone whose remixes are not all read yet", () => {
    const state = after(tree(node("a"), node("b", "a", { next: "b" })), { kind: "gone", post: "b" });
    expect(shown(state)).toEqual(["a", "b+"]);
  });

  it("loses a leaf, and the tombstones that only the leaf held up", () => {
    const state = tree(node("a"), tombstone("x", "a"), tombstone("y", "x"), node("c", "y"), node("b", "a"));
    expect(shown(after(state, { kind: "gone", post: "c" }))).toEqual(["a", "b"]);
  });

  it("puts a page of older remixes before those that are there, and takes nothing of another tree", () => {
    const state = tree(node("a"), node("b", "a", { next: "b-1" }), node("d", "b"));
    const page = [node("b", "a", { next: null }), node("c", "b"), node("d", "b")];
    const read = after(state, { kind: "branches", of: "b", nodes: page });
    expect(shown(read)).toEqual(["c", "a", "b", "d"]);
    expect(read.lineage?.nodes.get("b")?.next).toBeNull();
    expect(after(state, { kind: "branches", of: "z", nodes: page })).toBe(state);
    expect(after(state, { kind: "branches", of: "b", nodes: [] })).toBe(state);
  });

  it("stays while one walks to another picture of it, and is another one elsewhere", () => {
    const state = tree(node("a"), node("b", "a"));
    const walked = after(state, { kind: "lineage-of", post: "a" });
    expect(shown(walked)).toEqual(["a", "b"]);
    expect(walked.lineage?.loaded).toBe(false);
    expect(shown(after(state, { kind: "lineage-of", post: "z" }))).toEqual([]);
    expect(after(state, { kind: "lineage-of", post: "b" })).toBe(state);
    expect(after(state, { kind: "lineage-closed" }).lineage).toBeNull();
  });

  it("stays within bounds: what has no room can be read", () => {
    const many = Array.from({ length: MOST_NODES - 1 }, (_, at) => node(`n${at}`, "b"));
    const full = tree(node("b"), ...many);
    const told = frame("post:b", "remix.created", { post: post("late", { parent: "b" }) });
    const grown = after(full, told);
    expect(grown.lineage?.nodes.size).toBe(MOST_NODES);
    expect(grown.lineage?.nodes.get("b")?.next).toBe("b");
    const page = [node("b", null, { next: null }), node("late", "b")];
    expect(after(grown, { kind: "branches", of: "b", nodes: page })).toBe(grown);
  });

  it("counts the remixes of its pictures as they are told", () => {
    const totals = { post: "a", reactions: {}, comments: 0, remixes: 7 };
    const told: Action = {
      kind: "frame",
      frame: latest("post:a", "3-1", "post.counters", totals, "a"),
      now: 0,
    };
    expect(after(tree(node("a"), node("b", "a")), told).lineage?.nodes.get("a")?.remixes).toBe(7);
  });
});
