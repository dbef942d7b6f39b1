import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { INITIAL } from "../live/connection";
import { Live } from "../live/live";
import type { ServerFrame, SubscribeOptions, Topic, User, Welcome } from "../live/protocol";
import type { TransportEvents } from "../live/transport";
import { comment, events, generation, post, user } from "./made";

// Every browser we are for has it, the oldest Node.js that we are built with does not.
Promise.withResolvers ??= function <T>(): PromiseWithResolvers<T> {
  const made = {} as { -readonly [K in keyof PromiseWithResolvers<T>]: PromiseWithResolvers<T>[K] };
  made.promise = new Promise<T>((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

const transports = vi.hoisted(() => [] as { events: unknown; asked: Record<string, unknown>[] }[]);

vi.mock("../live/transport", () => ({
  OwnTransport: class {
    readonly connection = INITIAL;
    readonly asked: Record<string, unknown>[] = [];
    constructor(
      _roads: unknown,
      readonly events: unknown,
    ) {
      transports.push(this);
    }
    start(): void {}
    stop(): void {}
    look(): void {}
    rest(): void {}
    subscribe(topics: Record<string, unknown>): number {
      return this.asked.push(topics);
    }
    unsubscribe(): void {}
  },
}));

// Whether anybody looks at the page is no matter here.
vi.mock("../live/attention", () => ({ attend: () => () => undefined }));

/** One browser: its cookie, its lock, and the server's side of who it is. */
class Browser {
  cookie: User | null = null;
  guests = 0;
  /** The server cannot be reached. */
  refuses = false;
  /** It makes no more guests. */
  full = false;
  #queue: Promise<unknown> = Promise.resolve();

  readonly navigator = {
    locks: {
      // Only one lock is asked for here; the tabs of one test have no BroadcastChannel to share by.
      request: (_name: string, held: () => Promise<unknown>): Promise<unknown> =>
        (this.#queue = this.#queue.then(held)),
    },
  };

  readonly fetch = async (path: string, { method }: { method: string }): Promise<Response> => {
    await Promise.resolve();
    if (this.refuses) throw new TypeError("no way there");
    if (path === "/api/guests" && this.full) return new Response("{}", { status: 429 });
    if (path === "/api/guests") {
      this.guests++;
      this.cookie = user(`guest-${this.guests}`);
      return new Response(JSON.stringify({ user: this.cookie }));
    }
    if (path === "/api/me") return new Response(JSON.stringify({ user: this.cookie }));
    if (method !== "GET" && !this.cookie) return new Response("{}", { status: 401 });
    return new Response(JSON.stringify({ comment: comment("c", "p", 1) }));
  };
}

let browser: Browser;

beforeEach(() => {
  vi.useFakeTimers();
  transports.length = 0;
  browser = new Browser();
  vi.stubGlobal("navigator", browser.navigator);
  vi.stubGlobal("BroadcastChannel", undefined);
  for (const name of ["addEventListener", "removeEventListener"]) vi.stubGlobal(name, () => undefined);
  vi.stubGlobal("fetch", browser.fetch);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function tab(): Promise<Live> {
  const live = new Live("ws://nowhere/ws");
  await live.start();
  return live;
}

function server(): TransportEvents {
  return transports.at(-1)!.events as TransportEvents;
}

function welcome(who: User | null): Welcome {
  return { user: who } as Welcome;
}

test("the tabs of a browser that nobody knows are one guest", async () => {
  const tabs = [new Live("ws://nowhere/ws"), new Live("ws://nowhere/ws"), new Live("ws://nowhere/ws")];
  await Promise.all(tabs.map((live) => live.start()));
  expect(browser.guests).toBe(1);
  expect(new Set(tabs.map(({ me }) => me?.id))).toEqual(new Set(["guest-1"]));
});

test("a page that loses its cookie again and again becomes somebody each time", async () => {
  const live = await tab();
  for (const time of [2, 3]) {
    browser.cookie = null;
    server().welcomed(welcome(null));
    await vi.advanceTimersByTimeAsync(61_000);
    expect(live.me?.id).toBe(`guest-${time}`);
    server().welcomed(welcome(live.me));
    await vi.advanceTimersByTimeAsync(120_000);
  }
});

test("who needs to be somebody hears that nobody lets us in, and asking again tries at once", async () => {
  browser.refuses = true;
  const live = new Live("ws://nowhere/ws");
  void live.start();
  await expect(live.letIn()).rejects.toMatchObject({ code: "unreachable" });
  expect(live.keptOut).toBe(true);
  await vi.advanceTimersByTimeAsync(40_000);
  let told = 0;
  const asked = (): Promise<void> => live.letIn().catch(() => void told++);
  await Promise.all([asked(), asked()]);
  expect(told).toBe(2);
  browser.refuses = false;
  // The next attempt would be as much as 15 s away.
  await Promise.all([live.letIn(), vi.advanceTimersByTimeAsync(1)]);
  expect([live.me?.id, live.keptOut]).toEqual(["guest-1", false]);
  await live.letIn();
});

test("without a line we are shown as who was here last, which lets nobody in, until the server says who we are", async () => {
  browser.refuses = true;
  browser.cookie = user("other");
  const live = new Live("ws://nowhere/ws");
  live.last = user("me");
  let isIn = false;
  void live.admitted.then(() => (isIn = true));
  void live.start();
  await expect(live.letIn()).rejects.toMatchObject({ code: "unreachable" });
  expect([live.shownMe?.id, live.me, live.keptOut, isIn]).toEqual(["me", null, true, false]);
  browser.refuses = false;
  await Promise.all([live.letIn(), vi.advanceTimersByTimeAsync(1)]);
  expect([live.shownMe?.id, live.me?.id, isIn]).toEqual(["other", "other", true]);
});

test("a newcomer whom nobody lets in is not shown as who was here last", async () => {
  browser.full = true;
  const newcomer = new Live("ws://nowhere/ws");
  newcomer.last = user("me");
  void newcomer.start();
  await vi.advanceTimersByTimeAsync(10);
  expect([newcomer.keptOut, newcomer.shownMe]).toEqual([true, null]);
});

test("who has lost their cookie is not shown as who they were", async () => {
  const live = await tab();
  live.last = live.me;
  browser.cookie = null;
  await live.api.comment("p", "hello", null, "k").catch(() => undefined);
  browser.refuses = true;
  await vi.advanceTimersByTimeAsync(10);
  expect([live.keptOut, live.shownMe]).toEqual([true, null]);
});

test("where no cookie stays, guests are made ever more seldom", async () => {
  await tab();
  for (let second = 0; second < 3_600; second += 10) {
    browser.cookie = null;
    server().welcomed(welcome(null));
    await vi.advanceTimersByTimeAsync(10_000);
  }
  expect(browser.guests).toBeGreaterThan(2);
  expect(browser.guests).toBeLessThan(9);
});

test("who hears from a command that the server does not know them becomes somebody, and still says it", async () => {
  const live = await tab();
  browser.cookie = null;
  const draft = { key: "k", author: live.me, text: "hello", parent: null, problem: "" } as const;
  live.dispatch({ kind: "draft", post: "p", draft: { ...draft, status: "waiting" } });
  const heirs: (string | undefined)[] = [];
  await live.api.comment("p", "hello", null, "k").catch(() => undefined);
  browser.refuses = true;
  await vi.advanceTimersByTimeAsync(10);
  expect(live.me).toBe(null);
  live.dispatch({
    kind: "draft",
    post: "p",
    draft: { ...draft, key: "l", text: "more", author: null, status: "waiting" },
  });
  browser.refuses = false;
  live.changedHands = (heirOf) => {
    heirs.push(heirOf?.id);
    live.dispatch({ kind: "another" });
  };
  await vi.advanceTimersByTimeAsync(5_000);
  expect(transports).toHaveLength(2);
  expect(live.me?.id).toBe("guest-2");
  expect(live.state.drafts.get("p")?.map(({ author, text }) => [author?.id, text])).toEqual([
    ["guest-2", "hello"],
    ["guest-2", "more"],
  ]);
  // What else they have begun is still theirs; of who was let in by another tab it is not.
  expect(heirs).toEqual(["guest-1"]);
  server().welcomed(welcome(user("another")));
  expect(heirs).toEqual(["guest-1", undefined]);
});

test("a post whose topic is not there is gone, and one that cannot be followed now is not", async () => {
  const live = await tab();
  const topics = ["post:a", "post:b", "post:c"];
  for (const topic of topics) live.follow(topic);
  await vi.advanceTimersByTimeAsync(0);
  const answers = { "post:a": { error: "not_found" }, "post:b": { error: "too_many_topics" } };
  server().frames([
    { op: "subscribed", ref: 1, topics: { ...answers, "post:c": { at: "1-0", resumed: true } } },
  ]);
  expect([...live.state.gone]).toEqual(["a"]);
  server().frames([{ op: "error", topic: "post:c", code: "not_found", message: "" }]);
  expect([...live.state.gone]).toEqual(["a", "c"]);
});

test("what is held behind the pause of a topic that was left and read afresh does not come again", async () => {
  const live = await tab();
  const FEED = "feed:all";
  const leave = live.follow(FEED, { since: "1-0" });
  const told = async (...frames: ServerFrame[]): Promise<void> => {
    server().frames(frames);
    await vi.advanceTimersByTimeAsync(1_000);
  };
  const subscribed = (at: string): ServerFrame => ({
    op: "subscribed",
    ref: 1,
    topics: { [FEED]: { at, resumed: true } },
  });
  await told(subscribed("1-0"));
  live.pause(true);
  await told({
    ...events(FEED, ["2-0", "post.created", { post: post("held") }]),
    from: "1-0",
  } as ServerFrame);
  expect(live.heldPosts).toBe(1);
  leave();
  expect(live.heldPosts).toBe(0);
  live.follow(FEED, { since: "2-0" });
  await told(subscribed("2-0"));
  await told({ ...events(FEED, ["3-0", "post.created", { post: post("new") }]), from: "2-0" } as ServerFrame);
  live.pause(false);
  expect(live.state.feeds.get(FEED)?.pending).toEqual(["new"]);
});

test("who follows a topic from a newer snapshot is not told again what was held before it", async () => {
  const live = await tab();
  live.follow("feed:all", { since: "1-0" });
  const topics: Record<Topic, SubscribeOptions & { at: string; resumed: true }> = {
    "feed:all": { at: "1-0", resumed: true },
  };
  server().frames([{ op: "subscribed", ref: 1, topics }]);
  live.pause(true);
  const held = events("feed:all", ["2-0", "post.created", { post: post("held") }]);
  server().frames([{ ...held, from: "1-0" } as ServerFrame]);
  live.follow("feed:all", { since: "2-0" });
  live.pause(false);
  expect(live.state.feeds.get("feed:all")?.pending ?? []).toEqual([]);
});

test("what was missed behind the pause is read when the page goes on", async () => {
  const live = await tab();
  const FEED = "feed:all";
  const read = { posts: [post("b"), post("a")], generations: [], next: null, mine: {}, at: "9-0" };
  live.dispatch({ kind: "feed-page", topic: FEED, page: { ...read, at: "1-0", place: "first" } });
  live.follow(FEED, { since: "1-0" });
  server().frames([{ op: "subscribed", ref: 1, topics: { [FEED]: { at: "1-0", resumed: true } } }]);
  const reads: string[] = [];
  live.reload = (topic) => {
    reads.push(topic);
    live.dispatch({ kind: "feed-page", topic, page: { ...read, place: "missed" } });
  };
  live.pause(true);
  server().frames([{ op: "gap", topic: FEED, at: "9-0" }]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reads).toEqual([]);
  live.pause(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([reads, live.state.feeds.get(FEED)?.gap]).toEqual([[FEED], false]);
});

test("held still, one is told how one's own jobs fare", async () => {
  const live = await tab();
  for (const id of ["mine", "theirs"]) {
    live.dispatch({ kind: "generation", generation: generation(id), easel: null });
    live.follow(`generation:${id}`, { since: "1-0" });
  }
  live.dispatch({ kind: "own", generation: "mine", on: true });
  const topics = {
    "generation:mine": { at: "1-0", resumed: true },
    "generation:theirs": { at: "1-0", resumed: true },
  };
  server().frames([{ op: "subscribed", ref: 1, topics } as ServerFrame]);
  live.pause(true);
  for (const topic of Object.keys(topics))
    server().frames([{ ...events(topic, ["2-0", "generation.started", {}]), from: "1-0" } as ServerFrame]);
  await vi.advanceTimersByTimeAsync(1_000);
  const stages = (): unknown[] => ["mine", "theirs"].map((id) => live.state.generations.get(id)?.stage);
  expect(stages()).toEqual(["starting", "queued"]);
  live.pause(false);
  expect(stages()).toEqual(["starting", "starting"]);
});

test("what comes in one message with the answer to a subscription is held too", async () => {
  const live = await tab();
  const FEED = "feed:all";
  live.follow(FEED, { since: "1-0" });
  server().frames([{ op: "subscribed", ref: 1, topics: { [FEED]: { at: "1-0", resumed: true } } }]);
  live.pause(true);
  live.follow("post:x");
  await vi.advanceTimersByTimeAsync(0);
  server().frames([
    { ...events(FEED, ["2-0", "post.created", { post: post("held") }]), from: "1-0" } as ServerFrame,
    { op: "subscribed", ref: 2, topics: { "post:x": { at: "2-0", resumed: false } } },
  ]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([live.state.feeds.get(FEED)?.pending ?? [], live.heldPosts]).toEqual([[], 1]);
  live.pause(false);
  expect(live.state.feeds.get(FEED)?.pending).toEqual(["held"]);
});
