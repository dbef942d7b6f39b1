import { expect, test } from "vitest";
import {
  pathOfPerson,
  pathOfPicture,
  pathOfPost,
  pathOfSearch,
  pathOfTag,
  routeAt,
  routeOf,
  TABS,
  topicOfRoute,
  type Route,
  type Tab,
} from "../live/route";

test.each([
  ["/", { kind: "feed", name: "all" }],
  ["/following", { kind: "feed", name: "following" }],
  ["/search", { kind: "search", q: "" }],
  ["/news", { kind: "news" }],
  ["/settings", { kind: "settings" }],
  ["/settings/more", { kind: "nowhere" }],
  ["/post/01jd", { kind: "post", id: "01jd" }],
  ["/picture/01jd", { kind: "picture", id: "01jd" }],
  ["/tag/Foxes", { kind: "tag", tag: "foxes" }],
  ["/tag/a%20b", { kind: "nowhere" }],
  ["/tag/%23foxes", { kind: "nowhere" }],
  ["/tag/2026", { kind: "nowhere" }],
  [`/tag/${"a".repeat(65)}`, { kind: "nowhere" }],
  ["/@quiet-otter", { kind: "person", handle: "quiet-otter", tab: "pictures" }],
  ["/@quiet-otter/remixes", { kind: "person", handle: "quiet-otter", tab: "remixes" }],
  ["/@quiet-otter/rooms", { kind: "person", handle: "quiet-otter", tab: "rooms" }],
  ["/@quiet-otter/liked/", { kind: "person", handle: "quiet-otter", tab: "liked" }],
  ["/@quiet-otter/pictures", { kind: "nowhere" }],
  ["/@quiet-otter/remixes/more", { kind: "nowhere" }],
  ["/@/remixes", { kind: "nowhere" }],
  ["/room/x", { kind: "room", id: "x", invite: null }],
  ["/post/a/b", { kind: "nowhere" }],
  ["/%E0%A4%A", { kind: "nowhere" }],
  ["/@", { kind: "nowhere" }],
])("%s leads to the right place", (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

test("what is searched for is found again in its address", () => {
  expect(routeAt(pathOfSearch("red fox #été & more"))).toEqual({ kind: "search", q: "red fox #été & more" });
  expect(topicOfRoute({ kind: "search", q: "" }, null)).toBeNull();
  expect(topicOfRoute({ kind: "feed", name: "following" }, null)).toBe("feed:following");
});

test("what a link names is found again, whatever characters it has", () => {
  expect(routeOf(pathOfTag("été_雪"))).toEqual({ kind: "tag", tag: "été_雪" });
  expect(routeOf(pathOfPerson("a b"))).toEqual({ kind: "person", handle: "a b", tab: "pictures" });
  for (const tab of TABS)
    expect(routeOf(pathOfPerson("a b", tab))).toEqual({ kind: "person", handle: "a b", tab });
  expect(routeOf(pathOfPost("a?b#c"))).toEqual({ kind: "post", id: "a?b#c" });
  expect(routeOf(pathOfPicture("a?b#c"))).toEqual({ kind: "picture", id: "a?b#c" });
});

test("feeds are named by ids, never by handles", () => {
  const wall = (tab: Tab): Route => ({ kind: "person", handle: "x", tab });
  expect(topicOfRoute(wall("pictures"), null)).toBeNull();
  expect(topicOfRoute(wall("pictures"), "u7")).toBe("feed:user:u7");
  expect(topicOfRoute(wall("remixes"), "u7")).toBe("feed:remixes:u7");
  expect(topicOfRoute(wall("rooms"), "u7", "u7")).toBeNull();
  expect(topicOfRoute(wall("liked"), "u7", "u7")).toBe("feed:liked");
  expect(topicOfRoute(wall("liked"), "u7", "u8")).toBeNull();
  expect(topicOfRoute({ kind: "tag", tag: "foxes" }, null)).toBe("feed:tag:foxes");
});

test("an invitation stands behind the room's address", () => {
  expect(routeOf("/room/x", "?invite=a%20b")).toEqual({ kind: "room", id: "x", invite: "a b" });
});
