import { EventStream } from "./event-stream";
import type { Ears, Line, OpenLine } from "./line";
import { asProblem } from "./problem";
import type { ClientFrame, ServerFrame, Topic, User } from "./protocol";
import { Requests, type RequestOptions } from "./requests";

/** The server does not say over HTTP how often it gives a sign of life; this is on the safe side. */
const HEARTBEAT_S = 60;
const LOST = 1006;
const UNAUTHORISED = 4501;

/** Lines made of server-sent events and requests. Signals and rosters do not come over them, counts do. */
export function streamLine(options: () => RequestOptions): OpenLine {
  return (ears) => new StreamLine(options(), ears);
}

/** A WebSocket's frames, carried by two streams (of what one is counted on, and of the rest) and by requests. */
class StreamLine implements Line {
  readonly #options: RequestOptions;
  readonly #requests: Requests;
  readonly #ears: Ears;
  readonly #counted: EventStream;
  readonly #others: EventStream;
  readonly #control = new AbortController();
  /** Pings that wait until everything is answered. */
  #pings: number[] = [];
  #heardAt = Date.now();

  constructor(options: RequestOptions, ears: Ears) {
    this.#options = options;
    this.#requests = new Requests(options);
    this.#ears = ears;
    this.#counted = this.#stream("presence=count");
    this.#others = this.#stream("presence=none");
    void this.#greet();
  }

  send(frame: ClientFrame): void {
    switch (frame.op) {
      case "subscribe":
        return this.#subscribe(frame);
      case "unsubscribe":
        return frame.topics.forEach((topic) => this.#leave(topic));
      case "ping":
        this.#pings.push(frame.ref);
        return this.#pong();
      case "call":
        return void this.#call(frame);
      case "signal":
        return; // What is fleeting is for WebSockets.
    }
  }

  close(): void {
    this.#control.abort();
    this.#counted.close();
    this.#others.close();
  }

  #stream(query: string): EventStream {
    const { origin, token } = this.#options;
    const credentials = token ? `&token=${encodeURIComponent(token)}` : "";
    const ears = {
      frames: (frames: readonly ServerFrame[]) => {
        this.#heardAt = Date.now();
        this.#ears.frames(frames);
        this.#pong();
      },
      closed: (code: number, retryAfterMs: number | null) => this.#end(code, retryAfterMs),
    };
    return new EventStream(`${origin}/sse?${query}${credentials}`, ears, this.#requests.fetch);
  }

  async #greet(): Promise<void> {
    try {
      const { signal } = this.#control;
      const { user } = await this.#requests.request<{ user: User | null }>("GET", "/api/me", { signal });
      this.#ears.frames([
        { op: "welcome", session: "", user, time: Date.now(), heartbeat_s: HEARTBEAT_S, limits: {} },
      ]);
    } catch (error) {
      const { status, retryAfterS } = asProblem(error);
      this.#end(status === 401 ? UNAUTHORISED : LOST, retryAfterS === null ? null : retryAfterS * 1000);
    }
  }

  #subscribe({ ref, topics }: Extract<ClientFrame, { op: "subscribe" }>): void {
    for (const [topic, { since, latest, presence, hidden }] of Object.entries(topics)) {
      const counted = presence === "count" && !hidden && /^(feed|post):/.test(topic);
      const [stream, other] = counted ? [this.#counted, this.#others] : [this.#others, this.#counted];
      stream.follow(topic, since ?? null, latest ?? 0, ref, other.leave(topic));
    }
  }

  #leave(topic: Topic): void {
    this.#counted.leave(topic);
    this.#others.leave(topic);
  }

  /** A stream cannot be asked whether it stands: it is believed for as long as it has given signs of life. */
  #pong(): void {
    if (!this.#counted.settled || !this.#others.settled) return;
    if (Date.now() - this.#heardAt > HEARTBEAT_S * 1000) return;
    const pings = this.#pings.splice(0);
    if (pings.length) this.#ears.frames(pings.map((ref) => ({ op: "pong", ref })));
  }

  async #call({ ref, method, data, key }: Extract<ClientFrame, { op: "call" }>): Promise<void> {
    let answer: ServerFrame;
    try {
      const result = await this.#requests.call(method, data, key, this.#control.signal);
      answer = { op: "result", ref, data: result };
    } catch (error) {
      const { code, sentence, retryAfterS } = asProblem(error);
      const again = retryAfterS === null ? {} : { retry_after_s: retryAfterS };
      answer = { op: "error", ref, code, message: sentence, ...again };
    }
    if (!this.#control.signal.aborted) this.#ears.frames([answer]);
  }

  #end(code: number, retryAfterMs: number | null): void {
    if (this.#control.signal.aborted) return; // closed, or ended already
    this.close();
    this.#ears.closed(code, retryAfterMs);
  }
}
