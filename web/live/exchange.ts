import { comparePositions } from "./position";
import type { Position, ServerFrame, SubscribeOptions, Subscribed, Topic } from "./protocol";

/** Where an exchange puts what it decides. */
export interface Switch {
  /** Ask the server. Return the request's `ref`. */
  subscribe(topics: Readonly<Record<Topic, SubscribeOptions>>): number;
  unsubscribe(topics: readonly Topic[]): void;
  /** Tell one tab what became of its request. */
  answer(tab: string, topics: Readonly<Record<Topic, Subscribed>>): void;
}

type Wishes = Map<Topic, SubscribeOptions>;

interface Place {
  /** Where the connection's subscription stands; null until the server has said. */
  readonly at: Position | null;
  /** Requests not answered yet: until then frames may be of the subscription that is being replaced. */
  readonly pending: number;
}

/**
 * What several tabs follow, as the subscriptions of one connection.
 *
 * A tab that comes makes its topics start again from where it stands, or from where the others stand if that is
 * earlier: so it gets the newest values and what it has missed. If it asks once more from there, it could not tell what of
 * that is new: then they start just there, and whom that leaves a hole asks in turn. Two tabs that hold each other up by
 * earlier positions would ask for ever. All frames go to all tabs; each takes what is new to it
 * (subscriptions.ts). Nothing is held here but positions.
 */
export class Exchange {
  readonly #switch: Switch;
  readonly #tabs = new Map<string, Wishes>();
  readonly #places = new Map<Topic, Place>();
  /** Per request, the tab that it was made for, null for all, and its topics. */
  #requests = new Map<number, { readonly tab: string | null; readonly topics: readonly Topic[] }>();

  constructor(to: Switch) {
    this.#switch = to;
  }

