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
