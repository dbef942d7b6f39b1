import { expect, test } from "vitest";
import { fold } from "../live/fold";
import { EMPTY, type State } from "../live/state";
import { events, generation, post, user } from "./made";

const FOLLOWING = "feed:following";
const COUNTS = { followers: 4, following: 2, pictures: 9, remixes: 3, remixed: 7 };

function known(followed: boolean): State {
  return fold(EMPTY, { kind: "person", user: "u1", standing: { followed, counts: COUNTS } });
}

test("who is followed has one follower more at once, and only once", () => {
  const once = fold(known(false), { kind: "follow", user: "u1", on: true });
  expect(once.people.get("u1")).toEqual({ followed: true, counts: { ...COUNTS, followers: 5 } });
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
  const page = { posts: [post("a"), others], generations: [], next: null, mine: {}, place: "first" } as const;
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
  const page = { posts: [post("a")], generations: [], next: null, mine: {}, place: "first" } as const;
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
  const page = { posts: [post("a")], generations: [], next: null, mine, place: "first" } as const;
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
