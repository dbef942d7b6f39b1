import { beforeEach, expect, test, vi } from "vitest";
import type { FeedSnapshot } from "../live/api";
import { fold, type Action } from "../live/fold";
import { LaidAside } from "../live/laid-aside";
import type { Live } from "../live/live";
import { Problem } from "../live/problem";
import { EMPTY, type State } from "../live/state";
import { shapeOf } from "../live/shape";
import { post } from "./made";

const FEED = "feed:all";
const SHAPE = shapeOf([{ width: 1, height: 1, lines: 1, upright: false }]);

/** The state behind what reads it, and what the server answers. */
class House {
  state: State = EMPTY;
  readonly pages = new Map<string, readonly string[]>();
  readonly single = new Map<string, number>();
  readonly asked: string[] = [];

  readonly api = {
    post: (id: string) => {
      this.asked.push(id);
      const status = this.single.get(id) ?? 200;
      if (status !== 200) return Promise.reject(new Problem("said", "said", status));
      return Promise.resolve({ post: post(id), at: "1-1", mine: [] });
    },
  };

  dispatch(...actions: Action[]): void {
    this.state = actions.reduce(fold, this.state);
  }

  page(before: string): Promise<FeedSnapshot> {
    this.asked.push(before);
    const ids = this.pages.get(before);
    if (!ids) return Promise.reject(new Problem("unreachable", "said", 0));
    const posts = ids.map((id) => post(id));
    return Promise.resolve({ posts, generations: [], at: "1-1", next: null });
  }

  hang(ids: string[], before?: string): void {
    const read = { posts: ids.map((id) => post(id)), generations: [], next: "more", mine: {} };
    const place = before === undefined ? "first" : "older";
    this.dispatch({
      kind: "feed-page",
      topic: FEED,
      page: { ...read, place, ...(before === undefined ? {} : { before }) },
    });
  }

  aside(...keys: string[]): void {
    this.dispatch({ kind: "lay-aside", topic: FEED, shapes: new Map(keys.map((key) => [key, SHAPE])) });
  }
}

let house: House;
let aside: LaidAside;

beforeEach(() => {
  house = new House();
  aside = new LaidAside(house as unknown as Live, (_, before) => house.page(before));
});

test("a block that came as a page is read as that page", async () => {
  house.hang(["d", "c"]);
  house.hang(["b", "a"], "9-c");
  house.aside("b");
  house.pages.set("9-c", ["b", "a", "older"]);
  await aside.takeBack(FEED, ["b"]);
  expect([...house.state.posts.keys()]).toEqual(["d", "c", "b", "a"]);
  expect(house.asked).toEqual(["9-c"]);
});

test("what is on the page no more is asked for by name, and may be gone", async () => {
  house.hang(["top"]);
  house.hang(["c", "b", "a"], "9-d");
  house.aside("c");
  house.pages.set("9-d", ["c"]);
  house.single.set("a", 404);
  await aside.takeBack(FEED, ["c"]);
  expect([...house.state.posts.keys()]).toEqual(["top", "c", "b"]);
  expect(house.state.gone).toEqual(new Set(["a"]));
});

test("a block that was no page is read picture by picture", async () => {
  house.hang(["b", "a"]);
  house.aside("b");
  await aside.takeBack(FEED, ["b"]);
  expect([...house.state.posts.keys()]).toEqual(["b", "a"]);
  expect(house.asked).toEqual(["b", "a"]);
});

test("what cannot be read stays aside and is tried again while it is wanted", async () => {
  vi.useFakeTimers();
  try {
    house.hang(["top"]);
    house.hang(["b"], "9-c");
    house.aside("b");
    await aside.takeBack(FEED, ["b"]);
    expect(house.state.feeds.get(FEED)!.blocks[1]!.aside).toBe("far");
    house.pages.set("9-c", ["b"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(house.state.posts.has("b")).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test("what is wanted no more is not begun", async () => {
  house.hang(["top"]);
  for (const key of ["e", "d", "c", "b"]) {
    house.hang([key], `9-${key}`);
    house.pages.set(`9-${key}`, [key]);
  }
  house.aside("e", "d", "c", "b");
  const first = aside.takeBack(FEED, ["e", "d", "c", "b"]);
  await Promise.all([first, aside.takeBack(FEED, ["e", "d"])]);
  await vi.waitFor(() => expect(house.state.posts.has("d")).toBe(true));
  expect(house.asked).toEqual(["9-e", "9-d"]);
});
