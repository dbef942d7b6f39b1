import { advance, INITIAL, isUp, type Connection, type Effect, type Input } from "./connection";
import type { Line, OpenLine, Road } from "./line";
import type { ClientFrame, ServerFrame, SubscribeOptions, Topic, Welcome } from "./protocol";

export interface TransportEvents {
  /** Whom the server takes us for. */
  welcomed(welcome: Welcome): void;
  /** There is a new connection: subscribe now, each topic from where it stands. */
  resume(): void;
  /** The frames of one message, in order. */
  frames(frames: readonly ServerFrame[]): void;
  changed(connection: Connection): void;
}

/** What somebody who follows topics needs of a connection, whether it is their own or shared. */
export interface Transport {
  readonly connection: Connection;
  start(): void;
  stop(): void;
  /** Let go until `start`; what is followed goes on from its positions then. */
  rest(): void;
  /** Subscribe now, if connected. Return the request's `ref`. */
  subscribe(topics: Readonly<Record<Topic, SubscribeOptions>>): number;
  unsubscribe(topics: readonly Topic[]): void;
  signal(topic: Topic, type: string, data: object | null): void;
  /** Leave this connection for a new one: the credentials have changed. */
  reconnect(): void;
  /** Somebody looks again: try now, or ask whether the line still stands. */
  look(): void;
}

/** Silence longer than this many heartbeats is asked about with a `ping`. */
const SILENT_HEARTBEATS = 1.5;
const PONG_TIMEOUT_MS = 6_000;
const WATCH_MS = 2_500;
/** On a stream, a WebSocket is tried beside it after so long, then doubled up to the longest. */
const PROBE_MS = 60_000;
const LONGEST_PROBE_MS = 30 * 60_000;

/**
 * One connection's lines under the state machine of connection.ts: opens, closes, waits, listens for silence.
 * Every decision is made there; what arrives is handed on as frames.
 */
export class OwnTransport implements Transport {
  readonly #roads: Readonly<Record<Road, OpenLine>>;
  readonly #events: TransportEvents;
  #connection: Connection = INITIAL;
  #line: Line | null = null;
  #probe: Line | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #ref = 0;
  #catchUpRef = 0;
  #heartbeatMs = 20_000;
  #heardAt = 0;
  #askedAt: number | null = null;
  #probeAt = 0;
  #probeMs = PROBE_MS;

  constructor(roads: Readonly<Record<Road, OpenLine>>, events: TransportEvents) {
    this.#roads = roads;
    this.#events = events;
  }

  get connection(): Connection {
    return this.#connection;
  }

