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
import { streamLine } from "../live/stream-line";
import { frameOf, SimulatedShard, type Placed, type Random } from "./simulated-shard";
import { streaming } from "./simulated-stream";

export type { Random };

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

/** What the server tells of everything that happens. */
export interface SimulatedConnection {
  happened(topic: Topic, placed: Placed, to: Position): void;
  /** A sign of life, which moves idle topics on. */
  beat(cut: Position): void;
  /** Ask to be left for another connection. */
  drain(): void;
  /** Stand on, and say and hear nothing any more. */
  hang(): void;
  /** It breaks, with whatever is under way. */
  cut(code: number): void;
}

/** A server that keeps its topics in memory. */
export class SimulatedServer {
  readonly #random: Random;
  readonly shard: SimulatedShard;
  readonly lines = new Set<SimulatedConnection>();
  /** Whether connections can be opened at all. */
  up = true;
  opened = 0;

  constructor(random: Random) {
    this.#random = random;
    this.shard = new SimulatedShard(random);
  }

  get cut(): Position {
    return this.shard.cut;
  }

  publish(name: Topic): KeptEvent {
    const placed = this.shard.append(name);
    for (const line of this.lines) line.happened(name, placed, this.cut);
    return placed.event;
  }

  beat(): void {
    for (const line of this.lines) line.beat(this.cut);
  }

  /** By WebSocket. */
  readonly open: OpenLine = (ears) => {
    this.opened += 1;
    return new SimulatedLine(this, ears, this.#random);
  };

  /** By server-sent events and requests, as where WebSockets are blocked. */
  readonly stream: OpenLine = (ears) =>
    streamLine(() => ({ origin: "http://simulated", fetch: streaming(this, this.#random) }))(ears);
}

/** One connection: what is sent in either direction takes its time and stays in order. */
class SimulatedLine implements Line, SimulatedConnection {
  readonly #server: SimulatedServer;
  readonly #ears: Ears;
  readonly #random: Random;
  readonly #stands = new Map<Topic, Position>();
  #up = true;
  #hangs = false;
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
    this.#tell({ op: "welcome", session: "s", user: null, time, heartbeat_s: 25, limits: {} });
  }

  send(frame: ClientFrame): void {
    this.#in = Math.max(this.#in, Date.now() + this.#random() * 30);
    setTimeout(() => this.#up && !this.#hangs && this.#take(frame), this.#in - Date.now());
  }

  close(): void {
    this.#up = false;
    this.#server.lines.delete(this);
  }

  cut(code: number): void {
    if (!this.#up) return;
    this.close();
    this.#ears.closed(code, null);
  }

  drain(): void {
    this.#tell({ op: "drain", after_ms: this.#random() * 200 });
  }

  hang(): void {
    this.#hangs = true;
  }

  happened(topic: Topic, placed: Placed, to: Position): void {
    this.#move(topic, to, [placed]);
  }

  beat(cut: Position): void {
    for (const topic of this.#stands.keys()) this.#move(topic, cut, []);
  }

  #move(topic: Topic, to: Position, events: readonly Placed[]): void {
    const from = this.#stands.get(topic);
    if (from === undefined) return;
    this.#stands.set(topic, to);
    this.#tell(frameOf(topic, { from, to, events }));
  }

  #tell(...frames: ServerFrame[]): void {
    this.#out = Math.max(this.#out, Date.now() + this.#random() * 30);
    setTimeout(() => this.#up && !this.#hangs && this.#ears.frames(frames), this.#out - Date.now());
  }

  #take(frame: ClientFrame): void {
    if (frame.op === "ping") this.#tell({ op: "pong", ref: frame.ref });
    if (frame.op === "unsubscribe") for (const topic of frame.topics) this.#stands.delete(topic);
    if (frame.op === "subscribe")
      for (const [topic, options] of Object.entries(frame.topics)) this.#subscribe(frame.ref, topic, options);
  }

  #subscribe(ref: number, topic: Topic, options: SubscribeOptions): void {
    const { answer, parts } = this.#server.shard.begin(topic, options);
    this.#stands.set(topic, this.#server.cut);
    this.#tell({ op: "subscribed", ref, topics: { [topic]: answer } });
    for (const part of parts) this.#tell(frameOf(topic, part));
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
