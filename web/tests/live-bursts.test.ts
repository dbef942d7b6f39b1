import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { INITIAL } from "../live/connection";
import { Live } from "../live/live";
import type { ServerFrame } from "../live/protocol";
import type { TransportEvents } from "../live/transport";
import { post } from "./made";

// Every browser we are for has it, the oldest Node.js that we are built with does not.
Promise.withResolvers ??= function <T>(): PromiseWithResolvers<T> {
  const made = {} as { -readonly [K in keyof PromiseWithResolvers<T>]: PromiseWithResolvers<T>[K] };
  made.promise = new Promise<T>((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

const told = vi.hoisted(() => ({ events: null as unknown }));

vi.mock("../live/transport", () => ({
  OwnTransport: class {
    readonly connection = INITIAL;
    constructor(_roads: unknown, events: unknown) {
      told.events = events;
    }
    start(): void {}
    stop(): void {}
    look(): void {}
    rest(): void {}
    subscribe(): number {
      return 0;
    }
    unsubscribe(): void {}
  },
}));

// Whether anybody looks at the page is no matter here.
vi.mock("../live/attention", () => ({ attend: () => () => undefined }));

const TOPIC = "post:p";
const POST = post("p");

let live: Live;
let events: TransportEvents;
let looks: number;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ user: { id: "me", handle: "me" } })));
  live = new Live("ws://nowhere/ws");
  await live.start();
  events = told.events as TransportEvents;
  live.follow(TOPIC);
  live.dispatch({ kind: "post", post: POST, mine: [] });
  await vi.advanceTimersByTimeAsync(1_000);
  looks = 0;
  live.listen(() => looks++);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function react(total: number): ServerFrame {
  const data = { post: "p", reactions: { "🔥": total }, comments: 0, remixes: 0 };
  return {
    op: "latest",
    topic: TOPIC,
    values: [{ key: "p", type: "post.counters", time: 0, rev: `${total}-0`, data }],
  };
}

/** Let a hundred reactions come, 2 ms apart. */
async function burst(): Promise<void> {
  for (let total = 2; total <= 101; total++) {
    events.frames([react(total)]);
    await vi.advanceTimersByTimeAsync(2);
  }
}

test("what comes after a silence is shown at once", async () => {
  events.frames([react(1)]);
  await Promise.resolve();
  expect(looks).toBe(1);
  expect(live.state.posts.get("p")?.reactions).toEqual({ "🔥": 1 });
});

test("of a burst one hears ten times a second, and of its end", async () => {
  await burst();
  expect(looks).toBeLessThanOrEqual(3);
  await vi.advanceTimersByTimeAsync(100);
  expect(looks).toBeLessThanOrEqual(4);
  expect(live.state.posts.get("p")?.reactions).toEqual({ "🔥": 101 });
});

test("who asks for the state has all that has come", async () => {
  await burst();
  events.frames([react(500)]);
  expect(live.state.posts.get("p")?.reactions).toEqual({ "🔥": 500 });
});

test("what one does oneself is shown at once, in the middle of a burst too", async () => {
  await burst();
  const before = looks;
  live.dispatch({ kind: "mine", post: "p", emoji: "🔥", on: true });
  await Promise.resolve();
  expect(looks).toBe(before + 1);
});

test("more than may wait is taken in before its time", () => {
  events.frames([react(1)]);
  const shown = vi.spyOn(live, "dispatch");
  events.frames(Array.from({ length: 600 }, (_, index) => react(index + 2)));
  expect(shown).toHaveBeenCalledOnce();
});