  start(): void {
    globalThis.addEventListener?.("online", this.#online);
    globalThis.addEventListener?.("offline", this.#offline);
    this.#watch ??= setInterval(() => this.#listenForSilence(), WATCH_MS);
    this.#input({ kind: "start" });
    if (globalThis.navigator?.onLine === false) this.#input({ kind: "offline" });
  }

  stop(): void {
    this.#leave({ kind: "stop" });
  }

  rest(): void {
    this.#leave({ kind: "rest" });
  }

  subscribe(topics: Readonly<Record<Topic, SubscribeOptions>>): number {
    this.#send({ op: "subscribe", ref: ++this.#ref, topics });
    return this.#ref;
  }

  unsubscribe(topics: readonly Topic[]): void {
    this.#send({ op: "unsubscribe", ref: ++this.#ref, topics });
  }

  signal(topic: Topic, type: string, data: object | null): void {
    this.#send({ op: "signal", topic, type, data });
  }

  /** Send a call on the line as it is. Return its `ref`, null where none stands. */
  call(method: string, data: object, key: string | undefined): number | null {
    if (!isUp(this.#connection)) return null;
    this.#send({ op: "call", ref: ++this.#ref, method, data, ...(key ? { key } : {}) });
    return this.#ref;
  }

  reconnect(): void {
    this.#input({ kind: "drain", afterMs: 0 });
  }

  look(): void {
    this.#input({ kind: "look" });
    this.#ask();
  }

  readonly #online = (): void => this.#input({ kind: "online" });
  readonly #offline = (): void => this.#input({ kind: "offline" });

  #leave(input: Input): void {
    globalThis.removeEventListener?.("online", this.#online);
    globalThis.removeEventListener?.("offline", this.#offline);
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#input(input);
  }

  #input(input: Input): void {
    const before = this.#connection;
    const [next, effects] = advance(before, input, Math.random(), Date.now());
    this.#connection = next;
    for (const effect of effects) this.#perform(effect);
    if (next !== before) this.#events.changed(next);
  }

  #perform(effect: Effect): void {
    clearTimeout(this.#timer);
    switch (effect.kind) {
      case "connect":
        return this.#open();
      case "close":
        return this.#close();
      case "wait":
        this.#timer = setTimeout(() => this.#input({ kind: "timer" }), effect.ms);
    }
  }

  #open(): void {
    this.#close();
    this.#heardAt = Date.now();
    this.#askedAt = null;
    const line = this.#roads[this.#connection.road]({
      frames: (frames) => {
        if (line === this.#line) this.#receive(frames);
      },
      closed: (code, retryAfterMs) => {
        if (line !== this.#line) return;
        this.#close();
        this.#input({ kind: "closed", code, retryAfterMs });
      },
    });
    this.#line = line;
  }

  #close(): void {
    this.#line?.close();
    this.#line = null;
    this.#probe?.close();
    this.#probe = null;
  }

  #receive(frames: readonly ServerFrame[]): void {
    this.#heardAt = Date.now();
    const rest: ServerFrame[] = [];
    for (const frame of frames) {
      if (frame.op === "welcome") this.#welcomed(frame);
      else if (frame.op === "drain") this.#input({ kind: "drain", afterMs: frame.after_ms });
      else if (frame.op === "pong") this.#ponged(frame.ref);
      else rest.push(frame);
    }
    if (rest.length) this.#events.frames(rest);
  }

  #welcomed(welcome: Welcome): void {
    this.#heartbeatMs = Math.max(2, welcome.heartbeat_s) * 1000;
    this.#probeAt = Date.now() + this.#probeMs;
    if (this.#connection.road === "socket") this.#probeMs = PROBE_MS;
    this.#input({ kind: "welcomed" });
    this.#events.welcomed(welcome);
    this.#events.resume();
    // Answered after the subscriptions: then the position of every topic is known again.
    this.#catchUpRef = ++this.#ref;
    this.#send({ op: "ping", ref: this.#catchUpRef });
  }

  #ponged(ref: number): void {
    this.#askedAt = null;
    if (ref === this.#catchUpRef) this.#input({ kind: "caught-up" });
  }

  /** A browser cannot see WebSocket pings, so silence is asked about, and no answer is a lost connection. */
  #listenForSilence(): void {
    if (!this.#line) return;
    const now = Date.now();
    const limitMs = this.#askedAt ?? this.#heardAt;
    const opening = this.#connection.phase === "connecting";
    if (
      (this.#askedAt !== null || opening) &&
      now - limitMs > PONG_TIMEOUT_MS &&
      now - this.#heardAt > PONG_TIMEOUT_MS
    ) {
      this.#close();
      this.#input({ kind: "closed", code: 1006, hung: true });
    } else if (this.#askedAt === null && now - this.#heardAt > this.#heartbeatMs * SILENT_HEARTBEATS) {
      this.#ask();
    } else if (
      this.#connection.phase === "live" &&
      this.#connection.road === "stream" &&
      now > this.#probeAt
    ) {
      this.#trySocket(now);
    }
  }

  #ask(): void {
    if (!isUp(this.#connection) || this.#askedAt !== null) return;
    this.#askedAt = Date.now();
    this.#send({ op: "ping", ref: ++this.#ref });
  }

  /** Knock at the better road; the stream goes on meanwhile. */
  #trySocket(now: number): void {
    this.#probe?.close();
    this.#probeMs = Math.min(LONGEST_PROBE_MS, this.#probeMs * 2);
    this.#probeAt = now + this.#probeMs;
    this.#probe = this.#roads.socket({
      frames: (frames) => {
        if (frames.some(({ op }) => op === "welcome")) this.#input({ kind: "socket-works" });
      },
      closed: () => (this.#probe = null),
    });
  }

  #send(frame: ClientFrame): void {
    if (isUp(this.#connection)) this.#line?.send(frame);
  }
}
