import { beforeEach, expect, test, vi } from "vitest";
import { fold, type Action } from "../live/fold";
import { recallPost } from "../live/kept-post";
import type { Book } from "../live/last-feed";
import type { Live } from "../live/live";
import type { User } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import { post, user } from "./made";

const kept = vi.hoisted(() => ({ book: null as unknown }));

vi.mock("../live/shelf", () => ({
  read: () => (kept.book ? Promise.resolve(kept.book) : Promise.reject(new DOMException("It is forbidden."))),
}));

const BOOK: Book = {
  person: "me",
  feeds: [{ topic: "feed:tag:x", at: "5-1", next: null, posts: [post("p")], mine: { p: ["🦊"] } }],
};

beforeEach(() => {
  kept.book = BOOK;
});

/** Recall a post on a page that knows this, and return what it knows then. */
async function recalled(id: string, me: User | null = null, state: State = EMPTY): Promise<State> {
  const page = { me, state, dispatch: (action: Action) => (page.state = fold(page.state, action)) };
  await recallPost(page as unknown as Live, id);
  return page.state;
}

test("a post that hung on a wall is shown again, with one's own reactions", async () => {
  for (const me of [null, user("me")]) {
    const { posts, mine } = await recalled("p", me);
    expect([posts.get("p"), [...(mine.get("p") ?? [])]]).toEqual([post("p"), ["🦊"]]);
  }
});

test("what was kept for somebody else, is gone, or is newer here stays as it is", async () => {
  const gone = fold(EMPTY, { kind: "gone", post: "p" });
  const known = fold(EMPTY, { kind: "post", post: { ...post("p"), caption: "newer" }, mine: [] });
  expect(await recalled("p", user("other"))).toBe(EMPTY);
  expect(await recalled("p", null, gone)).toBe(gone);
  expect(await recalled("p", null, known)).toBe(known);
  expect(await recalled("another")).toBe(EMPTY);
});

test("where nothing may be kept nothing is recalled", async () => {
  kept.book = null;
  expect(await recalled("p")).toBe(EMPTY);
});
