import { expect, test } from "vitest";
import type { FeedSnapshot } from "../live/api";
import { Comeback } from "../live/comeback";
import { fold, type Action } from "../live/fold";
import type { Live } from "../live/live";
import { unreachable } from "../live/problem";
import type { Topic } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import { Wall } from "../live/wall";
import { generation, post } from "./made";

/** What a wall needs of the page's connection: a server with feeds of so many pictures, who is followed. */
class Page {
  state: State = EMPTY;
  me = "one";
  letIn = (): Promise<void> => Promise.resolve();
  readonly comeback = new Comeback(() => false);
  readonly followed: Topic[] = [];
  readonly asked: string[] = [];
  /** What pages leave out. */
  readonly deleted = new Set<string>();
  readonly notices = { say: () => undefined };
  readonly wall = new Wall(this as unknown as Live);

  constructor(readonly feeds: Readonly<Record<string, readonly string[]>>) {}

  readonly api = {
    feed: (name: string, before: string | null, limit: number): Promise<FeedSnapshot> => {
      this.asked.push(`${name} ${before ?? ""}`.trim());
      const ids = this.feeds[name] ?? [];
      const from = before ? Number(before) : 0;
      const listed = ids.slice(from, from + limit).filter((id) => !this.deleted.has(id));
      const posts = listed.map((id) => post(id));
      const next = from + limit < ids.length ? String(from + limit) : null;
      const mine = Object.fromEntries(posts.map(({ id }) => [id, [this.me]]));
      const generations = before ? [] : [generation("g")];
      return Promise.resolve({ posts, generations, at: `${this.asked.length}-1`, next, mine });
    },
  };

  dispatch(...actions: Action[]): void {
    this.state = actions.reduce(fold, this.state);
  }

  touch(): void {}

  follow(topic: Topic): () => void {
    this.followed.push(topic);
    return () => undefined;
  }

  hung(topic: Topic): readonly string[] {
    return (this.state.feeds.get(topic)?.blocks ?? []).flatMap((block) => block.posts);
  }

  mine(): ReadonlySet<string> {
    return new Set([...this.state.mine.values()].map((set) => [...set].join()));
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`);

test("walls that have no topic are read and not followed", async () => {
  const page = new Page({ all: ["a"], liked: ["b"], "remixes:u1": ["c"] });
  for (const topic of ["feed:all", "feed:liked", "feed:remixes:u1"]) page.wall.open(topic);
  await settled();
  expect(page.followed).toEqual(["feed:all"]);
  expect([page.hung("feed:liked"), page.hung("feed:remixes:u1")]).toEqual([["b"], ["c"]]);
});

test("what I like is read afresh each time, so that what I like no more is gone", async () => {
  const liked = ["a", "b"];
  const page = new Page({ liked });
  page.wall.open("feed:liked")();
  await settled();
  liked.shift();
  page.wall.open("feed:liked");
  await settled();
  expect(page.hung("feed:liked")).toEqual(["b"]);
});

test("when I become somebody else, what is mine of all that hangs is read again, and nothing moves", async () => {
  const page = new Page({ all: ids(70), following: ["x"] });
  for (const topic of ["feed:all", "feed:following"]) page.wall.open(topic);
  await settled();
  for (let more = 0; more < 2; more++) await page.wall.older("feed:all");
  const before = page.hung("feed:all");
  expect(before).toHaveLength(70);
  page.me = "other";
  page.asked.length = 0;
  page.dispatch({ kind: "another" });
  await page.wall.another();
  expect(page.hung("feed:all")).toEqual(before);
  expect(page.mine()).toEqual(new Set(["other"]));
  expect(page.asked.sort()).toEqual(["all", "all 30", "all 60", "following"]);
  expect(page.state.feeds.get("feed:all")?.pending).toEqual([]);
});

test("what has come meanwhile waits behind the pill, and no more is read than hangs", async () => {
  const all = ids(40);
  const page = new Page({ all });
  page.wall.open("feed:all");
  await settled();
  all.unshift("new");
  page.dispatch({ kind: "another" });
  await page.wall.another();
  expect(page.state.feeds.get("feed:all")?.pending).toEqual(["new"]);
  expect(page.hung("feed:all")).toEqual(ids(30));
});

test("my own feed is dark while nobody lets us in, and hangs when somebody does", async () => {
  const page = new Page({ following: ["a"] });
  page.letIn = () => Promise.reject(unreachable());
  page.wall.open("feed:following");
  await settled();
  expect(page.wall.problems.get("feed:following")?.lineless).toBe(true);
  page.letIn = () => Promise.resolve();
  page.wall.retry();
  await settled();
  expect(page.hung("feed:following")).toEqual(["a"]);
  expect(page.wall.problems.size).toBe(0);
});

test("a page of which all was deleted is not the end: what is older hangs, from where the newest was read", async () => {
  const page = new Page({ all: ids(61), liked: ids(61) });
  for (const id of ids(60)) page.deleted.add(id);
  for (const topic of ["feed:liked", "feed:all"]) page.wall.open(topic);
  await settled();
  expect([page.hung("feed:liked"), page.hung("feed:all")]).toEqual([["p60"], ["p60"]]);
  expect(page.asked.filter((one) => one.startsWith("all"))).toEqual(["all", "all 30", "all 60"]);
  const { at, easel, next } = page.state.feeds.get("feed:all")!;
  expect({ at, easel, next }).toEqual({ at: `${page.asked.indexOf("all") + 1}-1`, easel: ["g"], next: null });
});

test("where nothing but deleted pictures are listed, only so many pages are read at once", async () => {
  const page = new Page({ liked: ids(400) });
  for (const id of ids(400)) page.deleted.add(id);
  page.wall.open("feed:liked");
  await settled();
  expect(page.asked).toHaveLength(5);
  expect(page.state.feeds.get("feed:liked")).toMatchObject({ loaded: true, next: "150" });
});

test("of two who have a wall open, who leaves does not take the other's way to read it again along", async () => {
  for (const leaves of [0, 1]) {
    const page = new Page({ "user:x": ids(3) });
    const { feed } = page.api;
    page.api.feed = () => Promise.reject(unreachable());
    const leave = [page.wall.open("feed:user:x"), page.wall.open("feed:user:x")];
    leave[leaves]!();
    await settled();
    page.api.feed = feed;
    page.wall.retry();
    await settled();
    expect(page.hung("feed:user:x")).toHaveLength(3);
    expect(page.followed).toEqual(["feed:user:x"]);
  }
});

test("what two have open and could not read, both follow when it can be read", async () => {
  const page = new Page({ "user:x": ids(3) });
  const { feed } = page.api;
  page.api.feed = () => Promise.reject(unreachable());
  for (let who = 0; who < 2; who++) page.wall.open("feed:user:x");
  await settled();
  page.api.feed = feed;
  page.wall.retry();
  await settled();
  expect(page.followed).toEqual(["feed:user:x", "feed:user:x"]);
});
