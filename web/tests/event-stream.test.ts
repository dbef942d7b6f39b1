import { expect, test } from "vitest";
import { commandOf } from "../live/commands";
import { EventBlocks } from "../live/event-blocks";
import { EventStream } from "../live/event-stream";
import type { ServerFrame } from "../live/protocol";
import { streamLine } from "../live/stream-line";

const BLOCKS = [
  ": here\n\n",
  'event: subscribed\nid: 5-1,6-1\ndata: {"topics":{"feed:all":{"at":"5-1","resumed":true},"post:a":{"at":"6-1","resumed":true}}}\n\n',
  'event: told\nid: 7-1,6-1\ndata: {"topic":"feed:all","id":"7-1","type":"told","time":1,"data":{"n":"é"}}\n\n',
  "id: 9-1,8-1\n\n",
  'event: gap\nid: 9-1,12-1\ndata: {"topic":"post:a","at":"12-1"}\n\n',
  'event: post.counters\nid: 9-1,12-1\ndata: {"topic":"post:a","key":"a","type":"post.counters","time":1,"rev":"11-1","data":{}}\n\n',
];

/** A server of `/sse` that refuses some topics and answers the rest with what it is given. */
class Sse {
  readonly asked: string[] = [];
  readonly #refused: ReadonlySet<string>;
  readonly #bytes: Uint8Array;
  readonly #piece: number;

  constructor(refused: readonly string[], text: string, piece = 7) {
    this.#refused = new Set(refused);
    this.#bytes = new TextEncoder().encode(text);
    this.#piece = piece;
  }

  readonly fetch = (address: string): Promise<Response> => {
    this.asked.push(address);
    const topics = new URL(address).searchParams.getAll("topic");
    if (topics.some((topic) => this.#refused.has(topic))) {
      return Promise.resolve(new Response('{"code":"not_found"}', { status: 404 }));
    }
    const [bytes, piece] = [this.#bytes, this.#piece];
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(to) {
        if (at < bytes.length) to.enqueue(bytes.slice(at, (at += piece)));
        else return new Promise(() => undefined); // it stays open
      },
    });
    return Promise.resolve(new Response(body));
  };
}

interface Heard {
  readonly frames: ServerFrame[];
  readonly closed: [number, number | null][];
}

