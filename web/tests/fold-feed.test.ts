import { describe, expect, test } from "vitest";
import { MOST_ON_EASEL, MOST_PENDING } from "../live/bounds";
import { fold, type Action } from "../live/fold";
import { hasLeft } from "../live/fold-feed";
import type { Post, TopicFrame } from "../live/protocol";
import { shapeOf } from "../live/shape";
import { EMPTY, type State } from "../live/state";
import { events, generation, latest, post } from "./made";

const FEED = "feed:all";

function play(state: State, ...steps: (Action | TopicFrame)[]): State {
  return steps.reduce<State>(
    (next, step) => fold(next, "op" in step ? { kind: "frame", frame: step, now: 0 } : step),
    state,
  );
}

function page(place: "first" | "older" | "missed", ids: string[], next: string | null = null): Action {
  return {
    kind: "feed-page",
    topic: FEED,
    page: { posts: ids.map((id) => post(id)), generations: [], next, mine: {}, place },
  };
}

function created(eventId: string, id: string, time = 1_000): TopicFrame {
  return events(FEED, [eventId, "post.created", { post: post(id, { created: time }) }]);
}

const hung = play(EMPTY, page("first", ["b", "a"], "more"));

function blocks(state: State): (readonly string[])[] {
  return (state.feeds.get(FEED)?.blocks ?? []).map((block) => block.posts);
}

test("the first page hangs as one block", () => {
  expect(blocks(hung)).toEqual([["b", "a"]]);
  expect(hung.feeds.get(FEED)).toMatchObject({ next: "more", loaded: true });
});

test("new posts wait behind the pill, newest first, and open as a block of their own", () => {
  const waiting = play(hung, created("1-1", "c"), created("2-1", "d"));
  expect(blocks(waiting)).toEqual([["b", "a"]]);
  expect(waiting.feeds.get(FEED)?.pending).toEqual(["d", "c"]);
  expect(blocks(play(waiting, { kind: "open-pending", topic: FEED }))).toEqual([
    ["d", "c"],
    ["b", "a"],
  ]);
});

test("one of those that wait can hang alone; the others go on waiting", () => {
  const waiting = play(hung, created("1-1", "c"), created("2-1", "d"), created("3-1", "e"));
  const joined = play(waiting, { kind: "hang", topic: FEED, posts: ["d", "a"] });
  expect(blocks(joined)).toEqual([["d"], ["b", "a"]]);
  expect(joined.feeds.get(FEED)?.pending).toEqual(["e", "c"]);
  expect(play(joined, { kind: "hang", topic: FEED, posts: ["d"] })).toBe(joined);
  const beside = play(joined, { kind: "hang", topic: FEED, posts: ["e"] });
  expect(blocks(beside)).toEqual([
    ["e", "d"],
    ["b", "a"],
  ]);
  const opened = play(joined, { kind: "open-pending", topic: FEED }, created("2-1", "d"));
  expect(opened.feeds.get(FEED)?.pending).toEqual([]);
});

describe("opening the pill puts the newest first", () => {
  const own = (id: string): Action => ({ kind: "hang", topic: FEED, posts: [id] });
  const open: Action = { kind: "open-pending", topic: FEED };
  const waiting = play(hung, created("1-1", "c", 2_000), created("2-1", "d", 3_000), own("d"));

  test("also among what joined the wall meanwhile", () => {
    const opened = play(waiting, created("3-1", "e", 4_000), open);
    expect(blocks(opened)).toEqual([
      ["e", "d", "c"],
      ["b", "a"],
    ]);
    // What joins from now on stands above, until the pill is opened again.
    const later = play(opened, created("4-1", "f", 5_000), created("5-1", "g", 6_000), own("g"));
    expect(blocks(later)).toEqual([["g"], ["e", "d", "c"], ["b", "a"]]);
    expect(blocks(play(later, open))).toEqual([
      ["g", "f"],
      ["e", "d", "c"],
      ["b", "a"],
    ]);
  });

  test("also on a wall of what joined it alone", () => {
    const bare = play(
      EMPTY,
      created("1-1", "c", 2_000),
      created("2-1", "d", 3_000),
      page("first", []),
      own("d"),
    );
    expect(blocks(bare)).toEqual([["d"]]);
    expect(blocks(play(bare, open))).toEqual([["d", "c"]]);
  });

  test("but leaves what is laid aside where it hangs, for nobody knows its time", () => {
    const shapes = new Map([["d", shapeOf([{ width: 1, height: 1, lines: 1, upright: false }])]]);
    const far = play(waiting, { kind: "lay-aside", topic: FEED, shapes }, open);
    expect(blocks(far)).toEqual([["c"], ["d"], ["b", "a"]]);
  });
});

