import { expect, test } from "vitest";
import { Held } from "../live/held";
import type { TopicFrame } from "../live/protocol";
import { events, latest, post } from "./made";

const FEED = "feed:all";

const created = (number: number, topic = FEED): TopicFrame =>
  events(topic, [`${number}-0`, "post.created", { post: post(`p${number}`) }]);
const totals = (number: number, of: string): TopicFrame =>
  latest(FEED, `${number}-1`, "post.counters", { comments: number }, of);

test("what waits is handed over once, in its order", () => {
  const held = new Held();
  const frames = [created(1), totals(1, "a"), created(2)];
  held.hold(frames.slice(0, 1));
  held.hold(frames.slice(1));
  expect(held.posts).toBe(2);
  expect(held.take()).toEqual({ frames, reads: [] });
  expect(held.take()).toEqual({ frames: [], reads: [] });
});

test("however long it lasts so much waits: every newest value, and of the rest the snapshots are read", () => {
  const held = new Held();
  for (let number = 1; number <= 20_000; number++) {
    held.hold([created(number), created(number, "feed:tag:foxes"), totals(number, `p${number % 7}`)]);
  }
  const { frames, reads } = held.take();
  expect(frames.length).toBeLessThan(7_000);
  expect(frames.slice(0, 2)).toEqual([created(1), created(1, "feed:tag:foxes")]);
  const newest = new Map(
    frames
      .flatMap((frame) => (frame.op === "latest" ? frame.values : []))
      .map((value) => [value.key, value.rev]),
  );
  expect([...newest.values()].sort()).toEqual([
    "19994-1",
    "19995-1",
    "19996-1",
    "19997-1",
    "19998-1",
    "19999-1",
    "20000-1",
  ]);
  expect(new Set(reads)).toEqual(new Set([FEED, "feed:tag:foxes"]));
});

test("newest values wait within bounds too, the newest of them, and what goes is read", () => {
  const held = new Held();
  for (let number = 1; number <= 20_000; number++) held.hold([totals(number, `p${number}`)]);
  const { frames, reads } = held.take();
  expect(frames.length).toBeLessThan(7_000);
  expect(frames.at(-1)).toEqual(totals(20_000, "p20000"));
  expect(reads).toEqual([FEED]);
});

test("however many pictures wait, their number never falls, and none counts twice", () => {
  const held = new Held();
  const counts: number[] = [];
  for (let number = 1; number <= 10_000; number++) {
    held.hold([created(number), created(number, "feed:tag:foxes")]);
    if (number % 500 === 0) counts.push(held.posts);
  }
  expect(counts.slice(0, 6)).toEqual([500, 1_000, 1_500, 2_000, 2_500, 3_000]);
  expect(counts).toEqual(counts.toSorted((one, other) => one - other));
  held.release(FEED);
  held.release("feed:tag:foxes");
  expect(held.posts).toBe(0);
});

test("of a topic that is subscribed to anew nothing waits, and nothing is read", () => {
  const held = new Held();
  held.hold([created(1), created(2, "feed:tag:foxes")]);
  held.miss(FEED);
  held.release(FEED);
  expect(held.take()).toEqual({
    frames: [created(2, "feed:tag:foxes")],
    reads: [],
  });
});

test("values that come again are not held from before", () => {
  const held = new Held();
  held.hold([created(1), totals(1, "a")]);
  held.forget([FEED]);
  held.hold([totals(2, "b")]);
  expect(held.take().frames).toEqual([created(1), totals(2, "b")]);
});
