import { expect, test } from "vitest";
import type { Live } from "../live/live";
import { EMPTY } from "../live/state";
import { Wall } from "../live/wall";

test("a wall is busy while older pictures are on their way to it, and says so when that begins and ends", async () => {
  let answer: (page: unknown) => void = () => undefined;
  const told: boolean[] = [];
  const feed = { blocks: [], next: "older", loaded: true, easel: [], pending: [] };
  const live = {
    state: { ...EMPTY, feeds: new Map([["feed:all", feed]]) },
    api: { feed: () => new Promise((resolve) => (answer = resolve)) },
    touch: () => told.push(wall.isAdding("feed:all")),
    dispatch: () => undefined,
  };
  const wall = new Wall(live as unknown as Live);
  const done = wall.older("feed:all");
  expect([wall.isAdding("feed:all"), wall.isAdding("tag:x")]).toEqual([true, false]);
  answer({ posts: [], generations: [], next: null, at: "1-0" });
  await done;
  expect(told).toEqual([true, false]);
});