test("a frame applied twice changes nothing the second time", () => {
  const once = play(hung, created("1-1", "c"));
  const twice = play(once, created("1-1", "c"));
  expect(twice.feeds.get(FEED)).toEqual(once.feeds.get(FEED));
  const opened = play(twice, { kind: "open-pending", topic: FEED }, created("1-1", "c"));
  expect(opened.feeds.get(FEED)?.pending).toEqual([]);
});

test("a post for an empty wall is hung at once", () => {
  const empty = play(EMPTY, page("first", []));
  expect(blocks(play(empty, created("1-1", "a")))).toEqual([["a"]]);
});

describe("what hangs and is dry leaves the easel", () => {
  const job = { kind: "generation", generation: generation("a"), easel: FEED } as const;
  const settle = { kind: "settle", generation: "a" } as const;
  const waiting = play(EMPTY, page("first", []), job);
  const easel = (state: State): readonly string[] | undefined => state.feeds.get(FEED)?.easel;

  test("from an empty wall, on which a picture hangs while it still dries", () => {
    const drying = play(waiting, created("1-1", "a"));
    expect([blocks(drying), easel(drying)]).toEqual([[["a"]], ["a"]]);
    expect(easel(play(drying, settle))).toEqual([]);
  });

  test("from an empty wall that hears of the post when the job is long done", () => {
    const media = post("a").media;
    const done = events("generation:a", ["1-0", "generation.completed", { media, post: post("a") }]);
    const dry = play(waiting, done, settle);
    expect(easel(dry)).toEqual(["a"]);
    expect(easel(play(dry, created("1-1", "a")))).toEqual([]);
  });

  test("from a wall that is read again and has the picture", () => {
    const behind = play(hung, { ...job, generation: generation("c") }, created("1-1", "c"));
    const dry = play(behind, { kind: "settle", generation: "c" });
    expect(easel(dry)).toEqual(["c"]);
    expect(easel(play(dry, page("first", ["c", "b", "a"])))).toEqual([]);
  });

  test("but not what failed beside it", () => {
    const stopped = events("generation:x", ["1-0", "generation.failed", { code: "x" }]);
    const beside = play(waiting, { ...job, generation: generation("x") }, stopped);
    expect(easel(play(beside, created("1-1", "a"), settle))).toEqual(["x"]);
  });
});

test("an older page is added below, without what hangs already", () => {
  expect(blocks(play(hung, page("older", ["a", "z"])))).toEqual([["b", "a"], ["z"]]);
});

test("what was missed waits behind the pill, and the gap is closed", () => {
  const gap = play(hung, { op: "gap", topic: FEED, at: "9-1" });
  expect(gap.feeds.get(FEED)?.gap).toBe(true);
  const filled = play(gap, created("9-2", "e"), page("missed", ["d", "c", "b"]));
  expect(filled.feeds.get(FEED)).toMatchObject({ gap: false, pending: ["d", "c", "e"] });
  expect(blocks(filled)).toEqual([["b", "a"]]);
});

describe("deleted posts", () => {
  const deleted = events(FEED, ["5-1", "post.deleted", { id: "b" }]);

  test("keep their place on the wall and stay gone", () => {
    const gone = play(hung, deleted, created("1-1", "b"), page("missed", ["b"]));
    expect(gone.gone.has("b")).toBe(true);
    expect(blocks(gone)).toEqual([["b", "a"]]);
  });

  test("are forgotten when nothing shows them, the oldest first", () => {
    const shapes = new Map([["a", shapeOf([{ width: 1, height: 1, lines: 1, upright: false }])]]);
    const job = generation("job");
    const state = play(
      EMPTY,
      page("first", ["a"]),
      page("older", ["b", "child"]),
      { kind: "lay-aside", topic: FEED, shapes },
      { kind: "post", post: post("child", { parent: "parent" }), mine: [] },
      { kind: "generation", generation: job, easel: FEED },
      { kind: "thread-page", post: "talk", page: { comments: [], next: null, place: "first" } },
      { kind: "lineage-of", post: "open" },
    );
    const shown = ["a", "b", "parent", "job", "talk", "open"];
    const others = Array.from({ length: 5_000 }, (_, number) => `x${number}`);
    const { gone } = play(
      state,
      ...[...shown, ...others].map((id, at) => events(FEED, [`${at + 1}-0`, "post.deleted", { id }])),
    );
    expect([...gone].slice(0, shown.length)).toEqual(shown);
    const kept = [...gone].slice(shown.length);
    expect(kept).toEqual(others.slice(-kept.length));
    expect(kept.length).toBeGreaterThanOrEqual(200);
    expect(kept.length).toBeLessThan(400);
  });

  test("leave the pill", () => {
    const waiting = play(hung, created("1-1", "c"), events(FEED, ["2-1", "post.deleted", { id: "c" }]));
    expect(waiting.feeds.get(FEED)?.pending).toEqual([]);
  });
});

