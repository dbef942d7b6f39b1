import { describe, expect, test } from "vitest";
import { fold } from "../live/fold";
import { faceOf } from "../live/fold-people";
import type { Post } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import { events, generation, post, user } from "./made";

const FOLLOWING = "feed:following";
const COUNTS = {
  followers: 4,
  following: 2,
  pictures: 9,
  remixes: 3,
  remixed: 7,
};

function known(followed: boolean): State {
  return fold(EMPTY, {
    kind: "person",
    user: "u1",
    standing: { followed, counts: COUNTS },
  });
}

test("who is followed has one follower more at once, and only once", () => {
  const once = fold(known(false), { kind: "follow", user: "u1", on: true });
  expect(once.people.get("u1")).toEqual({
    followed: true,
    counts: { ...COUNTS, followers: 5 },
  });
  expect(fold(once, { kind: "follow", user: "u1", on: true })).toBe(once);
});

test("of whom nothing is known nothing is noted", () => {
  expect(fold(EMPTY, { kind: "follow", user: "u1", on: true })).toBe(EMPTY);
});

test("what another tab follows is followed here", () => {
  const frame = events(FOLLOWING, ["1-0", "follow.created", { user: user("u1") }]);
  expect(fold(known(false), { kind: "frame", frame, now: 0 }).people.get("u1")?.followed).toBe(true);
});

test("what somebody made leaves my feed when I follow them no more, and stays on other walls", () => {
  const others = post("b", { author: user("u2") });
  const page = {
    posts: [post("a"), others],
    generations: [],
    next: null,
    mine: {},
    place: "first",
  } as const;
  const hung = [FOLLOWING, "feed:all"].reduce(
    (state, topic) => fold(state, { kind: "feed-page", topic, page }),
    known(true),
  );
  const frame = events(FOLLOWING, ["1-0", "follow.deleted", { id: "u1" }]);
  const after = fold(hung, { kind: "frame", frame, now: 0 });
  expect(after.feeds.get(FOLLOWING)?.blocks.flatMap((block) => block.posts)).toEqual(["b"]);
  expect(after.feeds.get("feed:all")?.blocks.flatMap((block) => block.posts)).toEqual(["a", "b"]);
  expect(after.people.get("u1")?.followed).toBe(false);
});

test("a wall that is dropped is read afresh", () => {
  const page = {
    posts: [post("a")],
    generations: [],
    next: null,
    mine: {},
    place: "first",
  } as const;
  const state = fold(EMPTY, { kind: "feed-page", topic: FOLLOWING, page });
  expect(fold(state, { kind: "feed-dropped", topic: FOLLOWING }).feeds.has(FOLLOWING)).toBe(false);
});

test("however many people are met, only the last ones are remembered", () => {
  const standing = { followed: false, counts: null };
  const ids = Array.from({ length: 600 }, (_, index) => `p${index}`);
  const state = ids.reduce((next, user) => fold(next, { kind: "person", user, standing }), EMPTY);
  expect(state.people.size).toBe(500);
  expect(state.people.has("p599")).toBe(true);
  expect(state.people.has("p0")).toBe(false);
});

test("a list of people says whom I follow, and takes nothing else that is known of them", () => {
  const listed = [
    { user: user("u1"), followed: true },
    { user: user("u2"), followed: false },
  ];
  const state = fold(known(false), { kind: "people", listed });
  expect(state.people.get("u1")).toEqual({ followed: true, counts: COUNTS });
  expect(state.people.get("u2")).toEqual({ followed: false, counts: null });
  expect(fold(state, { kind: "follow", user: "u2", on: true }).people.get("u2")?.followed).toBe(true);
});

test("when I become somebody else, what was mine is gone and what hangs for all stays", () => {
  const mine = { a: ["🦊"] };
  const page = {
    posts: [post("a")],
    generations: [],
    next: null,
    mine,
    place: "first",
  } as const;
  const before = [FOLLOWING, "feed:liked", "feed:all"].reduce(
    (state, topic) => fold(state, { kind: "feed-page", topic, page }),
    known(true),
  );
  const made = generation("g");
  const drawn = [
    { kind: "generation", generation: made, easel: "feed:all" },
    { kind: "own", generation: "g", on: true },
    { kind: "news-read", until: 1, unread: 3 },
  ] as const;
  const after = fold(drawn.reduce(fold, before), { kind: "another" });
  expect([...after.feeds.keys()]).toEqual(["feed:all"]);
  expect(after.feeds.get("feed:all")?.blocks).toEqual(before.feeds.get("feed:all")?.blocks);
  expect(after.feeds.get("feed:all")?.easel).toEqual([]);
  expect([after.mine.size, after.people.size, after.own, after.news.loaded]).toEqual([0, 0, [], false]);
  expect(after.generations.has("g")).toBe(false);
});

