import { afterEach, expect, test, vi } from "vitest";
import { Api } from "../live/api";
import { INITIAL } from "../live/connection";
import { Conversation } from "../live/conversation";
import { fold, type Action } from "../live/fold";
import { Live } from "../live/live";
import type { Post, ServerFrame, TopicFrame } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import type { TransportEvents } from "../live/transport";
import { Wall } from "../live/wall";
import { events, latest, post } from "./made";

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
vi.mock("../live/attention", () => ({ attend: () => () => undefined }));

const FEED = "feed:all";
const OWN = "post:p";

function play(state: State, ...steps: (Action | TopicFrame)[]): State {
  return steps.reduce<State>(
    (next, step) => fold(next, "op" in step ? { kind: "frame", frame: step, now: 0 } : step),
    state,
  );
}

/** The post as it was read when so many had reacted; positions rise with them. */
function read(total: number, more: Partial<Post> = {}): Post {
  return post("p", { ...counted(total), rev: `${total}-5`, ...more });
}

function counted(total: number): Pick<Post, "reactions" | "comments"> {
  return { reactions: total ? { "🔥": total } : {}, comments: total };
}

/** Totals as the post's own topic tells them, and as a feed does, whose positions are others. */
function value(topic: string, total: number): TopicFrame {
  const data = { post: "p", remixes: 0, ...counted(total) };
  return topic === OWN
    ? latest(OWN, `${total}-1`, "post.counters", data, "p")
    : latest(FEED, `${100 + total}-1`, "post.counters", { ...data, rev: `${total}-1` }, "p");
}

const ANSWERS: Readonly<Record<string, (post: Post) => Action>> = {
  post: (post) => ({ kind: "post", post, mine: [] }),
  "feed-page": (post) => ({
    kind: "feed-page",
    topic: FEED,
    page: { posts: [post], generations: [], next: null, mine: {}, place: "missed" },
  }),
};

const hung = play(EMPTY, {
  kind: "feed-page",
  topic: FEED,
  page: { posts: [read(1)], generations: [], next: null, mine: {}, place: "first" },
});

const shown = (state: State): number | undefined => state.posts.get("p")?.comments;

test.each(Object.entries(ANSWERS))(
  "a %s that was read before does not take newer totals back",
  (_, answer) => {
    for (const topic of [OWN, FEED]) {
      const state = play(hung, value(topic, 3), answer(read(2)));
      expect(shown(state)).toBe(3);
      expect(state.posts.get("p")?.reactions).toEqual({ "🔥": 3 });
      // Nor does leaving the topic: what was told stays true.
      expect(shown(play(state, { kind: "left", topic }, answer(read(2))))).toBe(3);
    }
  },
);

test.each(Object.entries(ANSWERS))("a %s that was read after is right, and stays so", (_, answer) => {
  for (const topic of [OWN, FEED]) {
    const state = play(hung, value(topic, 3), answer(read(4)));
    expect(shown(state)).toBe(4);
    // The newest value follows a subscription, and may be older than what was read meanwhile.
    expect(shown(play(state, { kind: "fresh", topic }, value(topic, 4)))).toBe(4);
    expect(shown(play(state, { kind: "fresh", topic }, value(topic, 3)))).toBe(4);
    expect(shown(play(state, value(topic, 5)))).toBe(5);
  }
});

test("words and totals are each the newest, from whatever copy", () => {
  const edited = events(OWN, ["9-9", "post.updated", { post: post("p", { caption: "new", edited: 7 }) }]);
  const state = play(hung, value(OWN, 3), edited, ANSWERS["post"]!(read(2, { caption: "old" })));
  expect(state.posts.get("p")).toMatchObject({ caption: "new", comments: 3 });
  expect(play(state, ANSWERS["post"]!(read(4, { caption: "old" }))).posts.get("p")).toMatchObject({
    caption: "new",
    comments: 4,
  });
});