describe("totals", () => {
  const totals = (fire: number): object => ({
    post: "a",
    reactions: { "🔥": fire },
    comments: fire,
    remixes: 0,
  });

  test("the higher revision wins, whatever came last", () => {
    const state = play(
      hung,
      latest(FEED, "7-1", "post.counters", totals(7), "a"),
      latest(FEED, "6-1", "post.counters", totals(6), "a"),
    );
    expect(state.posts.get("a")).toMatchObject({ reactions: { "🔥": 7 }, comments: 7 });
  });

  test("a post's own topic is believed rather than the feed's copy", () => {
    const own = latest("post:a", "5-1", "post.counters", totals(5), "a");
    const copy = (rev: string, total: number): TopicFrame =>
      latest(FEED, `9-${total}`, "post.counters", { ...totals(total), rev }, "a");
    expect(play(hung, own, copy("6-1", 6)).posts.get("a")?.comments).toBe(5);
    const left = play(hung, own, { kind: "left", topic: "post:a" });
    expect(play(left, copy("6-1", 6)).posts.get("a")?.comments).toBe(6);
    expect(play(left, copy("4-1", 4)).posts.get("a")?.comments).toBe(5);
  });

  test("a topic that could not be resumed forgets its revisions", () => {
    const state = play(hung, latest(FEED, "9-1", "post.counters", totals(9), "a"), {
      kind: "fresh",
      topic: FEED,
    });
    expect(play(state, latest(FEED, "3-1", "post.counters", totals(3), "a")).posts.get("a")?.comments).toBe(
      3,
    );
  });

  test("a replayed post does not take newer totals back", () => {
    const state = play(hung, latest(FEED, "9-1", "post.counters", totals(9), "a"));
    expect(play(state, created("1-1", "a")).posts.get("a")?.comments).toBe(9);
  });
});

test("opening the pill clears the easel of what is over, and of nothing else", () => {
  const state = play(
    hung,
    events(FEED, ["1-1", "generation.created", { generation: generation("c") }]),
    events(FEED, ["1-2", "generation.created", { generation: generation("d") }]),
    created("2-1", "c"),
    { kind: "settle", generation: "c" },
  );
  expect(state.feeds.get(FEED)?.easel).toEqual(["c", "d"]);
  expect(play(state, { kind: "open-pending", topic: FEED }).feeds.get(FEED)?.easel).toEqual(["d"]);
});

describe("a long day", () => {
  const busy = Array.from({ length: 400 }, (_, index) => created(`${index + 10}-1`, `n${index}`)).reduce(
    (state, frame) => play(state, frame),
    hung,
  );

  test("keeps what fits behind the pill and counts the rest", () => {
    const feed = busy.feeds.get(FEED)!;
    expect(feed.pending).toHaveLength(MOST_PENDING);
    expect(feed.pending[0]).toBe("n399");
    expect(feed.pending.length + feed.overflow).toBe(400);
    expect(busy.posts.size).toBe(2 + MOST_PENDING);
  });

  test("begins again at the newest page when more waits than is held", () => {
    const again = play(busy, page("first", ["n399", "n398"], "more"));
    expect(blocks(again)).toEqual([["n399", "n398"]]);
    expect(again.feeds.get(FEED)).toMatchObject({ pending: [], overflow: 0, next: "more" });
    expect([...again.posts.keys()].sort()).toEqual(["n398", "n399"]);
  });

  test("drops the oldest jobs of a crowded easel, and everything about them", () => {
    const crowd = Array.from({ length: 90 }, (_, index) =>
      events(FEED, [`${index + 10}-1`, "generation.created", { generation: generation(`g${index}`) }]),
    ).reduce((state, frame) => play(state, frame), hung);
    expect(crowd.feeds.get(FEED)?.easel).toHaveLength(MOST_ON_EASEL);
    expect(crowd.generations.size).toBe(MOST_ON_EASEL);
    expect(crowd.generations.has("g89")).toBe(true);
  });

  test("keeps only the walls that were opened last", () => {
    const walls = ["feed:tag:a", "feed:tag:b", "feed:tag:c", "feed:tag:d", "feed:tag:e"].reduce(
      (state, topic) =>
        play(state, {
          kind: "feed-page",
          topic,
          page: { posts: [post(`p-${topic}`)], generations: [], next: null, mine: {}, place: "first" },
        }),
      hung,
    );
    expect([...walls.feeds.keys()]).toEqual(["feed:tag:b", "feed:tag:c", "feed:tag:d", "feed:tag:e"]);
    expect(walls.posts.has("a")).toBe(false);
  });
});

