import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { heardFromPage, heardFromWidget, sealed, type Told, type ToWidget } from "../embed/messages";
import { Share, type Member } from "../embed/share";
import { Stream, type Source } from "../embed/stream";

class Opened implements Source {
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  closed = false;
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();
  readonly query: URLSearchParams;

  constructor(readonly address: string) {
    this.query = new URL(address, "https://live.example").searchParams;
  }

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, listener);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.({} as Event);
  }

  refuse(): void {
    this.readyState = 2;
    this.onerror?.({} as Event);
  }

  say(type: string, lastEventId: string, data: unknown): void {
    this.#listeners.get(type)?.({ data: JSON.stringify(data), lastEventId } as MessageEvent<string>);
  }
}

let opened: Opened[] = [];
const open = (address: string): Source => {
  const source = new Opened(address);
  opened.push(source);
  return source;
};
const last = (): Opened => opened.at(-1)!;
const alive = (): number => opened.filter((source) => !source.closed).length;

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
});
afterEach(() => vi.useRealTimers());

function listening(): { stream: Stream; told: Told[]; standing: boolean[]; barred: number[] } {
  const told: Told[] = [];
  const standing: boolean[] = [];
  const barred: number[] = [];
  const ears = {
    told: (one: Told) => void told.push(one),
    standing: (live: boolean) => void standing.push(live),
    barred: () => void barred.push(1),
  };
  return { stream: new Stream("https://live.example", ears, open), told, standing, barred };
}

test("a stream is opened from where each topic stands, and goes on there when its topics change", () => {
  const { stream, told } = listening();
  stream.follow({ "feed:all": "5-0" });
  vi.advanceTimersByTime(100);
  expect(last().query.getAll("topic")).toEqual(["feed:all"]);
  expect(last().query.get("since")).toBe("5-0");
  last().open();
  last().say("post.created", "7-1", { topic: "feed:all", data: { post: {} } });
  expect(told[0]).toMatchObject({ type: "post.created", at: "7-1" });
  stream.follow({ "feed:all": "5-0", "generation:g1": "" });
  vi.advanceTimersByTime(100);
  // "5-0" is older than where the topic stands: the widget that says so has not folded what came since.
  expect(last().query.get("since")).toBe("5-0,");
  expect(alive()).toBe(1);
});

test("what is told until a stream that begins further back is open takes nothing of that from anybody", () => {
  const { stream, told } = listening();
  stream.follow({ "feed:all": "5-0", "feed:tag:foxes": "5-0" });
  vi.advanceTimersByTime(100);
  last().say("post.created", "7-0,5-0", { topic: "feed:all", id: "6-9", data: {} });
  stream.follow({ "feed:all": "6-0", "feed:tag:foxes": "5-0" });
  last().say("post.created", "8-0,6-0", { topic: "feed:tag:foxes", id: "5-9", data: {} });
  expect(told.map(({ at }) => at)).toEqual(["7-0", "6-0"]);
  vi.advanceTimersByTime(100);
  // What came meanwhile comes once more, and is passed over.
  expect(last().query.get("since")).toBe("6-0,5-0");
});

test("the same topics at the same place are the same stream", () => {
  const { stream } = listening();
  stream.follow({ "feed:all": "5-0" });
  vi.advanceTimersByTime(100);
  stream.follow({ "feed:all": "6-0" });
  vi.advanceTimersByTime(1000);
  expect(opened).toHaveLength(1);
});

test("what an old stream still says is not heard", () => {
  const { stream, told } = listening();
  stream.follow({ "feed:all": "5-0" });
  vi.advanceTimersByTime(100);
  const old = last();
  stream.follow({ "feed:all": "5-0", "feed:tag:foxes": "5-0" });
  vi.advanceTimersByTime(100);
  old.say("post.created", "9-0", { topic: "feed:all", data: {} });
  expect(told).toEqual([]);
});

test("a refused stream comes again, later each time, and gives up a picture that may be gone, never a feed", () => {
  const { stream, told, barred } = listening();
  stream.follow({ "feed:all": "5-0", "generation:g1": "" });
  vi.advanceTimersByTime(100);
  const waits: number[] = [];
  for (let round = 0; round < 4; round++) {
    const before = opened.length;
    last().refuse();
    let waited = 0;
    while (opened.length === before && waited < 60_000) {
      vi.advanceTimersByTime(100);
      waited += 100;
    }
    waits.push(waited);
  }
  expect(told).toEqual([{ topic: "generation:g1", type: "lost" }]);
  expect(last().query.getAll("topic")).toEqual(["feed:all"]);
  expect(waits[3]).toBeGreaterThan(waits[0]!);
  expect(barred).toEqual([1]);
});

