import type { Connection, Phase } from "../live/connection";
import { newKey } from "../live/key";
import { isNewer } from "../live/position";
import { Problem, unreachable } from "../live/problem";
import type {
  KeptEvent,
  LatestValue,
  Position,
  ServerFrame,
  Signal,
  Topic,
  TopicFrame,
  User,
} from "../live/protocol";
import type { Requests } from "../live/requests";
import { isTopicFrame, Subscriptions, type Wish } from "../live/subscriptions";
import type { OwnTransport, Transport, TransportEvents } from "../live/transport";

export type PresenceFrame = Extract<TopicFrame, { op: "presence" }>;

/** What somebody who follows a topic is told. All of it is optional. */
export interface Follower {
  /** What has happened: each event once, in order, also over lost connections. */
  event?(event: KeptEvent): void;
  /** The newest value of a key; of each key, revisions only rise until `gap`. */
  value?(value: LatestValue): void;
  /** What was missed is gone: read the snapshot again. Events go on from here. */
  gap?(at: Position): void;
  presence?(frame: PresenceFrame): void;
  signal?(signal: Signal): void;
  /** Nothing comes any more: there is no such topic, or it is not yours to follow (any more). */
  ended?(code: string): void;
}

export interface Following {
  /** Where the topic stands; null until the server has said. Keep it to go on from there another time. */
  readonly position: Position | null;
  stop(): void;
}

interface Followed {
  readonly follower: Follower;
  readonly revisions: Map<string, Position>;
}

interface Call {
  readonly method: string;
  readonly data: object;
  readonly key: string;
  readonly resolve: (data: unknown) => void;
  readonly reject: (problem: Problem) => void;
}

/** Of a topic, the keys whose revision is remembered; the server keeps as many. */
const MOST_KEYS = 256;

/** A connection to a livefeed server that comes back by itself and misses nothing. */
export class Client {
  readonly #transport: Transport;
  readonly #requests: Requests;
  readonly #ended: () => void;
  readonly #subscriptions = new Subscriptions();
  readonly #followed = new Map<Topic, Followed>();
  readonly #calls = new Map<number, Call>();
  readonly #listeners = new Set<(client: Client) => void>();
  #user: User | null = null;
  #before: Phase = "idle";