test("the easel begins with what is being painted, then the line in its order", () => {
  const generations = [
    generation("third", { place: 3, created: 1 }),
    generation("unknown", { created: 2 }),
    generation("running", { state: "running", created: 9 }),
    generation("first", { place: 1, created: 5 }),
  ];
  const action: Action = {
    kind: "feed-page",
    topic: FEED,
    page: { posts: [], generations, next: null, mine: {}, place: "first" },
  };
  const later = events(FEED, [
    "1-1",
    "generation.created",
    { generation: generation("later", { place: 2 }) },
  ]);
  expect(play(EMPTY, action, later).feeds.get(FEED)?.easel).toEqual([
    "running",
    "first",
    "third",
    "unknown",
    "later",
  ]);
});

test("the viewers of a feed are counted by the last frame", () => {
  const state = play(
    hung,
    { op: "presence", topic: FEED, count: 3 },
    { op: "presence", topic: FEED, count: 5 },
  );
  expect(state.presence.get(FEED)).toBe(5);
});

test("folding never changes the state it was given", () => {
  const before = structuredClone({ feeds: [...hung.feeds], posts: [...hung.posts] });
  play(hung, created("1-1", "c"), events(FEED, ["5-1", "post.deleted", { id: "a" }]), {
    kind: "open-pending",
    topic: FEED,
  });
  expect({ feeds: [...hung.feeds], posts: [...hung.posts] }).toEqual(before);
});

describe("walls beside a topic", () => {
  const REMIXES = "feed:remixes:u1";
  const none = { posts: [], generations: [], next: null, mine: {}, place: "first" } as const;

  test("what somebody makes from another picture comes to the wall of their remixes, if that is open", () => {
    const remix = { post: post("r", { parent: "p" }) };
    const theirs = events(
      "feed:user:u1",
      ["1-1", "post.created", remix],
      ["1-2", "post.created", { post: post("o") }],
    );
    const open = play(EMPTY, { kind: "feed-page", topic: REMIXES, page: none }, theirs, theirs);
    expect(open.feeds.get(REMIXES)?.blocks.flatMap((block) => block.posts)).toEqual(["r"]);
    expect(play(EMPTY, theirs).feeds.has(REMIXES)).toBe(false);
    const others = events("feed:all", ["1-1", "post.created", remix]);
    const still = play(EMPTY, { kind: "feed-page", topic: REMIXES, page: none }, others);
    expect(still.feeds.get(REMIXES)?.blocks).toEqual([]);
  });

  test("a picture that loses the tag of a wall waits for it no more, and leaves its place where it hangs", () => {
    const tagged = (id: string, ...tags: string[]): Post => post(id, { tags });
    const topic = "feed:tag:fox";
    const hangs = { ...none, posts: [tagged("a", "fox")] };
    const both = play(
      EMPTY,
      { kind: "feed-page", topic, page: hangs },
      events(topic, ["1-1", "post.created", { post: tagged("b", "fox") }]),
    );
    const kept = play(both, events(topic, ["2-1", "post.updated", { post: tagged("b", "fox", "red") }]));
    expect(kept.feeds.get(topic)?.pending).toEqual(["b"]);
    const lost = ["a", "b"].map(
      (id, at) => [`3-${at}`, "post.updated", { post: tagged(id, "red") }] as const,
    );
    const left = play(both, events(topic, ...lost));
    expect(left.feeds.get(topic)?.pending).toEqual([]);
    expect(left.feeds.get(topic)?.blocks.flatMap((block) => block.posts)).toEqual(["a"]);
    expect(hasLeft(topic, left.posts.get("a")!)).toBe(true);
    expect(hasLeft("feed:all", left.posts.get("a")!)).toBe(false);
  });
});
