import { INITIAL, type Connection } from "./connection";
import { Exchange } from "./exchange";
import { newKey } from "./key";
import type { ServerFrame, SubscribeOptions, Subscribed, Topic, Welcome } from "./protocol";
import type { Transport, TransportEvents } from "./transport";

/** What a tab tells the one that leads. */
type Asking =
  | { readonly op: "came" | "here" | "gone" | "look" | "reconnect" }
  | { readonly op: "ask"; readonly topics: Readonly<Record<Topic, SubscribeOptions>> }
  | { readonly op: "leave"; readonly topics: readonly Topic[] }
  | { readonly op: "signal"; readonly topic: Topic; readonly type: string; readonly data: object | null };

/** What the one that leads tells the tabs. */
type Telling =
  /** term: since when it leads, ms; of two that say so, the later one does. */
  | { readonly op: "lead"; readonly term: number; readonly connection: Connection }
  | { readonly op: "changed"; readonly connection: Connection }
  | { readonly op: "welcome"; readonly welcome: Welcome }
  | { readonly op: "frames"; readonly frames: readonly ServerFrame[] }
  | { readonly op: "answer"; readonly topics: Readonly<Record<Topic, Subscribed>> };

interface Addressed {
  readonly from: string;
  /** For one tab only; absent: for all. */
  readonly to?: string;
}

export type Message = (Asking | Telling) & Addressed;

/** Counts the forms that messages have had. After a deployment tabs of two versions may be open: each keeps to its own. */
export const FORM = 1;

/** What is said to all tabs but oneself: a `BroadcastChannel`. */
export interface Medium {
  onmessage: ((event: { data: Message }) => void) | null;
  postMessage(message: Message): void;
  close(): void;
}

/** What is held by one tab at a time, and let go of when it is closed or dies: `navigator.locks`. */
export interface Locks {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>;
}

export interface Surroundings {
  readonly medium: (name: string) => Medium;
  readonly locks: Locks;
}

/** Return what a browser offers for sharing; null where it does not: without https, or before 2022. */
export function browserSurroundings(): Surroundings | null {
  if (!globalThis.navigator?.locks || !globalThis.BroadcastChannel) return null;
  return {
    medium: (name) => new BroadcastChannel(name) as unknown as Medium,
    locks: navigator.locks as unknown as Locks,
  };
}

/**
 * One connection for all tabs of a browser. The tab that holds a lock leads: it has the connection, and tells the others
 * what comes. When it is closed, dies or goes to sleep, the browser gives the lock to another one, whom all tell what
 * they follow and where they stand: nothing is lost, and what comes twice is passed over (subscriptions.ts).
 */
export class SharedTransport implements Transport {
  readonly #name: string;
  readonly #surroundings: Surroundings;
  readonly #open: (events: TransportEvents) => Transport;
  readonly #events: TransportEvents;
  /** Known to the other tabs by this, for as long as it stays. */
  #tab = "";
  #connection: Connection = INITIAL;
  #medium: Medium | null = null;
  #control = new AbortController();
  /** Whom this tab listens to. */
  #leader = "";
  #term = 0;
  #own: { readonly transport: Transport; readonly exchange: Exchange } | null = null;
  #welcome: Welcome | null = null;

  /**
   * name: of what is shared; tabs of different people must have different ones.
   * open: makes the connection, in the tab that leads.
   */
  constructor(
    name: string,
    surroundings: Surroundings,
    open: (events: TransportEvents) => Transport,
    events: TransportEvents,
  ) {
    this.#name = name;
    this.#surroundings = surroundings;
    this.#open = open;
    this.#events = events;
  }

  get connection(): Connection {
    return this.#connection;
  }

  get leads(): boolean {
    return this.#own !== null;
  }

  start(): void {
    if (this.#medium) return;
    const lostAt = this.#connection.phase === "resting" ? Date.now() : null;
    this.#tab = newKey();
    this.#control = new AbortController();
    this.#medium = this.#surroundings.medium(this.#name);
    this.#medium.onmessage = ({ data }) => this.#heard(data);
    this.#changed({ ...INITIAL, phase: "connecting", lostAt });
    // Held for as long as this tab is here: so the one that leads learns of its end, however it comes.
    this.#hold(`${this.#name} tab ${this.#tab}`, () => this.#say({ op: "came" }));
    this.#hold(`${this.#name} lead`, () => this.#lead());
  }

  stop(): void {
    this.#leave(INITIAL);
  }

  rest(): void {
    this.#leave({ ...INITIAL, phase: "resting" });
  }

  subscribe(topics: Readonly<Record<Topic, SubscribeOptions>>): number {
    this.#say({ op: "ask", topics });
    return 0;
  }

  unsubscribe(topics: readonly Topic[]): void {
    this.#say({ op: "leave", topics });
  }

  signal(topic: Topic, type: string, data: object | null): void {
    this.#say({ op: "signal", topic, type, data });
  }

  reconnect(): void {
    this.#say({ op: "reconnect" });
  }

  look(): void {
    this.#say({ op: "look" });
  }

  #leave(connection: Connection): void {
    if (!this.#medium) return;
    this.#say({ op: "gone" });
    this.#own?.transport.stop();
    this.#own = null;
    this.#leader = "";
    this.#medium.onmessage = null;
    this.#medium.close();
    this.#medium = null;
    this.#control.abort();
    this.#changed(connection);
  }

  /** Hold a lock, once it is ours, until this tab leaves. */
  #hold(name: string, held: () => void): void {
    const { signal } = this.#control;
    const until = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    this.#surroundings.locks
      .request(name, { signal }, () => {
        if (!signal.aborted) held();
        return until;
      })
      .catch(() => undefined); // given up while it was still another's
  }

