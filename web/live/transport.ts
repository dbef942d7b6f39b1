import { decodeMessage, encodeFrame, SUBPROTOCOL } from "./codec";
import { advance, INITIAL, type Connection, type Effect, type Input } from "./connection";
import type { ClientFrame, ServerFrame, SubscribeOptions, Topic, Welcome } from "./protocol";

export interface TransportEvents {
  /** A new connection is welcomed: answer with what to subscribe to. */
  resume(welcome: Welcome): Readonly<Record<Topic, SubscribeOptions>>;
  /** The frames of one message, in order. */
  frames(frames: readonly ServerFrame[]): void;
  changed(connection: Connection): void;
}

/** Silence longer than this many heartbeats is asked about with a `ping`. */
const SILENT_HEARTBEATS = 1.5;
const PONG_TIMEOUT_MS = 6_000;
const WATCH_MS = 2_500;

/**
 * The WebSocket under the state machine of connection.ts: opens, closes, waits, listens for silence.
 * Every decision is made there; what arrives is handed on as frames.
 */
export class Transport {
  readonly #url: string;
  readonly #events: TransportEvents;
  #connection: Connection = INITIAL;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #ref = 0;
  #catchUpRef = 0;
  #heartbeatMs = 20_000;
  #heardAt = 0;
  #askedAt: number | null = null;

  constructor(url: string, events: TransportEvents) {
    this.#url = url;
    this.#events = events;
  }

  get connection(): Connection {
    return this.#connection;
  }

  start(): void {
    window.addEventListener("online", this.#online);
    window.addEventListener("offline", this.#offline);
    document.addEventListener("visibilitychange", this.#visible);
    this.#watch ??= setInterval(() => this.#listenForSilence(), WATCH_MS);
    this.#input({ kind: "start" });
    if (!navigator.onLine) this.#input({ kind: "offline" });
  }

  stop(): void {
    window.removeEventListener("online", this.#online);
    window.removeEventListener("offline", this.#offline);
    document.removeEventListener("visibilitychange", this.#visible);
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#input({ kind: "stop" });
  }

  /** Subscribe now if connected; otherwise `resume` does it after the next welcome. */
  subscribe(topics: Readonly<Record<Topic, SubscribeOptions>>): void {
    this.#send({ op: "subscribe", ref: ++this.#ref, topics });
  }

  unsubscribe(topics: readonly Topic[]): void {
    this.#send({ op: "unsubscribe", ref: ++this.#ref, topics });
  }

  signal(topic: Topic, type: string, data: object | null): void {
    this.#send({ op: "signal", topic, type, data });
  }

  /** Leave this connection for a new one: the cookie has changed. */
  reconnect(): void {
    this.#input({ kind: "drain", afterMs: 0 });
  }

  readonly #online = (): void => this.#input({ kind: "online" });
  readonly #offline = (): void => this.#input({ kind: "offline" });
  readonly #visible = (): void => {
    if (document.visibilityState !== "visible") return;
    if (this.#connection.phase === "waiting") this.#input({ kind: "timer" });
    else this.#ask();
  };

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
    const socket = new WebSocket(this.#url, [SUBPROTOCOL]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#heardAt = Date.now();
    this.#askedAt = null;
    socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => {
      if (socket === this.#socket) this.#receive(event.data);
    };
    socket.onclose = (event) => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      this.#input({ kind: "closed", code: event.code });
    };
  }

  #close(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #receive(message: ArrayBuffer | string): void {
    this.#heardAt = Date.now();
    const rest: ServerFrame[] = [];
    for (const frame of decodeMessage(message)) {
      if (frame.op === "welcome") this.#welcomed(frame);
      else if (frame.op === "drain") this.#input({ kind: "drain", afterMs: frame.after_ms });
      else if (frame.op === "pong") this.#ponged(frame.ref);
      else rest.push(frame);
    }
    if (rest.length) this.#events.frames(rest);
  }

  #welcomed(welcome: Welcome): void {
    this.#heartbeatMs = Math.max(2, welcome.heartbeat_s) * 1000;
    this.#input({ kind: "welcomed" });
    const topics = this.#events.resume(welcome);
    if (Object.keys(topics).length) this.subscribe(topics);
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
    if (!this.#socket) return;
    const now = Date.now();
    const limitMs = this.#askedAt ?? this.#heardAt;
    const opening = this.#connection.phase === "connecting";
    if (
      (this.#askedAt !== null || opening) &&
      now - limitMs > PONG_TIMEOUT_MS &&
      now - this.#heardAt > PONG_TIMEOUT_MS
    ) {
      this.#close();
      this.#input({ kind: "closed", code: 1006 });
    } else if (this.#askedAt === null && now - this.#heardAt > this.#heartbeatMs * SILENT_HEARTBEATS) {
      this.#ask();
    }
  }

  #ask(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN || this.#askedAt !== null) return;
    this.#askedAt = Date.now();
    this.#send({ op: "ping", ref: ++this.#ref });
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeFrame(frame));
  }
}
