import { expect, test } from "vitest";
import { completed, marked, namedAt, offered, partners } from "../live/mentions";
import type { User } from "../live/protocol";
import { comment, user } from "./made";

test("only those who are known to be named are links; tags are too", () => {
  const parts = marked("@slow-heron and @nobody see #foxes", new Set(["slow-heron"]));
  expect(parts.filter(({ handle }) => handle).map(({ text }) => text)).toEqual(["@slow-heron"]);
  expect(parts.filter(({ tag }) => tag).map(({ tag }) => tag)).toEqual(["foxes"]);
  expect(parts.map(({ text }) => text).join("")).toBe("@slow-heron and @nobody see #foxes");
});

test("a longer name that begins the same is somebody else's", () => {
  expect(marked("@slow-heron-2", new Set(["slow-heron"])).some(({ handle }) => handle)).toBe(false);
});

test.each([
  ["hello @", 7, ""],
  ["hello @slo", 10, "slo"],
  ["(@Sl", 4, "sl"],
  ["mail@slow", 9, null],
  ["hello @slow and", 15, null],
  ["hello", 5, null],
])("%j names %s", (text, caret, begun) => {
  expect(namedAt(text, caret)).toBe(begun);
});

test("those who begin so come before those who contain it", () => {
  const people = ["slow-heron", "heron", "otter"].map((handle) => ({
    ...user(handle),
    handle,
  }));
  expect(offered(people, "her").map(({ handle }) => handle)).toEqual(["heron", "slow-heron"]);
  expect(offered(people, "")).toHaveLength(3);
});

test("who is called just so comes first, whoever told of them", () => {
  const [ann, joanne, anna] = ["ann", "joanne", "anna"].map((handle) => ({
    ...user(handle),
    handle,
  })) as [User, User, User];
  for (const found of [offered([anna, joanne], "ann", [ann, anna]), offered([joanne, anna, ann], "ann")])
    expect(found.map(({ handle }) => handle)).toEqual(["ann", "anna", "joanne"]);
});

test("whom the server names comes after those who are near, and nobody twice", () => {
  const [near, far, more] = ["oce-lot", "friendly-ocean", "ocean"].map((handle) => ({
    ...user(handle),
    handle,
  })) as [User, User, User];
  expect(offered([near], "oce", [more, near, far]).map(({ handle }) => handle)).toEqual([
    "oce-lot",
    "ocean",
    "friendly-ocean",
  ]);
  const crowd = Array.from({ length: 9 }, (_, index) => user(`u${index}`));
  expect(offered([near], "oce", crowd)).toHaveLength(6);
});

test("the name takes the place of its beginning, with one space behind", () => {
  expect(completed("hi @slo", 7, "slow-heron")).toEqual({
    text: "hi @slow-heron ",
    caret: 15,
  });
  expect(completed("hi @slo there", 7, "slow-heron")).toEqual({
    text: "hi @slow-heron there",
    caret: 15,
  });
});

test("everybody in the talk is offered once, who spoke last first, and I am not", () => {
  const talk = ["a", "b", "a"].map((author, index) =>
    comment(`c${index}`, "p", index, { author: user(author) }),
  );
  expect(partners(talk, [user("b"), user("owner"), user("me")], "me").map(({ id }) => id)).toEqual([
    "a",
    "b",
    "owner",
  ]);
});
