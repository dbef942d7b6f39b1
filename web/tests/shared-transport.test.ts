import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Client } from "../client/client";
import { EventStream } from "../live/event-stream";
import { Exchange } from "../live/exchange";
import { isNewer } from "../live/position";
import type { Position, TopicFrame } from "../live/protocol";
import { Requests } from "../live/requests";
import { SharedTransport } from "../live/shared-transport";
import { Subscriptions, type Verdict } from "../live/subscriptions";
import { OwnTransport } from "../live/transport";
import { drawn, pass, SimulatedBrowser, SimulatedServer, type Random } from "./simulated";
import { ms } from "./simulated-shard";

const NAME = "livefeed someone";
const TOPICS = ["feed:all", "post:a", "room:b"];
const RECEIVE = Subscriptions.prototype.receive;
const FOLLOW = EventStream.prototype.follow;
const REPLAY = 3;
const WORLDS = Number(process.env["LIVEFEED_WORLDS"] ?? 60);
const SEED = Number(process.env["LIVEFEED_TEST_SEED"] ?? Date.now() % 1_000_000);

beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

type Road = "socket" | "stream";

/** A tab: what it was told of each topic, in order, since it began or since the last gap. */
class Tab {
  readonly client: Client;
  readonly told = new Map<string, Told>();
  readonly gaps = new Map<string, number>();
  readonly name: string;

  constructor(name: string, road: Road, server: SimulatedServer, browser: SimulatedBrowser) {
    this.name = name;
    const open = road === "socket" ? server.open : server.stream;
    const roads = { socket: open, stream: open };
    this.client = new Client(
      (events) =>
        new SharedTransport(NAME, browser.surroundings(name), (own) => new OwnTransport(roads, own), events),
      new Requests({ origin: "", fetch: () => Promise.reject(new Error("no requests here")) }),
    );
  }

  /** replays: it begins with what happened last, as who has no snapshot does; else at `now`. */
  follow(topic: string, now: Position, replays: boolean, presence: boolean): void {
    const told: Told = { start: now, replays, ids: [] };
    this.told.set(topic, told);
    this.client.follow(
      topic,
      {
        event: ({ id }) => told.ids.push(id),
        gap: (at) => {
          Object.assign(told, { start: at, replays: false, ids: [] });
          this.gaps.set(topic, (this.gaps.get(topic) ?? 0) + 1);
        },
      },
      { ...(replays ? { latest: REPLAY } : { since: now }), ...(presence ? { presence: "count" } : {}) },
    );
  }
}

interface Told {
  start: Position;
  /** It begins not at `start` but with the last events of when the server heard of it. */
  replays: boolean;
  ids: string[];
}

/** Everything of a topic after a position, or after where a replay has begun, each once and in order. */
function expected(server: SimulatedServer, topic: string, { start, replays, ids }: Told): string[] {
  const { events } = server.shard.topic(topic);
  const least = replays ? Math.max(ids.length, REPLAY + 1) : 0;
  return (replays ? events.slice(-least) : events.filter(({ at }) => ms(at) > ms(start))).map(
    ({ event }) => event.id,
  );
}

function pick<T>(random: Random, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}