describe("faces", () => {
  const ALL = "feed:all";
  const seen = (avatar: string) => ({ ...user("u1"), avatar });
  const told = (id: string, created: number, avatar = `sha-${id}`): Post =>
    post(id, { created, author: seen(avatar) });
  const page = (...posts: Post[]) =>
    ({ posts, generations: [], next: null, mine: {}, place: "first" }) as const;
  const hear = (state: State, id: string, type: string, of: Post): State =>
    fold(state, {
      kind: "frame",
      frame: events(ALL, [id, type, { post: of }]),
      now: 0,
    });
  const hung = fold(EMPTY, {
    kind: "feed-page",
    topic: ALL,
    page: page(told("b", 20), told("a", 10, "sha-b")),
  });

  test("of whom no post is known, whoever tells of them says what they look like", () => {
    expect(faceOf(EMPTY, seen("sha-x"))).toBe("sha-x");
    expect(faceOf(EMPTY, null)).toBe("");
  });

  test("a picture that arrives is its author's face everywhere, whatever was told before", () => {
    const later = hear(hung, "3-0", "post.created", told("c", 30));
    expect(faceOf(hung, seen(""))).toBe("sha-b");
    for (const before of ["", "sha-a", "sha-b"]) expect(faceOf(later, seen(before))).toBe("sha-c");
    expect(faceOf(later, user("u2"))).toBe("");
  });

  test("an older face never comes back: not with an edit, not with an event that comes again, not with an older page", () => {
    const edited = hear(hung, "4-0", "post.updated", {
      ...told("a", 10),
      caption: "other",
      edited: 40,
    });
    expect(edited.posts.get("a")?.caption).toBe("other");
    const again = hear(edited, "1-0", "post.created", told("a", 10));
    const older = { ...page(told("z", 5)), place: "older" } as const;
    const paged = fold(again, { kind: "feed-page", topic: ALL, page: older });
    const read = fold(paged, { kind: "post", post: told("z", 5), mine: [] });
    for (const state of [edited, again, paged, read]) expect(faceOf(state, seen("sha-a"))).toBe("sha-b");
  });

  test("of somebody new an edit says nothing: it tells what they looked like long ago", () => {
    const edited = hear(EMPTY, "4-0", "post.updated", told("a", 10));
    expect(faceOf(edited, seen("sha-b"))).toBe("sha-b");
  });

  test("a picture that is read alone tells too", () => {
    const read = fold(hung, {
      kind: "post",
      post: told("c", 30),
      mine: ["👍"],
    });
    expect(faceOf(read, seen("sha-a"))).toBe("sha-c");
    expect(read.mine.get("c")).toEqual(new Set(["👍"]));
  });

  test("a picture that was deleted long ago does not come back as a face", () => {
    let state = fold(hung, { kind: "gone", post: "b" });
    for (let number = 0; number < 1_000; number++) state = fold(state, { kind: "gone", post: `x${number}` });
    expect(faceOf(state, seen("sha-b"))).toBe("");
  });

  test("a face whose picture is deleted is no face; the picture of another post stays", () => {
    expect(faceOf(fold(hung, { kind: "gone", post: "b" }), seen("sha-b"))).toBe("");
    const elsewhere = fold(EMPTY, {
      kind: "feed-page",
      topic: ALL,
      page: page(told("a", 10, "sha-b")),
    });
    expect(faceOf(fold(elsewhere, { kind: "gone", post: "a" }), seen("sha-a"))).toBe("sha-b");
  });

  test("however many faces are seen, only the last ones are remembered", () => {
    const posts = Array.from({ length: 600 }, (_, index) => post(`p${index}`, { author: user(`p${index}`) }));
    const { faces } = fold(EMPTY, {
      kind: "feed-page",
      topic: ALL,
      page: page(...posts),
    });
    expect([faces.size, faces.has("p599"), faces.has("p0")]).toEqual([500, true, false]);
  });
});
