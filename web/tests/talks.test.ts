import { expect, test } from "vitest";
import type { Comment } from "../live/protocol";
import { EMPTY_THREAD, type Thread } from "../live/state";
import { talksOf, type Talk } from "../live/talks";
import { comment } from "./made";

const newest = comment("n", "p", 40);
const reply = comment("r", "p", 50, { parent: "old" });

function thread(next: string | null, comments: readonly Comment[], ...removed: string[]): Thread {
  return { ...EMPTY_THREAD, comments, next, removed: new Set(removed) };
}

function talkOf(id: string, of: Thread): Talk {
  return talksOf(of).find((talk) => talk.id === id)!;
}

test("a reply to what was not read yet stands under an earlier comment, before all that is here", () => {
  const old = talkOf("old", thread("before-n", [newest, reply]));
  expect(old).toMatchObject({ comment: null, earlier: true, replies: [reply] });
  expect(old.time).toBeLessThan(newest.created);
});

test("a comment that we were told is removed is no earlier one, and keeps the place of its first reply", () => {
  const old = talkOf("old", thread("before-n", [newest, reply], "old"));
  expect(old).toMatchObject({ comment: null, earlier: false, time: reply.created });
});

test("what is missing when all was read is removed", () => {
  expect(talkOf("old", thread(null, [newest, reply])).earlier).toBe(false);
});

test("once it is read, what was said stands at its own time with what was answered", () => {
  const said = comment("old", "p", 10);
  const old = talkOf("old", thread("before-old", [said, newest, reply]));
  expect(old).toEqual({ id: "old", comment: said, earlier: false, replies: [reply], time: 10 });
});