function member(share: Share): { heard: ToWidget[]; self: Member } {
  const heard: ToWidget[] = [];
  const self: Member = (message) => void heard.push(message);
  share.join(self);
  return { heard, self };
}

test("three widgets share one stream, and each hears what it follows", () => {
  const share = new Share("https://live.example", open);
  const [one, two, three] = [member(share), member(share), member(share)];
  share.follow(one.self, { "feed:tag:foxes": "3-0" });
  share.follow(two.self, { "feed:all": "4-0" });
  share.follow(three.self, { "feed:tag:foxes": "2-0" });
  vi.advanceTimersByTime(100);
  expect(opened).toHaveLength(1);
  // Who stands further back decides.
  expect(last().query.getAll("topic")).toEqual(["feed:tag:foxes", "feed:all"]);
  expect(last().query.get("since")).toBe("2-0,4-0");
  last().say("post.deleted", "5-0,4-0", { topic: "feed:tag:foxes", data: { id: "p" } });
  const deletions = (heard: ToWidget[]): number => heard.filter((message) => message.op === "told").length;
  expect([one, two, three].map(({ heard }) => deletions(heard))).toEqual([1, 0, 1]);
});

test("a widget whose topics change takes nobody back to where it began", () => {
  const share = new Share("https://live.example", open);
  const [one, two] = [member(share), member(share)];
  share.follow(one.self, { "feed:all": "1-0" });
  share.follow(two.self, { "feed:all": "1-0" });
  vi.advanceTimersByTime(100);
  last().say("post.created", "999-0", { topic: "feed:all", id: "999-0", data: {} });
  share.follow(two.self, { "feed:all": "1-0", "generation:g1": "" });
  vi.advanceTimersByTime(100);
  expect(last().query.get("since")).toBe("999-0,");
  // One that slept goes on from where it stood: the others pass over what they know.
  share.follow(one.self, {});
  share.follow(one.self, { "feed:all": "500-0" });
  vi.advanceTimersByTime(100);
  expect(last().query.get("since")).toBe("500-0,");
});

test("who leaves is followed for no more, and the last one ends the stream", () => {
  const share = new Share("https://live.example", open);
  const [one, two] = [member(share), member(share)];
  share.follow(one.self, { "feed:all": "3-0" });
  share.follow(two.self, { "feed:tag:foxes": "3-0" });
  vi.advanceTimersByTime(100);
  share.leave(one.self);
  vi.advanceTimersByTime(100);
  expect(last().query.getAll("topic")).toEqual(["feed:tag:foxes"]);
  share.follow(two.self, {});
  vi.advanceTimersByTime(100);
  expect(alive()).toBe(0);
});

test("where a page may open no stream its widgets are told to do so themselves, late ones too", () => {
  const share = new Share("https://live.example", open);
  const early = member(share);
  share.bar();
  expect(early.heard.at(-1)).toEqual({ op: "alone" });
  expect(member(share).heard).toEqual([{ op: "alone" }]);
});

test("only messages that are whole are heard", () => {
  const follow = { op: "follow", topics: { "feed:tag:foxes": "1-2", "generation:abc": "" } };
  expect(heardFromWidget(sealed(follow))).toEqual(follow);
  const wrong: unknown[] = [
    null,
    "follow",
    follow,
    sealed(null),
    sealed({ op: "follow", topics: { "user:me": "" } }),
    sealed({ op: "follow", topics: { "feed:all": "now" } }),
    sealed({ op: "follow", topics: Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`feed:tag:${n}`, ""])) }),
    sealed({ op: "height", height: "12" }),
    sealed({ op: "height", height: NaN }),
    sealed({ op: "told", told: {} }),
  ];
  for (const data of wrong) expect([heardFromWidget(data), heardFromPage(data)]).toEqual([null, null]);
  expect(heardFromPage(sealed({ op: "standing", live: true, more: 1 }))).toEqual({
    op: "standing",
    live: true,
  });
});
