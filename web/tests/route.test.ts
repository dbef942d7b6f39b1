import { expect, test } from "vitest";
import {
  pathOfPerson,
  pathOfPost,
  pathOfSearch,
  pathOfTag,
  routeAt,
  routeOf,
  topicOfRoute,
} from "../live/route";

test.each([
  ["/", { kind: "feed", name: "all" }],
  ["/following", { kind: "feed", name: "following" }],
  ["/search", { kind: "search", q: "" }],
  ["/news", { kind: "news" }],
  ["/settings", { kind: "settings" }],
  ["/settings/more", { kind: "nowhere" }],
  ["/post/01jd", { kind: "post", id: "01jd" }],
  ["/tag/Foxes", { kind: "tag", tag: "foxes" }],
  ["/@quiet-otter", { kind: "person", handle: "quiet-otter" }],
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
  expect(routeOf(pathOfTag("été/x"))).toEqual({ kind: "tag", tag: "été/x" });
  expect(routeOf(pathOfPerson("a b"))).toEqual({ kind: "person", handle: "a b" });
  expect(routeOf(pathOfPost("a?b#c"))).toEqual({ kind: "post", id: "a?b#c" });
});

test("feeds are named by ids, never by handles", () => {
  expect(topicOfRoute({ kind: "person", handle: "x" }, null)).toBeNull();
  expect(topicOfRoute({ kind: "person", handle: "x" }, "u7")).toBe("feed:user:u7");
  expect(topicOfRoute({ kind: "tag", tag: "foxes" }, null)).toBe("feed:tag:foxes");
});

test("an invitation stands behind the room's address", () => {
  expect(routeOf("/room/x", "?invite=a%20b")).toEqual({ kind: "room", id: "x", invite: "a b" });
});
