import { expect, test } from "vitest";
import { newestOf } from "../live/newest";
import type { LatestValue, TopicFrame } from "../live/protocol";

const value = (key: string, rev: string): LatestValue => ({
  key,
  type: "post.counters",
  time: 0,
  rev,
  data: null,
});
const latest = (topic: string, ...values: LatestValue[]): TopicFrame => ({ op: "latest", topic, values });
const events = (topic: string, to: string): TopicFrame => ({
  op: "events",
  topic,
  from: "0-0",
  to,
  events: [],
});

test("of several values of one key the last is left, where it came", () => {
  const frames = [
    latest("post:a", value("a", "1-0")),
    latest("post:b", value("b", "2-0")),
    events("post:a", "3-0"),
    latest("post:a", value("a", "4-0")),
  ];
  expect(newestOf(frames)).toEqual(frames.slice(1));
});

test("a frame keeps the values that nothing replaces", () => {
  const both = latest("feed:all", value("a", "1-0"), value("b", "2-0"));
  const newer = latest("feed:all", value("a", "3-0"));
  expect(newestOf([both, newer])).toEqual([latest("feed:all", value("b", "2-0")), newer]);
});

test("the same key in another topic is another value", () => {
  const frames = [latest("post:a", value("a", "1-0")), latest("feed:all", value("a", "1-0"))];
  expect(newestOf(frames)).toEqual(frames);
});

test("whatever comes, the newest value of each key is there once, and all else in its order", () => {
  let seed = 7;
  const draw = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  const frames = Array.from({ length: 400 }, (_, index) =>
    draw(3) ? latest(`t${draw(4)}`, value(`k${draw(5)}`, `${index}-0`)) : events(`t${draw(4)}`, `${index}-0`),
  );
  const told = (list: readonly TopicFrame[]): ReadonlyMap<string, LatestValue> =>
    new Map(
      list.flatMap((frame) =>
        frame.op === "latest" ? frame.values.map((one) => [`${frame.topic} ${one.key}`, one] as const) : [],
      ),
    );
  const left = newestOf(frames);
  expect(told(left)).toEqual(told(frames));
  expect(left.filter(({ op }) => op === "latest").length).toBe(told(frames).size);
  expect(left.filter(({ op }) => op === "events")).toEqual(frames.filter(({ op }) => op === "events"));
});

test("frames that only move a topic's position are one with its last events", () => {
  const moved = (topic: string, from: string, to: string): TopicFrame => ({
    op: "events",
    topic,
    from,
    to,
    events: [],
  });
  const event = { id: "2-0", type: "post.deleted", time: 0, data: { id: "a" } };
  const told: TopicFrame = { ...moved("post:a", "1-0", "2-0"), events: [event] } as TopicFrame;
  const gap: TopicFrame = { op: "gap", topic: "post:b", at: "9-0" };
  expect(
    newestOf([
      moved("post:a", "0-0", "1-0"),
      told,
      latest("post:a", value("a", "2-0")),
      moved("post:a", "2-0", "3-0"),
      moved("post:b", "1-0", "2-0"),
      moved("post:a", "3-0", "4-0"),
      gap,
      moved("post:a", "4-0", "5-0"),
    ]),
  ).toEqual([
    moved("post:a", "0-0", "1-0"),
    { ...told, to: "4-0" },
    latest("post:a", value("a", "2-0")),
    moved("post:b", "1-0", "2-0"),
    gap,
    moved("post:a", "4-0", "5-0"),
  ]);
});
