import { expect, test } from "vitest";
import { fold } from "../live/fold";
import { feedToKeep, postOf, withFeed, withoutPosts, type KeptFeed } from "../live/last-feed";
import { EMPTY, type State } from "../live/state";
import { post } from "./made";

const TOPIC = "feed:all";

function hung(ids: readonly string[], next: string | null = null): State {
  const posts = ids.map((id) => post(id));
  const mine = Object.fromEntries(ids.map((id) => [id, ["🦊"]]));
  return fold(EMPTY, {
    kind: "feed-page",
    topic: TOPIC,
    page: { posts, generations: [], next, mine, place: "first" },
  });
}

function kept(topic: string, ...ids: string[]): KeptFeed {
  return { topic, at: "5-1", next: null, posts: ids.map((id) => post(id)), mine: {} };
}

test("a feed is kept as it hangs, with its position and one's own reactions", () => {
  expect(feedToKeep(hung(["b", "a"], "more"), TOPIC, "5-1")).toMatchObject({
    at: "5-1",
    next: "more",
    posts: [{ id: "b" }, { id: "a" }],
    mine: { a: ["🦊"] },
  });
});

test("nothing is kept of a feed that is not there, or does not know where it stands", () => {
  expect(feedToKeep(EMPTY, TOPIC, "5-1")).toBeNull();
  expect(feedToKeep(hung(["a"]), TOPIC, null)).toBeNull();
});

test("of a long feed the newest are kept, and nothing is read below the cut", () => {
  const ids = Array.from({ length: 200 }, (_, index) => `p${index}`);
  const feed = feedToKeep(hung(ids, "more"), TOPIC, "5-1");
  expect(feed?.posts.map(({ id }) => id)).toEqual(ids.slice(0, 60));
  expect(feed?.next).toBeNull();
});

test("what was deleted is not kept, and leaves what was", () => {
  const state = fold(hung(["b", "a"]), { kind: "gone", post: "a" });
  expect(feedToKeep(state, TOPIC, "5-1")?.posts.map(({ id }) => id)).toEqual(["b"]);
  const book = withFeed(null, "me", kept("feed:tag:x", "a", "c"));
  expect(withoutPosts(book, state.gone).feeds[0]?.posts.map(({ id }) => id)).toEqual(["c"]);
});

test("a post is found on whichever wall was kept, with one's own reactions", () => {
  const other = { ...kept("feed:tag:x", "c"), mine: { c: ["🦊"] } };
  const book = withFeed(withFeed(null, "me", other), "me", kept(TOPIC, "a"));
  expect(postOf(book, "c")).toEqual({ post: post("c"), mine: ["🦊"] });
  expect(postOf(book, "a")).toEqual({ post: post("a"), mine: [] });
  expect(postOf(book, "b")).toBeNull();
});

test("a few feeds are kept, the last ones", () => {
  const book = ["a", "b", "c", "d", "e", "d"].reduce(
    (before, name) => withFeed(before, "me", kept(`feed:tag:${name}`)),
    withFeed(null, "me", kept(TOPIC)),
  );
  expect(book.feeds.map(({ topic }) => topic)).toEqual(
    ["d", "e", "c", "b"].map((name) => `feed:tag:${name}`),
  );
});

test("what was somebody else's goes with the first of one's own", () => {
  const book = withFeed(withFeed(null, "you", kept("feed:following", "a")), "me", kept(TOPIC, "b"));
  expect(book).toMatchObject({ person: "me", feeds: [{ topic: TOPIC }] });
});
