import { afterEach, expect, test, vi } from "vitest";
import type { FeedSnapshot } from "../live/api";
import { Comeback } from "../live/comeback";
import { fold, type Action } from "../live/fold";
import type { Live } from "../live/live";
import { interpretProblems, Problem, unreachable } from "../live/problem";
import type { Generation, Post, Topic } from "../live/protocol";
import { EMPTY, type Feed, type State } from "../live/state";
import { Wall } from "../live/wall";
import { events, generation, post } from "./made";

const FEED = "feed:all";

/** A server with one feed, and what a wall needs of the page's connection to it. */
class Page {
  state: State = EMPTY;
  letIn = (): Promise<void> => Promise.resolve();
  readonly comeback = new Comeback(() => false);
  readonly followed: Topic[] = [];
  readonly said: string[] = [];
  readonly notices = { say: ({ text }: { text: string }) => this.said.push(text) };
  /** Newest first. */
  posts: Post[];
  /** What is not in the feed and is there all the same, or is in the making. */
  others = new Map<string, Post>();
  jobs: Generation[] = [];
  at = "10-0";
  /** Of how many answers from now on the server fails. */
  read = 0;
  fails: (read: number) => boolean = () => false;
  readonly wall = new Wall(this as unknown as Live);

  constructor(count: number) {
    this.posts = made(1, count);
  }

  readonly api = {
    feed: (_name: string, before: string | null, limit: number): Promise<FeedSnapshot> => {
      if (this.fails(++this.read)) return Promise.reject(unreachable());
      const from = before ? this.posts.findIndex(({ id }) => id === before) + 1 : 0;
      const posts = this.posts.slice(from, from + limit);
      const next = from + limit < this.posts.length ? posts.at(-1)!.id : null;
      const generations = before ? [] : this.jobs.filter(({ state }) => state === "queued");
      return Promise.resolve({ posts, generations, at: this.at, next, mine: {} });
    },
    post: (id: string): Promise<{ post: Post; at: string }> => found(this.others.get(id), "post"),
    generation: (id: string): Promise<{ generation: Generation; at: string }> =>
      found(
        this.jobs.find((job) => job.id === id),
        "generation",
      ),
  };

  dispatch(...actions: Action[]): void {
    this.state = actions.reduce(fold, this.state);
  }

  touch(): void {}

  follow(topic: Topic): () => void {
    this.followed.push(topic);
    return () => undefined;
  }

  /** What was told meanwhile is lost. */
  gap(): void {
    this.dispatch({ kind: "frame", now: 0, frame: { op: "gap", topic: FEED, at: this.at } });
  }

  get feed(): Feed {
    return this.state.feeds.get(FEED)!;
  }

  get hung(): readonly string[] {
    return this.feed.blocks.flatMap((block) => block.posts);
  }
}

function made(from: number, to: number): Post[] {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => to - index);
  return numbers.map((number) => post(`p${number}`, { created: number }));
}

