import { beforeEach, expect, test } from "vitest";
import { Exchange } from "../live/exchange";
import type { SubscribeOptions, Subscribed, Topic } from "../live/protocol";

const ROOM = "room:b";
const SEEN: SubscribeOptions = { presence: "roster" };
const HIDDEN: SubscribeOptions = { presence: "roster", hidden: true };

let asked: Readonly<Record<Topic, SubscribeOptions>>[] = [];
let exchange: Exchange;

beforeEach(() => {
  asked = [];
  exchange = new Exchange({
    subscribe: (topics) => asked.push(topics),
    unsubscribe: () => undefined,
    answer: () => undefined,
  });
});

/** Let the server answer what was asked last; return how the room was asked for. */
function answered(): SubscribeOptions | undefined {
  const subscribed: Subscribed = { at: "5-0", resumed: true };
  exchange.receive([{ op: "subscribed", ref: asked.length, topics: { [ROOM]: subscribed } }]);
  return asked.at(-1)?.[ROOM];
}

test("one tab that hides hides them all, whichever came first", () => {
  exchange.ask("one", { [ROOM]: SEEN });
  expect(answered()?.hidden).toBeUndefined();
  exchange.ask("other", { [ROOM]: HIDDEN });
  expect(answered()).toMatchObject({ presence: "roster", hidden: true });
  exchange.ask("third", { [ROOM]: SEEN });
  expect(answered()?.hidden).toBe(true);
});

test("all are seen again when the last of them hides no more, or is closed", () => {
  for (const [tab, wish] of Object.entries({ one: HIDDEN, other: HIDDEN, third: SEEN })) {
    exchange.ask(tab, { [ROOM]: wish });
    answered();
  }
  exchange.ask("one", { [ROOM]: SEEN });
  expect(answered()?.hidden).toBe(true);
  exchange.gone("other");
  expect(answered()).toEqual({ since: "5-0", presence: "roster" });
});

test("who asks again from where they stand is told from just there, however far back others stand", () => {
  exchange.ask("one", { [ROOM]: { since: "3-0" } });
  exchange.ask("two", { [ROOM]: { since: "4-0" } });
  exchange.receive([{ op: "subscribed", ref: 1, topics: { [ROOM]: { at: "3-0", resumed: true } } }]);
  exchange.receive([{ op: "subscribed", ref: 2, topics: { [ROOM]: { at: "3-0", resumed: true } } }]);
  // From 3-0 on they cannot tell what is new to them; a third one waits, so the place does not move.
  exchange.ask("three", { [ROOM]: { since: "6-0" } });
  expect(asked.at(-1)).toEqual({ [ROOM]: { since: "3-0" } });
  exchange.ask("two", { [ROOM]: { since: "4-0" } });
  expect(asked.at(-1)).toEqual({ [ROOM]: { since: "4-0" } });
  exchange.ask("three", { [ROOM]: { since: "6-0" } });
  expect(asked.at(-1)).toEqual({ [ROOM]: { since: "6-0" } });
});

test("a topic that one of two has an answer for is resumed on the next connection", () => {
  exchange.ask("one", { [ROOM]: { latest: 3 } });
  exchange.ask("two", { [ROOM]: { latest: 3 } });
  exchange.receive([{ op: "subscribed", ref: 1, topics: { [ROOM]: { at: "5-0", resumed: false } } }]);
  exchange.gone("two");
  asked = [];
  exchange.welcomed();
  expect(asked).toEqual([{ [ROOM]: { since: "5-0" } }]);
});

test("what was asked about a topic that was left says nothing of what is asked about it later", () => {
  const told: (readonly [string, string])[] = [];
  const refs: number[] = [];
  const one = new Exchange({
    subscribe: () => refs.push(0),
    unsubscribe: () => undefined,
    answer: (tab, topics) => void told.push([tab, Object.keys(topics).join()]),
  });
  one.ask("one", { "post:a": {}, "post:b": {} });
  one.leave("one", ["post:a"]);
  one.ask("one", { "post:a": { since: "7-0" } });
  const answer: Subscribed = { at: "5-0", resumed: false };
  one.receive([{ op: "subscribed", ref: 1, topics: { "post:a": answer, "post:b": answer } }]);
  expect(told).toEqual([["one", "post:b"]]);
  one.receive([{ op: "subscribed", ref: 2, topics: { "post:a": { at: "7-0", resumed: true } } }]);
  expect(told[1]).toEqual(["one", "post:a"]);
  // Where nobody is left who waits, nothing is asked for them on the next connection.
  one.leave("one", ["post:a", "post:b"]);
  one.welcomed();
  expect(refs).toHaveLength(2);
});

test("a tab that does not look who is there neither hides anybody nor shows them", () => {
  exchange.ask("one", { [ROOM]: HIDDEN });
  answered();
  exchange.ask("other", { [ROOM]: {} });
  expect(answered()?.hidden).toBe(true);
});

test("a new connection hides as the one before it did", () => {
  exchange.ask("one", { [ROOM]: SEEN });
  answered();
  exchange.ask("other", { [ROOM]: HIDDEN });
  answered();
  exchange.welcomed();
  expect(asked.at(-1)?.[ROOM]).toMatchObject({ since: "5-0", hidden: true });
});
