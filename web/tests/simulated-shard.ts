/** A server's one shard on the clock of the test: topics, positions, and what a subscription is told. */
import type { KeptEvent, Position, ServerFrame, SubscribeOptions, Subscribed, Topic } from "../live/protocol";

export type Random = () => number;

/** What happened on a topic, and the position that it has there. */
export interface Placed {
  readonly at: Position;
  readonly event: KeptEvent;
}

/** A part of a topic's frames: events from one position to another, or a gap at one. */
export type Part =
  | { readonly from: Position; readonly to: Position; readonly events: readonly Placed[] }
  | { readonly gap: Position };

interface Topical {
  readonly events: Placed[];
  /** Positions older than this are not honoured. */
  floor: Position;
}

export const ms = (position: Position): number => Number(position.split("-")[0]);

/** Positions are `n-0`, one for each thing that happened anywhere. */
export class SimulatedShard {
  readonly #random: Random;
  readonly #topics = new Map<Topic, Topical>();
  #now = 1;
  #happened = 0;

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

  /**
   * Append an event. On a feed it keeps the id that it got where it happened, in another shard: what happened later may
   * have come here before it.
   */
  append(name: Topic): Placed {
    this.#now += 1 + Math.floor(this.#random() * 3);
    const at = this.cut;
    const born = this.#now - Math.floor(this.#random() * 8);
    const id = name.startsWith("feed:") ? `${born}-${++this.#happened}` : at;
    const placed = { at, event: { id, type: "told", time: Date.now(), data: { n: this.#now } } };
    this.#now += Math.floor(this.#random() * 2);
    this.topic(name).events.push(placed);
    return placed;
  }

  /** Forget a topic's past: positions before now lead to a gap. */
  trim(name: Topic): void {
    this.#now += 1;
    this.topic(name).floor = this.cut;
  }

  /** Return the answer to a subscription and what follows it up to now, in pages as a server does. */
  begin(name: Topic, { since, latest }: SubscribeOptions): { answer: Subscribed; parts: Part[] } {
    const { events, floor } = this.topic(name);
    const now = this.cut;
    const resumed = since !== undefined && ms(since) >= ms(floor);
    const replay = since === undefined && latest ? events.slice(-latest) : [];
    const before = events.at(-replay.length - 1)?.at ?? "1-0";
    const at = resumed ? since : replay.length ? before : now;
    const answer = { at, resumed };
    if (since !== undefined && !resumed) return { answer, parts: [{ gap: now }] };
    const parts: Part[] = [];
    const missed = events.filter((placed) => ms(placed.at) > ms(at));
    let from = at;
    while (missed.length) {
      const page = missed.splice(0, 1 + Math.floor(this.#random() * 5));
      const to = missed.length ? page.at(-1)!.at : now;
      parts.push({ from, to, events: page });
      from = to;
    }
    if (from !== now) parts.push({ from, to: now, events: [] });
    return { answer, parts };
  }
}

/** Return a part as a WebSocket's frame. */
export function frameOf(topic: Topic, part: Part): ServerFrame {
  if ("gap" in part) return { op: "gap", topic, at: part.gap };
  const { from, to, events } = part;
  return { op: "events", topic, from, to, events: events.map(({ event }) => event) };
}
