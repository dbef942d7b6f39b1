import { expect, test } from "vitest";
import { fold } from "../live/fold";
import { EMPTY, type State } from "../live/state";
import { events, post, user } from "./made";

const FOLLOWING = "feed:following";

function known(followed: boolean): State {
  return fold(EMPTY, { kind: "person", user: "u1", standing: { followed, followers: 4, following: 2 } });
}

test("who is followed has one follower more at once, and only once", () => {
  const once = fold(known(false), { kind: "follow", user: "u1", on: true });
  expect(once.people.get("u1")).toEqual({ followed: true, followers: 5, following: 2 });
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
  const standing = { followed: false, followers: 0, following: 0 };
  const ids = Array.from({ length: 600 }, (_, index) => `p${index}`);
  const state = ids.reduce((next, user) => fold(next, { kind: "person", user, standing }), EMPTY);
  expect(state.people.size).toBe(500);
  expect(state.people.has("p599")).toBe(true);
  expect(state.people.has("p0")).toBe(false);
});