  get tabs(): string[] {
    return [...this.#tabs.keys()];
  }

  get topics(): Topic[] {
    return [...this.#places.keys()];
  }

  /** A tab is there, with or without wishes. */
  came(tab: string): void {
    if (!this.#tabs.has(tab)) this.#tabs.set(tab, new Map());
  }

  /** A tab wants topics, or wants them otherwise. */
  ask(tab: string, topics: Readonly<Record<Topic, SubscribeOptions>>): void {
    this.came(tab);
    const asked: Record<Topic, SubscribeOptions> = {};
    for (const [topic, wish] of Object.entries(topics)) {
      const before = this.#tabs.get(tab)!.get(topic);
      this.#tabs.get(tab)!.set(topic, wish);
      const again = wish.since !== undefined && wish.since === before?.since;
      const start = again ? { since: wish.since } : this.#start(topic, wish);
      asked[topic] = { ...start, ...this.#company(topic) };
    }
    this.#request(tab, asked);
  }

  leave(tab: string, topics: readonly Topic[]): void {
    const left: Topic[] = [];
    const changed: Record<Topic, SubscribeOptions> = {};
    for (const topic of topics) {
      const before = JSON.stringify(this.#company(topic));
      if (!this.#tabs.get(tab)?.delete(topic)) continue;
      const company = this.#company(topic);
      const at = this.#places.get(topic)?.at;
      if (![...this.#tabs.values()].some((wishes) => wishes.has(topic))) {
        this.#places.delete(topic);
        left.push(topic);
      } else if (at && JSON.stringify(company) !== before) changed[topic] = { since: at, ...company };
    }
    this.#unask(left);
    if (left.length) this.#switch.unsubscribe(left);
    this.#request(null, changed);
  }

  /** Nobody waits for what was asked about these topics: it may never be answered, and says nothing of a later request. */
  #unask(left: readonly Topic[]): void {
    for (const [ref, request] of this.#requests) {
      const topics = request.topics.filter((topic) => !left.includes(topic));
      if (topics.length) this.#requests.set(ref, { ...request, topics });
      else this.#requests.delete(ref);
    }
  }

  /** A tab is closed. */
  gone(tab: string): void {
    this.leave(tab, [...(this.#tabs.get(tab)?.keys() ?? [])]);
    this.#tabs.delete(tab);
  }

  /** There is a new connection: every topic goes on from where it stands, and who has no answer yet asks again. */
  welcomed(): void {
    const waiting = [...this.#requests.values()];
    this.#requests = new Map();
    const resumed: Record<Topic, SubscribeOptions> = {};
    for (const [topic, { at }] of this.#places) {
      this.#places.set(topic, { at, pending: 0 });
      if (at) resumed[topic] = { since: at, ...this.#company(topic) };
    }
    this.#request(null, resumed);
    for (const { tab, topics } of waiting) {
      const wishes = tab === null ? undefined : this.#tabs.get(tab);
      const still = topics.filter((topic) => wishes?.has(topic));
      if (tab) this.ask(tab, Object.fromEntries(still.map((topic) => [topic, wishes!.get(topic)!])));
    }
  }

  /** Move positions by what goes out to all tabs. Return the frames to give them. */
  receive(frames: readonly ServerFrame[]): ServerFrame[] {
    return frames.flatMap((frame): ServerFrame[] => {
      if (frame.op === "subscribed") return this.#answered(frame);
      if (frame.op === "error" && frame.topic) this.#ended(frame.topic);
      if (frame.op === "events" || frame.op === "gap") {
        const place = this.#places.get(frame.topic);
        const at = frame.op === "gap" ? frame.at : frame.to;
        if (place && place.pending === 0) this.#places.set(frame.topic, { ...place, at });
      }
      return [frame];
    });
  }

  /** Answer the tab that asked. Whom else a refusal concerns is told that the topic ends. */
  #answered({ ref, topics: told }: Extract<ServerFrame, { op: "subscribed" }>): ServerFrame[] {
    const request = this.#requests.get(ref);
    if (!request) return []; // of a connection before this one
    const topics = Object.fromEntries(
      Object.entries(told).filter(([topic]) => request.topics.includes(topic)),
    );
    // A request may be answered in parts.
    const rest = request.topics.filter((topic) => !(topic in topics));
    if (rest.length) this.#requests.set(ref, { ...request, topics: rest });
    else this.#requests.delete(ref);
    const ends: ServerFrame[] = [];
    for (const [topic, answer] of Object.entries(topics)) {
      const place = this.#places.get(topic);
      if (!place) continue;
      if ("error" in answer) {
        const others = [...this.#tabs].some(([tab, wishes]) => tab !== request.tab && wishes.has(topic));
        if (others) ends.push({ op: "error", topic, code: answer.error, message: "" });
        this.#ended(topic);
      } else {
        const pending = Math.max(0, place.pending - 1);
        this.#places.set(topic, { at: (pending && place.at) || answer.at, pending });
      }
    }
    if (request.tab) this.#switch.answer(request.tab, topics);
    return ends;
  }

  #ended(topic: Topic): void {
    this.#places.delete(topic);
    for (const wishes of this.#tabs.values()) wishes.delete(topic);
  }

  #request(tab: string | null, topics: Readonly<Record<Topic, SubscribeOptions>>): void {
    const names = Object.keys(topics);
    if (!names.length) return;
    for (const topic of names) {
      const place = this.#places.get(topic);
      this.#places.set(topic, { at: place?.at ?? null, pending: (place?.pending ?? 0) + 1 });
    }
    this.#requests.set(this.#switch.subscribe(topics), { tab, topics: names });
  }

  /** Where a topic has to begin so that the one who asks and those who follow it already miss nothing. */
  #start(topic: Topic, { since, latest }: SubscribeOptions): SubscribeOptions {
    const at = this.#places.get(topic)?.at;
    if (!since && latest) return { latest };
    const first = since && at ? (comparePositions(since, at) < 0 ? since : at) : (since ?? at);
    return first ? { since: first } : {};
  }

  /** What all tabs together want to be told of those who follow a topic; one of them that hides hides them all. */
  #company(topic: Topic): SubscribeOptions {
    const wishes = [...this.#tabs.values()].map((one) => one.get(topic)).filter((wish) => wish?.presence);
    if (!wishes.length) return {};
    const presence = wishes.some((wish) => wish?.presence === "roster") ? "roster" : "count";
    return { presence, ...(wishes.some((wish) => wish?.hidden) ? { hidden: true } : {}) };
  }
}