test("after a gap history may be another: totals are believed again", () => {
  for (const topic of [OWN, FEED]) {
    const restored = play(hung, value(OWN, 9), { op: "gap", topic, at: "2-9" });
    expect(shown(play(restored, ANSWERS["feed-page"]!(read(2))))).toBe(2);
    expect(shown(restored)).toBe(9);
  }
});

const ALSO_OLDER: Action = {
  kind: "taken-back",
  topic: FEED,
  back: { block: "p", posts: [read(2)], mine: {} },
};

test("nor do pictures that come back from being laid aside, if they were told of meanwhile", () => {
  const shape = { columns: [] } as never;
  const asked = play(
    hung,
    { kind: "thread-page", post: "p", page: { comments: [], next: null, place: "first" } },
    { kind: "lay-aside", topic: FEED, shapes: new Map([["p", shape]]) },
    { kind: "ask-again", topic: FEED, blocks: new Set(["p"]) },
  );
  expect(shown(play(asked, value(OWN, 3), ALSO_OLDER))).toBe(3);
});

test("whoever reads a post, a feed or a search notes which totals it has", async () => {
  const answers: Record<string, unknown> = {
    "/api/posts/p": { post: post("p"), at: "9-1", mine: [] },
    "/api/feeds/all?limit=30": {
      posts: [post("p")],
      generations: [],
      at: "5-5",
      next: null,
      revs: { p: "8-1" },
    },
    "/api/search?q=x&limit=30": { posts: [post("p")], users: [], next: null, mine: {}, revs: { p: "7-1" } },
  };
  const api = new Api((path) => Promise.resolve(Response.json(answers[String(path)])));
  expect((await api.post("p")).post.rev).toBe("9-1");
  expect((await api.feed("all", null, 30)).posts[0]?.rev).toBe("8-1");
  let state = EMPTY;
  const dispatch = (action: Action): void => void (state = fold(state, action));
  new Wall({ api, dispatch, state: EMPTY, touch: () => undefined } as unknown as Live).open("search:x");
  await vi.waitFor(() => expect(state.posts.get("p")?.rev).toBe("7-1"));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a reaction that comes while a post is being opened is still there when it is open", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { onLine: true });
  const answers: Record<string, unknown> = {
    "/api/me": { user: { id: "me", handle: "me", avatar: "" } },
    "/api/posts/p": { post: read(0, { rev: undefined }), at: "9-0", mine: [] },
    "/api/posts/p/comments": { comments: [], at: "9-0", next: null },
  };
  // The comments take their time.
  vi.stubGlobal("fetch", async (path: string) => {
    if (path.endsWith("/comments")) await new Promise((resolve) => setTimeout(resolve, 1_800));
    return Response.json(answers[path.split("?")[0]!]);
  });
  const live = new Live("ws://nowhere/ws");
  await live.start();
  const { frames } = told.events as TransportEvents;
  const reacted = { ...value(OWN, 1), values: [{ ...(value(OWN, 1) as Latest).values[0]!, rev: "10-1" }] };
  const subscribed: ServerFrame = {
    op: "subscribed",
    ref: 0,
    topics: { [OWN]: { at: "9-0", resumed: true } },
  };

  // Its card hangs in sight, so its own topic is followed.
  live.dispatch({ kind: "post", post: read(0, { rev: "5-0" }), mine: [] });
  const leave = live.follow(OWN, {});
  new Conversation(live).open("p");
  await vi.advanceTimersByTimeAsync(900);
  frames([subscribed, reacted as ServerFrame]);
  await vi.advanceTimersByTimeAsync(2_000);
  // Opened: it is followed from the answer's position on, and the newest value follows, which is known.
  frames([subscribed, reacted as ServerFrame]);
  expect(live.state.threads.get("p")?.loaded).toBe(true);
  expect(live.state.posts.get("p")?.reactions).toEqual({ "🔥": 1 });
  leave();
});

type Latest = Extract<TopicFrame, { op: "latest" }>;
