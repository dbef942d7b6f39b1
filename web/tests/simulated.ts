/** A server, lines to it, and a browser with tabs, on the clock of the test and drawn from a seed. */
import { vi } from "vitest";
import type { Ears, Line, OpenLine } from "../live/line";
import type {
  ClientFrame,
  KeptEvent,
  Position,
  ServerFrame,
  SubscribeOptions,
  Topic,
} from "../live/protocol";
import type { Locks, Medium, Message, Surroundings } from "../live/shared-transport";

export type Random = () => number;

/** Return numbers in [0, 1) that a seed repeats. Source: mulberry32, public domain. */
export function drawn(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Topical {
  events: KeptEvent[];
  /** Positions older than this are not honoured. */
  floor: Position;
}

/** A server that keeps its topics in memory. Positions are `n-0`, one for each thing that happened anywhere. */
export class SimulatedServer {
  readonly #random: Random;
  readonly #topics = new Map<Topic, Topical>();
  readonly lines = new Set<SimulatedLine>();
  #now = 1;
  /** Whether lines can be opened at all. */
  up = true;
  opened = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  get cut(): Position {
    return `${this.#now}-0`;
  }

  topic(name: Topic): Topical {
    const topic = this.#topics.get(name) ?? { events: [], floor: "0-0" };
    this.#topics.set(name, topic);
    return topic;
  }

  publish(name: Topic): KeptEvent {
    this.#now += 1 + Math.floor(this.#random() * 3);
    const event = { id: this.cut, type: "told", time: Date.now(), data: { n: this.#now } };
    this.#now += Math.floor(this.#random() * 2);
    this.topic(name).events.push(event);
    for (const line of this.lines) line.happened(name, event, this.cut);
    return event;
  }

  /** Forget a topic's past: positions before now lead to a gap. */
  trim(name: Topic): void {
    this.#now += 1;
    this.topic(name).floor = this.cut;
  }

  readonly open: OpenLine = (ears) => {
    this.opened += 1;
    return new SimulatedLine(this, ears, this.#random);
  };
}

const ms = (position: Position): number => Number(position.split("-")[0]);

/** One connection: what is sent in either direction takes its time and stays in order. */
export class SimulatedLine implements Line {
  readonly #server: SimulatedServer;
  readonly #ears: Ears;
  readonly #random: Random;
  readonly #stands = new Map<Topic, Position>();
  #up = true;
  #out = 0;
  #in = 0;

  constructor(server: SimulatedServer, ears: Ears, random: Random) {
    this.#server = server;
    this.#ears = ears;
    this.#random = random;
    if (!server.up) {
      setTimeout(() => this.cut(1006), 5);
      return;
    }
    server.lines.add(this);
    const time = Date.now();
    this.tell({ op: "welcome", session: "s", user: null, time, heartbeat_s: 25, limits: {} });
  }

  send(frame: ClientFrame): void {
    this.#in = Math.max(this.#in, Date.now() + this.#random() * 30);
    setTimeout(() => this.#up && this.#take(frame), this.#in - Date.now());
  }

  close(): void {
    this.#up = false;
    this.#server.lines.delete(this);
  }

  /** The line breaks, with whatever is under way. */
  cut(code: number): void {
    if (!this.#up) return;
    this.close();
    this.#ears.closed(code, null);
  }

  tell(...frames: ServerFrame[]): void {
    this.#out = Math.max(this.#out, Date.now() + this.#random() * 30);
    setTimeout(() => this.#up && this.#ears.frames(frames), this.#out - Date.now());
  }

  happened(topic: Topic, event: KeptEvent, to: Position): void {
    const from = this.#stands.get(topic);
    if (from === undefined) return;
    this.#stands.set(topic, to);
    this.tell({ op: "events", topic, from, to, events: [event] });
  }

  #take(frame: ClientFrame): void {
    if (frame.op === "ping") this.tell({ op: "pong", ref: frame.ref });
    if (frame.op === "unsubscribe") for (const topic of frame.topics) this.#stands.delete(topic);
    if (frame.op === "subscribe")
      for (const [topic, options] of Object.entries(frame.topics)) this.#subscribe(frame.ref, topic, options);
  }

  #subscribe(ref: number, name: Topic, { since, latest }: SubscribeOptions): void {
    const { events, floor } = this.#server.topic(name);
    const now = this.#server.cut;
    const resumed = since !== undefined && ms(since) >= ms(floor);
    const replay = since === undefined && latest ? events.slice(-latest) : [];
    const before = events.at(-replay.length - 1)?.id ?? "1-0";
    const at = resumed ? since : replay.length ? before : now;
    this.#stands.set(name, now);
    this.tell({ op: "subscribed", ref, topics: { [name]: { at, resumed } } });
    if (since !== undefined && !resumed) return this.tell({ op: "gap", topic: name, at: now });
    const missed = events.filter(({ id }) => ms(id) > ms(at));
    // In pages, as a server does.
    let from = at;
    while (missed.length) {
      const page = missed.splice(0, 1 + Math.floor(this.#random() * 5));
      const to = missed.length ? page.at(-1)!.id : now;
      this.tell({ op: "events", topic: name, from, to, events: page });
      from = to;
    }
    if (from !== now) this.tell({ op: "events", topic: name, from, to: now, events: [] });
  }
}

/** What the tabs of one browser share. A tab that dies says nothing; what it holds is let go. */
export class SimulatedBrowser {
  readonly #random: Random;
  readonly #media = new Map<string, Set<SimulatedMedium>>();
  readonly #held = new Map<string, string>();
  readonly #queue: { name: string; tab: string; run: () => Promise<void>; signal: AbortSignal }[] = [];
  readonly dead = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  surroundings(tab: string): Surroundings {
    const locks: Locks = {
      request: (name, { signal }, held) =>
        new Promise((resolve, reject) => {
          const run = async (): Promise<void> => {
            await held();
            if (this.#held.get(name) === tab) this.#held.delete(name);
            resolve(undefined);
            this.#grant();
          };
          this.#queue.push({ name, tab, run, signal });
          signal.addEventListener("abort", () => {
            const index = this.#queue.findIndex((one) => one.run === run);
            if (index < 0) return;
            this.#queue.splice(index, 1);
            reject(new DOMException("given up", "AbortError"));
          });
          this.#grant();
        }),
    };
    return { medium: (name) => this.#join(name, tab), locks };
  }

  /** The tab is gone without a word. */
  kill(tab: string): void {
    this.dead.add(tab);
    for (const media of this.#media.values())
      for (const medium of media) if (medium.tab === tab) media.delete(medium);
    for (const [name, holder] of this.#held) if (holder === tab) this.#held.delete(name);
    for (const waiting of this.#queue.filter((one) => one.tab === tab))
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
    this.#grant();
  }

  /** Whether anybody holds a lock. */
  holder(name: string): string | undefined {
    return this.#held.get(name);
  }

  #grant(): void {
    setTimeout(() => {
      for (const waiting of [...this.#queue]) {
        if (this.#held.has(waiting.name) || this.dead.has(waiting.tab) || waiting.signal.aborted) continue;
        this.#held.set(waiting.name, waiting.tab);
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        void waiting.run();
      }
    }, this.#random() * 10);
  }

  #join(name: string, tab: string): Medium {
    const media = this.#media.get(name) ?? new Set();
    this.#media.set(name, media);
    const medium = new SimulatedMedium(tab, media, this.#random);
    media.add(medium);
    return medium;
  }
}

class SimulatedMedium implements Medium {
  onmessage: ((event: { data: Message }) => void) | null = null;
  readonly tab: string;
  readonly #media: Set<SimulatedMedium>;
  readonly #random: Random;
  #due = 0;

  constructor(tab: string, media: Set<SimulatedMedium>, random: Random) {
    this.tab = tab;
    this.#media = media;
    this.#random = random;
  }

  /** Messages of one sender stay in order; now and then one comes twice. */
  postMessage(message: Message): void {
    if (!this.#media.has(this)) return; // the dead are silent
    const data = structuredClone(message);
    for (const other of this.#media) {
      if (other === this) continue;
      this.#due = Math.max(this.#due, Date.now() + this.#random() * 8);
      const times = this.#random() < 0.05 ? 2 : 1;
      for (let time = 0; time < times; time++)
        setTimeout(() => this.#media.has(other) && other.onmessage?.({ data }), this.#due - Date.now());
    }
  }

  close(): void {
    this.#media.delete(this);
  }
}

/** Let so much time pass, ms. */
export async function pass(time: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(time);
}