function found<T, K extends string>(value: T | undefined, name: K): Promise<Record<K, T> & { at: string }> {
  return value
    ? Promise.resolve({ [name]: value, at: "1-0" } as Record<K, T> & { at: string })
    : Promise.reject(new Problem("not_found", "It is not here.", 404));
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

async function opened(count: number): Promise<Page> {
  const page = new Page(count);
  page.wall.open(FEED);
  await settled();
  return page;
}

afterEach(() => {
  vi.useRealTimers();
  interpretProblems(() => null);
});

test("after a gap of more than is read, opening begins again at the newest: nothing is left out in between", async () => {
  const page = await opened(60);
  page.posts = made(1, 560);
  page.gap();
  await page.wall.repair(FEED);
  expect(page.feed).toMatchObject({ gap: false, uncounted: true });
  expect(page.feed.pending).toHaveLength(120);
  await page.wall.openPending(FEED);
  for (let more = 0; more < 20; more++) await page.wall.older(FEED);
  expect(page.hung).toEqual(page.posts.map(({ id }) => id));
  expect(page.feed.uncounted).toBe(false);
});

test("a pill that holds more than the page does, and cannot be opened, says why in the reader's words and waits on", async () => {
  const page = await opened(30);
  const newer = Array.from({ length: 130 }, (_, number) => post(`n${number}`, { created: 100 + number }));
  for (const [at, one] of newer.entries())
    page.dispatch({
      kind: "frame",
      now: 0,
      frame: events(FEED, [`${at + 11}-0`, "post.created", { post: one }]),
    });
  const { overflow, pending } = page.feed;
  expect([overflow, pending.length]).toEqual([10, 120]);
  const { hung } = page;
  page.fails = () => true;
  interpretProblems(({ code }) => `the reader's words for ${code}`);
  expect(await page.wall.openPending(FEED)).toBe(false);
  expect(page.said).toEqual(["the reader's words for unreachable"]);
  expect([page.hung, page.feed.pending, page.feed.overflow]).toEqual([hung, pending, 10]);

  page.fails = () => false;
  page.posts = [...newer.reverse(), ...page.posts];
  expect(await page.wall.openPending(FEED)).toBe(true);
  expect([page.hung[0], page.feed.overflow, page.said.length]).toEqual(["n129", 0, 1]);
});

test("after a gap that is read whole, what was missed hangs above the old ones in its order, and is counted", async () => {
  const page = await opened(60);
  page.posts = made(1, 130);
  page.gap();
  await page.wall.repair(FEED);
  expect(page.feed.uncounted).toBe(false);
  await page.wall.openPending(FEED);
  expect(page.hung).toEqual(page.posts.slice(0, 100).map(({ id }) => id));
});

test("what has come live since the gap stays before what was missed", async () => {
  const page = await opened(20);
  page.posts = made(1, 25);
  page.gap();
  const newer = post("p26", { created: 26 });
  page.dispatch({ kind: "frame", now: 0, frame: events(FEED, ["11-1", "post.created", { post: newer }]) });
  await page.wall.repair(FEED);
  expect(page.feed.pending).toEqual(["p26", "p25", "p24", "p23", "p22", "p21"]);
});

test("a gap is there until all of it is filled in, and what could not be read is tried again", async () => {
  vi.useFakeTimers();
  const page = await opened(20);
  page.posts = made(1, 90);
  page.gap();
  page.fails = (read) => read === 3 || read === 5;
  const gaps: boolean[] = [];
  const { dispatch } = page;
  page.dispatch = (...actions) => {
    dispatch.call(page, ...actions);
    gaps.push(page.feed.gap);
  };
  await page.wall.repair(FEED);
  expect([page.feed.gap, page.feed.pending]).toEqual([true, []]);
  expect(page.said).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(page.feed.gap).toBe(true);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(page.feed.pending).toHaveLength(70);
  expect(page.feed.gap).toBe(false);
  expect(page.said).toHaveLength(1);
  expect(gaps).toEqual([false]);
});

test("what was deleted during a gap is gone; what has only left the feed is read and stays", async () => {
  const page = await opened(20);
  const left = { ...page.posts[7]!, tags: ["elsewhere"] };
  page.others.set(left.id, left);
  page.posts = page.posts.filter(({ id }) => id !== "p17" && id !== left.id);
  page.gap();
  await page.wall.repair(FEED);
  await settled();
  expect([...page.state.gone]).toEqual(["p17"]);
  expect(page.state.posts.get(left.id)?.tags).toEqual(["elsewhere"]);
});

test("what is older than was read is not asked about", async () => {
  const page = await opened(60);
  await page.wall.older(FEED);
  page.posts = made(31, 70);
  page.gap();
  await page.wall.repair(FEED);
  await settled();
  expect([...page.state.gone]).toEqual([]);
});

test("a picture whose painting ended during a gap is not being painted any more", async () => {
  const page = new Page(3);
  page.jobs = [generation("g1"), generation("g2"), generation("g3")];
  page.wall.open(FEED);
  await settled();
  page.jobs = [generation("g1"), generation("g2", { state: "failed" })];
  page.gap();
  await page.wall.repair(FEED);
  await settled();
  expect(page.state.generations.get("g1")?.stage).toBe("queued");
  expect(page.state.generations.get("g2")?.stage).toBe("failed");
  expect(page.feed.easel).toEqual(["g1", "g2"]);
});

test("what is told late and is in the snapshot is not new, though it does not hang; what went is gone", async () => {
  const page = await opened(60);
  const told = (to: string, type: string, data: unknown): void => {
    // Ids are no positions: an event may be older than where its topic stood when it was told.
    const frame = { ...events(FEED, ["5-1", type, data]), to };
    page.dispatch({ kind: "frame", now: 0, frame });
  };
  told("9-1", "post.created", { post: page.posts[40] });
  told("10-1", "post.created", { post: post("new", { created: 99 }) });
  told("9-2", "post.deleted", { id: "p50" });
  expect(page.feed.pending).toEqual(["new"]);
  expect(page.state.gone.has("p50")).toBe(true);
});

test("after a gap what is new is new, wherever the positions begin again", async () => {
  const page = await opened(20);
  page.at = "3-0";
  page.gap();
  const frame = {
    ...events(FEED, ["4-1", "post.created", { post: post("new", { created: 99 }) }]),
    to: "4-1",
  };
  page.dispatch({ kind: "frame", now: 0, frame });
  expect(page.feed.pending).toEqual(["new"]);
});