function stream(fetcher: (address: string) => Promise<Response>): { stream: EventStream; heard: Heard } {
  const heard: Heard = { frames: [], closed: [] };
  const ears = {
    frames: (frames: readonly ServerFrame[]) => void heard.frames.push(...frames),
    closed: (code: number, retryAfterMs: number | null) => void heard.closed.push([code, retryAfterMs]),
  };
  return { stream: new EventStream("http://host/sse?presence=none", ears, fetcher), heard };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test.each([1, 2, 3, 7, 1000])("blocks are read wherever they are cut: every %i characters", (piece) => {
  const text = BLOCKS.join("");
  const blocks = new EventBlocks();
  const read = [];
  for (let at = 0; at < text.length; at += piece) read.push(...blocks.read(text.slice(at, at + piece)));
  expect(read.map(({ event }) => event)).toEqual(["subscribed", "told", "", "gap", "post.counters"]);
  expect(read[2]).toEqual({ event: "", id: "9-1,8-1", data: "" });
});

test("a block without an end is not held for ever", () => {
  const blocks = new EventBlocks();
  expect(() => {
    for (let piece = 0; piece < 10; piece++) blocks.read("x".repeat(1_000_000));
  }).toThrow(RangeError);
});

test("blocks become the frames that a WebSocket would have brought, with unbroken positions", async () => {
  const { stream: one, heard } = stream(new Sse([], BLOCKS.join("")).fetch);
  one.follow("feed:all", "5-1", 0, 1);
  one.follow("post:a", "6-1", 0, 1);
  await until(() => heard.frames.length >= 6);
  one.close();
  const [feed, post] = ["feed:all", "post:a"];
  expect(heard.frames).toEqual([
    {
      op: "subscribed",
      ref: 1,
      topics: { [feed!]: { at: "5-1", resumed: true }, [post!]: { at: "6-1", resumed: true } },
    },
    {
      op: "events",
      topic: feed,
      from: "5-1",
      to: "7-1",
      events: [{ id: "7-1", type: "told", time: 1, data: { n: "é" } }],
    },
    { op: "events", topic: feed, from: "7-1", to: "9-1", events: [] },
    { op: "events", topic: post, from: "6-1", to: "8-1", events: [] },
    { op: "gap", topic: post, at: "12-1" },
    {
      op: "latest",
      topic: post,
      values: [{ topic: post, key: "a", type: "post.counters", time: 1, rev: "11-1", data: {} }],
    },
  ]);
  expect(one.settled).toBe(true);
});

test("of many topics the one that is not there ends alone, and the others are followed", async () => {
  const sse = new Sse(["post:x", "post:y"], BLOCKS[1]!);
  const { stream: one, heard } = stream(sse.fetch);
  for (const topic of ["feed:all", "post:a", "post:x", "post:b", "post:y", "post:c"])
    one.follow(topic, "5-1", 0, 3);
  await until(() =>
    sse.asked.some(
      (address) => !/post:[xy]/.test(address) && /post:c/.test(address) && /feed:all/.test(address),
    ),
  );
  one.close();
  const refused = heard.frames.filter(({ op }) => op === "subscribed").slice(0, 2);
  expect(refused).toEqual(
    ["post:x", "post:y"].map((topic) => ({
      op: "subscribed",
      ref: 3,
      topics: { [topic]: { error: "not_found" } },
    })),
  );
  expect(one.has("post:x")).toBe(false);
  expect(heard.closed).toEqual([]);
});

/** Answer whatever is asked: each topic goes on from where it was to, or begins at 9-1. */
function answering(asked: string[]): (address: string) => Promise<Response> {
  return (address) => {
    if (address.endsWith("/api/me")) return Promise.resolve(Response.json({ user: null }));
    asked.push(address);
    const query = new URL(address).searchParams;
    const since = query.get("since")!.split(",");
    const topics = query.getAll("topic").map((topic, index) => {
      const at = since[index] || "9-1";
      return [topic, { at, resumed: at === since[index] }] as const;
    });
    const id = topics.map(([, { at }]) => at).join();
    const data = JSON.stringify({ topics: Object.fromEntries(topics) });
    const bytes = new TextEncoder().encode(`event: subscribed\nid: ${id}\ndata: ${data}\n\n`);
    return Promise.resolve(new Response(new ReadableStream({ start: (to) => to.enqueue(bytes) })));
  };
}

const TWO: [string, [string | null, number], [string | null, number], string, string, boolean][] = [
  ["from two positions: the older one is where it begins", ["5-1", 0], ["7-1", 0], "since=5-1", "5-1", true],
  ["one of them for the last events: they come", ["5-1", 0], [null, 20], "latest=20&since=", "9-1", false],
  ["one of them from now on: it hears a little more", [null, 0], ["7-1", 0], "since=7-1", "7-1", true],
  ["both from now on", [null, 0], [null, 0], "since=", "9-1", false],
];

test.each(TWO)(
  "two that ask in one moment are both answered, %s",
  async (_, one, other, asks, at, resumed) => {
    const asked: string[] = [];
    const { stream: both, heard } = stream(answering(asked));
    both.follow("post:a", ...one, 1);
    both.follow("post:a", ...other, 2);
    await until(() => both.settled);
    both.close();
    const topics = { "post:a": { at, resumed } };
    expect(heard.frames).toEqual([1, 2].map((ref) => ({ op: "subscribed", ref, topics })));
    expect(asked[0]!.endsWith(asks)).toBe(true);
  },
);

test("who has asked and was not answered is answered also where the topic moves to another stream", async () => {
  const asked: string[] = [];
  const lines = streamLine(() => ({ origin: "http://host", fetch: answering(asked) }));
  const frames: ServerFrame[] = [];
  const line = lines({ frames: (told) => void frames.push(...told), closed: () => undefined });
  line.send({ op: "subscribe", ref: 1, topics: { "post:a": { latest: 20 } } });
  line.send({ op: "subscribe", ref: 2, topics: { "post:a": { since: "5-1", presence: "count" } } });
  await until(() => frames.filter(({ op }) => op === "subscribed").length === 2);
  line.close();
  expect(frames.flatMap((frame) => (frame.op === "subscribed" ? [frame.ref] : []))).toEqual([1, 2]);
  expect(asked.map((address) => new URL(address).searchParams.get("latest"))).toEqual(["20"]);
});

test("what is refused, or is one too many, is refused to all who ask", async () => {
  const sse = new Sse(["post:x"], "");
  const { stream: one, heard } = stream(sse.fetch);
  one.follow("post:x", "5-1", 0, 1);
  one.follow("post:x", null, 20, 2);
  await until(() => heard.frames.length > 1);
  const topics = { "post:x": { error: "not_found" } };
  expect(heard.frames).toEqual([1, 2].map((ref) => ({ op: "subscribed", ref, topics })));
  one.close();

  const { stream: full, heard: told } = stream(answering([]));
  full.follow("post:first", "5-1", 0, 1);
  await until(() => full.settled);
  full.follow(`post:${"b".repeat(7_000)}`, "5-1", 0, 2);
  full.follow(`post:${"b".repeat(7_000)}`, "6-1", 0, 3);
  await until(() => told.frames.length > 2);
  full.close();
  const refused = told.frames.slice(1).map((frame) => (frame.op === "subscribed" ? frame.ref : frame.op));
  expect(refused).toEqual([2, 3]);
});

test("a server that is busy says when to come again, and credentials that are not valid end it", async () => {
  const answers = [
    new Response('{"code":"busy","retry_after_s":3}', { status: 503 }),
    new Response('{"code":"unauthorised"}', { status: 401 }),
  ];
  for (const [index, closed] of (
    [
      [1006, 3_000],
      [4501, null],
    ] as const
  ).entries()) {
    const { stream: one, heard } = stream(() => Promise.resolve(answers[index]!));
    one.follow("feed:all", null, 0, 1);
    await until(() => heard.closed.length > 0);
    expect(heard.closed).toEqual([closed]);
  }
});

test("an address has room for so many topics; those beyond are refused", async () => {
  const sse = new Sse([], "");
  const { stream: one, heard } = stream(sse.fetch);
  for (let number = 0; number < 256; number++)
    one.follow(`post:${String(number).padStart(22, "0")}`, "1795328623111-802123123123", 0, 1);
  await until(() => sse.asked.length > 0);
  one.close();
  expect(sse.asked[0]!.length).toBeLessThan(7_100);
  const refused = heard.frames.filter((frame) => frame.op === "subscribed");
  expect(refused.length).toBeGreaterThan(100);
  expect(refused.length).toBeLessThan(200);
});

test("every call of the protocol has its request", () => {
  const of = (name: string, data: object) => commandOf(name, data as Record<string, unknown>);
  expect(of("comment.create", { post: "p", text: "t", parent: "c" })).toEqual({
    method: "POST",
    path: "/api/posts/p/comments",
    body: { text: "t", parent: "c" },
  });
  expect(of("reaction.set", { post: "p", emoji: "🦊", on: false })).toMatchObject({ method: "DELETE" });
  expect(of("generation.create", { prompt: "x" }).body).toEqual({ prompt: "x" });
  expect(() => of("nothing", {})).toThrow("unknown_method");
});