/** Let tabs come, go, die, sleep and wake while connections break; return what is wrong in the end. */
async function world(seed: number, road: Road): Promise<string[]> {
  const random = drawn(seed);
  vi.spyOn(Math, "random").mockImplementation(random);
  const server = new SimulatedServer(random);
  const browser = new SimulatedBrowser(random);
  const trims = random() < 0.3;
  const tabs: Tab[] = [];
  let names = 0;
  const follow = (tab: Tab, topic: string): void =>
    tab.follow(topic, server.cut, random() < 0.3, random() < 0.5);
  const come = (): void => {
    const tab = new Tab(`tab ${names++}`, road, server, browser);
    for (const topic of TOPICS) if (random() < 0.7) follow(tab, topic);
    tabs.push(tab);
  };
  const leave = (tab: Tab): void => void tabs.splice(tabs.indexOf(tab), 1);
  come();
  for (let step = 0; step < 120; step++) {
    const tab = pick(random, tabs);
    const what = random();
    if (what < 0.5) server.publish(pick(random, TOPICS)!);
    else if (what < 0.6 && tabs.length < 5) come();
    else if (what < 0.64 && tab && tabs.length > 1) {
      // Closed: the page says so.
      tab.client.close();
      leave(tab);
    } else if (what < 0.69 && tabs.length > 1) {
      // Killed, the one that leads more often than not.
      const holder = browser.holder(`${NAME} lead`);
      const victim = tabs.find(({ name }) => name === holder) ?? tab!;
      browser.kill(victim.name);
      victim.client.close(); // its program and its line end with it; nobody hears of that
      leave(victim);
    } else if (what < 0.75) for (const line of server.lines) line.cut(1006);
    else if (what < 0.78) for (const line of server.lines) line.drain();
    else if (what < 0.81) server.up = random() < 0.5;
    else if (what < 0.85 && tab) tab.client.rest();
    else if (what < 0.9 && tab) tab.client.wake();
    else if (what < 0.92 && trims) server.shard.trim(pick(random, TOPICS)!);
    else if (what < 0.94) server.beat();
    else if (tab) {
      // All that are open show the same thing at the same moment, as when a picture is begun.
      const topic = pick(random, TOPICS)!;
      for (const one of tabs) if (!one.told.has(topic)) follow(one, topic);
    }
    await pass(random() * 120);
  }
  server.up = true;
  for (const tab of tabs) tab.client.wake();
  await pass(60_000);
  for (const topic of TOPICS) server.publish(topic);
  await pass(5_000);

  const wrong: string[] = [];
  for (const tab of tabs) {
    if (tab.client.phase !== "live") wrong.push(`${tab.name} is ${tab.client.phase}`);
    for (const [topic, told] of tab.told) {
      const [ids, all] = [told.ids.join(" "), expected(server, topic, told).join(" ")];
      if (ids !== all) wrong.push(`${tab.name} was told of ${topic}: ${ids}; there is: ${all}`);
      if (!trims && tab.gaps.has(topic))
        wrong.push(`${tab.name} was told of a gap in ${topic} where there is none`);
    }
  }
  // A line of requests has one stream for what is counted and one for the rest.
  const lines = { socket: [1], stream: [0, 1, 2] };
  if (!lines[road].includes(server.lines.size))
    wrong.push(`${server.lines.size} connections at the server for ${tabs.length} tabs`);
  for (const tab of tabs) tab.client.close();
  await pass(1_000);
  if (server.lines.size !== 0) wrong.push("a connection is left when all tabs are closed");
  return wrong;
}

const ROADS = ["socket", "stream"] as const;
const SEEDS = Array.from({ length: WORLDS }, (_, index) => SEED + index);

test.each(ROADS.flatMap((road) => SEEDS.map((seed) => [road, seed] as const)))(
  "every tab is told everything once and in order, over one %s (LIVEFEED_TEST_SEED=%i)",
  async (road, seed) => expect(await world(seed, road)).toEqual([]),
);

/** Take for new by its id what is new by its position. */
function receivedById(this: Subscriptions, frame: TopicFrame): Verdict {
  const at = this.position(frame.topic);
  const repeats = frame.op === "events" && at && isNewer(at, frame.from) && isNewer(frame.to, at);
  return RECEIVE.call(
    this,
    repeats ? { ...frame, from: at, events: frame.events.filter(({ id }) => isNewer(id, at)) } : frame,
  );
}

test.each([
  [
    "what comes twice is passed over",
    () =>
      vi.spyOn(Subscriptions.prototype, "receive").mockImplementation((frame) => ({
        frame,
        reload: frame.op === "gap",
        again: false,
      })),
  ],
  [
    "a new connection goes on from where the topics stand",
    () => vi.spyOn(Exchange.prototype, "welcomed").mockReturnValue(),
  ],
  [
    "who leads next is told what the tabs follow",
    () => vi.spyOn(Subscriptions.prototype, "everything").mockReturnValue({}),
  ],
  [
    "no event's id is taken for a position",
    () => vi.spyOn(Subscriptions.prototype, "receive").mockImplementation(receivedById),
  ],
  [
    "all that ask in one moment are answered",
    () =>
      vi.spyOn(EventStream.prototype, "follow").mockImplementation(function (this: EventStream, ...asked) {
        this.leave(asked[0]);
        FOLLOW.apply(this, asked);
      }),
  ],
] as const)("worlds fail unless %s", async (_, takeOut) => {
  const guard = takeOut();
  const wrong: string[] = [];
  for (let seed = 1; seed <= 40 && !wrong.length; seed++)
    for (const road of ROADS) wrong.push(...(await world(seed, road)));
  guard.mockRestore();
  expect(wrong).not.toEqual([]);
});