  #lead(): void {
    const exchange = new Exchange({
      subscribe: (topics) => this.#own!.transport.subscribe(topics),
      unsubscribe: (topics) => this.#own!.transport.unsubscribe(topics),
      answer: (tab, topics) => this.#tell({ op: "answer", topics }, tab),
    });
    const transport = this.#open({
      welcomed: (welcome) => {
        this.#welcome = welcome;
        this.#tell({ op: "welcome", welcome });
      },
      resume: () => exchange.welcomed(),
      frames: (frames) => {
        const told = exchange.receive(frames);
        if (told.length) this.#tell({ op: "frames", frames: told });
      },
      changed: (connection) => this.#tell({ op: "changed", connection }),
    });
    this.#own = { transport, exchange };
    const connection = { ...this.#connection, phase: "connecting" } as const;
    this.#tell({ op: "lead", term: Math.max(Date.now(), this.#term + 1), connection });
    transport.start();
  }

  /** Tell all tabs, or one; oneself at once. */
  #tell(telling: Telling, to?: string): void {
    const message = { ...telling, from: this.#tab, ...(to ? { to } : {}) };
    if (to !== this.#tab && (telling.op === "lead" || this.#company)) this.#medium?.postMessage(message);
    if (!to || to === this.#tab) this.#told(message);
  }

  /** Whether anybody else is listening. */
  get #company(): boolean {
    return this.#own?.exchange.tabs.some((tab) => tab !== this.#tab) ?? false;
  }

  /** Tell the tab that leads. While there is none, nobody hears it: whoever leads next asks for everything. */
  #say(asking: Asking): void {
    const message = { ...asking, from: this.#tab };
    if (this.#own) this.#asked(message);
    else this.#medium?.postMessage(message);
  }

  #heard(message: Message): void {
    if (message.to && message.to !== this.#tab) return;
    switch (message.op) {
      case "lead":
      case "changed":
      case "welcome":
      case "frames":
      case "answer":
        return this.#told(message);
      default:
        if (this.#own) this.#asked(message);
    }
  }

  /** The leader's side. */
  #asked(message: Asking & Addressed): void {
    const { transport, exchange } = this.#own!;
    const { from } = message;
    switch (message.op) {
      case "came":
      case "here": {
        if (from === this.#tab) return;
        this.#note(from);
        const { connection } = transport;
        const term = this.#term;
        this.#tell(
          message.op === "came" ? { op: "lead", term, connection } : { op: "changed", connection },
          from,
        );
        if (this.#welcome) this.#tell({ op: "welcome", welcome: this.#welcome }, from);
        return;
      }
      case "gone":
        return exchange.gone(from);
      case "ask":
        this.#note(from);
        return exchange.ask(from, message.topics);
      case "leave":
        return exchange.leave(from, message.topics);
      case "signal":
        return transport.signal(message.topic, message.type, message.data);
      case "reconnect":
        return transport.reconnect();
      case "look":
        return transport.look();
    }
  }

  /** Note a tab, and learn of its end. */
  #note(tab: string): void {
    const { exchange } = this.#own!;
    if (exchange.tabs.includes(tab)) return;
    exchange.came(tab);
    if (tab === this.#tab) return;
    this.#surroundings.locks
      .request(`${this.#name} tab ${tab}`, { signal: this.#control.signal }, () => {
        exchange.gone(tab);
        return Promise.resolve();
      })
      .catch(() => undefined); // this tab leaves first
  }

  /** Every tab's side. */
  #told(message: Telling & Addressed): void {
    if (message.op === "lead") {
      if (message.term < this.#term || (this.#own && message.from !== this.#tab)) return;
      this.#leader = message.from;
      this.#term = message.term;
      this.#changed(message.connection);
      // To all tabs: whoever follows nothing is to be known too.
      if (!message.to && !this.#own) this.#say({ op: "here" });
      return this.#events.resume();
    }
    if (message.from !== this.#leader) return;
    switch (message.op) {
      case "changed":
        return this.#changed(message.connection);
      case "welcome":
        return this.#events.welcomed(message.welcome);
      case "frames":
        return this.#events.frames(message.frames);
      case "answer":
        return this.#events.frames([{ op: "subscribed", ref: 0, topics: message.topics }]);
    }
  }

  #changed(connection: Connection): void {
    this.#connection = connection;
    this.#events.changed(connection);
  }
}