  /** `connect` makes one. open: makes its transport. ended: called by `close`. */
  constructor(
    open: (events: TransportEvents) => Transport,
    requests: Requests,
    ended: () => void = () => undefined,
  ) {
    this.#requests = requests;
    this.#ended = ended;
    this.#transport = open({
      welcomed: ({ user }) => (this.#user = user),
      resume: () => this.#subscribe(this.#subscriptions.everything()),
      frames: (frames) => this.#receive(frames),
      changed: (connection) => this.#changed(connection),
    });
    this.#transport.start();
  }

  /** How the connection stands. `phase` is "live" when nothing is missing. */
  get connection(): Connection {
    return this.#transport.connection;
  }

  get phase(): Phase {
    return this.connection.phase;
  }

  /** Whom the server takes us for; null for nobody, and before it has said. */
  get user(): User | null {
    return this.#user;
  }

  /** Be told when the connection stands otherwise. Return how to end that. */
  listen(listener: (client: Client) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Settles when nothing is missing; fails when the server will not have us. Raises Problem. */
  live(): Promise<this> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.phase !== "live" && this.phase !== "refused") return;
        stop();
        if (this.phase === "live") resolve(this);
        else reject(new Problem("refused", "The server has closed the connection for good.", 0));
      };
      const stop = this.listen(look);
      look();
    });
  }

  /**
   * Follow a topic until `stop`. Once at a time.
   *
   * wish: `since`, a position to go on from (a snapshot's `at`), or `latest`, so many of the newest events first.
   */
  follow(topic: Topic, follower: Follower, wish: Wish = {}): Following {
    if (this.#followed.has(topic)) throw new Error(`'${topic}' is followed already.`);
    const followed = { follower, revisions: new Map<string, Position>() };
    this.#followed.set(topic, followed);
    this.#subscriptions.want(topic, wish);
    this.#subscribe(this.#subscriptions.request([topic]));
    const subscriptions = this.#subscriptions;
    return {
      get position() {
        return subscriptions.position(topic);
      },
      stop: () => {
        if (this.#followed.get(topic) !== followed) return;
        this.#forget(topic);
        this.#transport.unsubscribe([topic]);
      },
    };
  }

  /** Do something, once, however often the connection is lost meanwhile. Raises Problem. */
  call<T = unknown>(method: string, data: object, key = newKey()): Promise<T> {
    const ref = (this.#transport as Partial<OwnTransport>).call?.(method, data, key) ?? null;
    if (ref === null) return this.#requests.call<T>(method, data, key);
    return new Promise<T>((resolve, reject) => {
      this.#calls.set(ref, { method, data, key, resolve: resolve as (data: unknown) => void, reject });
    });
  }

  /** Read a snapshot or a list, as "/api/feeds/all". Raises Problem. */
  get<T = unknown>(path: string): Promise<T> {
    return this.#requests.request<T>("GET", path);
  }

  /** Say something fleeting. It is lost where the connection is, or is no WebSocket. */
  signal(topic: Topic, type: string, data: object | null = {}): void {
    this.#transport.signal(topic, type, data);
  }

  /** Let go until `wake`: topics go on from where they stand. */
  rest(): void {
    this.#transport.rest();
  }

  wake(): void {
    this.#transport.start();
  }

  close(): void {
    this.#ended();
    this.#transport.stop();
    for (const topic of [...this.#followed.keys()]) this.#forget(topic);
    for (const { reject } of this.#calls.values()) reject(unreachable());
    this.#calls.clear();
  }

  #subscribe(topics: ReturnType<Subscriptions["everything"]>): void {
    if (Object.keys(topics).length) this.#transport.subscribe(topics);
  }

  #forget(topic: Topic): Follower | undefined {
    const followed = this.#followed.get(topic);
    this.#followed.delete(topic);
    this.#subscriptions.drop(topic);
    return followed?.follower;
  }

  /** A call whose answer cannot come any more is repeated with its key, by a request. */
  #changed(connection: Connection): void {
    const lost = connection.phase !== this.#before && connection.lostAt !== null;
    this.#before = connection.phase;
    if (lost) {
      const calls = [...this.#calls.values()];
      this.#calls.clear();
      for (const { method, data, key, resolve, reject } of calls)
        this.#requests.call(method, data, key).then(resolve, reject);
    }
    for (const listener of this.#listeners) listener(this);
  }

  #receive(frames: readonly ServerFrame[]): void {
    for (const frame of frames) {
      if (isTopicFrame(frame)) this.#take(frame);
      else if (frame.op === "subscribed") this.#answered(frame);
      else if (frame.op === "result") this.#settle(frame.ref)?.resolve(frame.data);
      else if (frame.op === "error" && frame.topic) this.#forget(frame.topic)?.ended?.(frame.code);
      else if (frame.op === "error" && frame.ref !== undefined) {
        const { code, message, retry_after_s: again } = frame;
        this.#settle(frame.ref)?.reject(
          new Problem(code, message, again === undefined ? 400 : 429, again ?? null),
        );
      }
    }
  }

  #settle(ref: number): Call | undefined {
    const call = this.#calls.get(ref);
    this.#calls.delete(ref);
    return call;
  }

  #answered({ topics }: Extract<ServerFrame, { op: "subscribed" }>): void {
    const { fresh, refused } = this.#subscriptions.answered(topics);
    for (const topic of fresh) this.#followed.get(topic)?.revisions.clear();
    for (const topic of refused) {
      const answer = topics[topic];
      this.#forget(topic)?.ended?.(answer && "error" in answer ? answer.error : "not_found");
    }
  }

  #take(before: TopicFrame): void {
    const { topic } = before;
    const { frame, reload, again } = this.#subscriptions.receive(before);
    if (again) this.#subscribe(this.#subscriptions.request([topic]));
    const followed = this.#followed.get(topic);
    if (!frame || !followed) return;
    const { follower, revisions } = followed;
    if (reload) {
      revisions.clear();
      follower.gap?.(this.#subscriptions.position(topic)!);
    }
    switch (frame.op) {
      case "events":
        return frame.events.forEach((event) => follower.event?.(event));
      case "latest":
        return frame.values
          .filter((value) => isRise(revisions, value))
          .forEach((value) => follower.value?.(value));
      case "presence":
        return follower.presence?.(frame);
      case "signals":
        return frame.signals.forEach((signal) => follower.signal?.(signal));
    }
  }
}

/** Note a value's revision. Return whether it is a higher one. */
function isRise(revisions: Map<string, Position>, { key, rev }: LatestValue): boolean {
  if (!isNewer(rev, revisions.get(key))) return false;
  revisions.delete(key);
  revisions.set(key, rev);
  if (revisions.size > MOST_KEYS) revisions.delete(revisions.keys().next().value!);
  return true;
}
