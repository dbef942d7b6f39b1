import { ahead } from "./ahead";
import { Api } from "./api";
import { Bursts } from "./bursts";
import type { Connected } from "./connecting";
import type { Connection } from "./connection";
import { fold, type Action } from "./fold";
import { Comeback } from "./comeback";
import { beGuest } from "./guest";
import { Held } from "./held";
import { Notices } from "./notices";
import type { Limits, Position, Presence, ServerFrame, Topic, TopicFrame, User, Welcome } from "./protocol";
import { unreachable } from "./problem";
import { store, stored } from "./storage";
import { EMPTY, type State } from "./state";
import { isTopicFrame, Subscriptions, type Wish } from "./subscriptions";
import { say } from "../words/words";
import type { Transport, TransportEvents } from "./transport";
import { INITIAL } from "./unconnected";

const LIMITS: Limits = { prompt: 1000, caption: 1000, comment: 1000 };
const TICK_MS = 1_000;
/** The server may not know us any more: we become somebody again, but not sooner than so, and ever later in vain. */
const RENEWED_MS = 60_000;
const MOST_DOUBLED = 6;
const HIDDEN = "livefeed.hidden";

/** Somebody who takes the frames of one topic beside the state. */
export interface Listener {
  frames(frames: readonly TopicFrame[]): void;
  /** Nothing comes any more: the topic is not there, or not ours to see. */
  refused(code: string): void;
}

/**
 * The page's one connection to the server: the state, who may change it (only `dispatch`), and which topics
 * are followed. It knows no component; whoever draws listens.
 */
export class Live {
  readonly api = new Api(ahead);
  readonly notices = new Notices();
  me: User | null = null;
  /** Who was here last, as this device remembers; null where the server does not know us, undefined until one has looked. */
  last: User | null | undefined;
  limits: Limits = LIMITS;
  paused = false;
  /** Topics whose snapshot must be read again, and who does it. */
  reload: (topic: Topic) => void = () => undefined;
  /** Tells when the connection stands again and is up to date. */
  readonly comeback = new Comeback(() => this.connection.phase === "live");
  /** Called when we have become somebody else, in this tab or in another. heirOf: whose words here are ours now. */
  changedHands: (heirOf: User | null) => void = () => undefined;

  readonly #subscriptions = new Subscriptions();
  readonly #url: string;
  /** Connects us; null until its program is here. */
  #connected: typeof import("./connecting").connected | null = null;
  /** The connection of whom we are; null until we are somebody. */
  #line: Connected | null = null;
  /** What each follower of a topic asked for. */
  readonly #followers = new Map<Topic, Set<Wish>>();
  readonly #listeners = new Set<() => void>();
  readonly #admitted = Promise.withResolvers<void>();
  /** Whether the attempt to be let in that is under way succeeds. */
  #outcome = Promise.withResolvers<boolean>();
  /** Ends the pause before the next attempt. */
  #knock: () => void = () => undefined;
  readonly #overhearing = new Map<Topic, Listener>();
  #state: State = EMPTY;
  /** What has come and waits to be shown; whoever asks for the state has it in. */
  readonly #bursts = new Bursts<TopicFrame>((frames) => {
    const now = Date.now();
    this.dispatch(...frames.map((frame) => ({ kind: "frame", frame, now }) as const));
  });
  readonly #held = new Held();
  #notifying = false;
  readonly #asked = new Set<Topic>();
  readonly #left = new Set<Topic>();
  #flushing = false;
  #renewedAt = -Infinity;
  /** How often we have become somebody and the server did not know us then either: its cookie does not stay. */
  #inVain = 0;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  /** Since when nobody lets us in (ms). */
  #keptOutAt: number | null = null;

  constructor(url: string) {
    this.#subscriptions.hidden = stored(HIDDEN) === "yes";
    this.#url = url;
    this.api.unknown = () => this.me && this.#renewSoon();
  }

  get #transport(): Transport | null {
    return this.#line?.transport ?? null;
  }

  get connection(): Connection {
    if (this.#transport) return this.#transport.connection;
    return this.#keptOutAt === null ? INITIAL : { ...INITIAL, phase: "waiting", lostAt: this.#keptOutAt };
  }

  /** Whether we are nobody yet for want of a line. */
  get keptOut(): boolean {
    return this.#keptOutAt !== null && !this.me;
  }

  /** Who we are; until the server says it, who was here last. For what is only shown: it lets nobody in. */
  get shownMe(): User | null {
    return this.me ?? this.last ?? null;
  }

  /** All that the page knows, with what has just come. */
  get state(): State {
    this.#bursts.show();
    return this.#state;
  }

  /** Where a followed topic stands, null while that is not known. */
  position(topic: Topic): Position | null {
    return this.#subscriptions.position(topic);
  }

  /** Whether I look on without being counted or listed. */
  get hidden(): boolean {
    return this.#subscriptions.hidden;
  }

  hide(hidden: boolean): void {
    this.#subscriptions.hidden = hidden;
    store(HIDDEN, hidden ? "yes" : "no");
    for (const [topic, followers] of this.#followers) {
      if (presenceOf(followers) && this.#subscriptions.has(topic)) this.#want(topic, {});
    }
    this.#notify();
  }

  /** New pictures that wait behind the pause. */
  get heldPosts(): number {
    return this.#held.posts;
  }

  /** Settles when we are somebody. */
  get admitted(): Promise<void> {
    return this.#admitted.promise;
  }

  /** Settles when we are somebody, which is tried at once. Raises Problem where that fails; `comeback` tells when to ask again. */
  async letIn(): Promise<void> {
    this.#knock();
    if (!(await this.#outcome.promise)) throw unreachable();
  }

  /** Be let in (as the guest we are, or as a new one), then connect. */
  async start(): Promise<void> {
    setInterval(() => this.dispatch({ kind: "tick", now: Date.now() }), TICK_MS);
    [this.#connected] = await Promise.all([this.#persist(fetched), this.#beSomebody()]);
    this.#connect();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispatch(...actions: Action[]): void {
    const next = actions.reduce(fold, this.state);
    if (next === this.#state) return;
    this.#state = next;
    this.#notify();
  }

  /** Let everybody look again: something beside the state has changed. */
  touch(): void {
    this.#notify();
  }

  setMe(user: User): void {
    this.me = user;
    this.dispatch({ kind: "named", user });
    this.#notify();
  }

  /** Follow a topic until the returned function is called; several may follow the same one. */
  follow(topic: Topic, wish: Wish = {}): () => void {
    const followers = this.#followers.get(topic) ?? new Set();
    const presence = presenceOf(followers);
    const own = { ...wish };
    this.#followers.set(topic, followers.add(own));
    if (!this.#subscriptions.has(topic) || wish.since || presenceOf(followers) !== presence)
      this.#want(topic, wish);
    return () => {
      if (followers.delete(own)) this.#leave(topic, followers, own);
    };
  }

  /** Start a followed topic afresh: its newest values and the last events come again. */
  restart(topic: Topic, latest: number): void {
    if (!this.#subscriptions.drop(topic)) return;
    this.dispatch({ kind: "fresh", topic });
    this.#want(topic, { latest });
  }

  /** data: null says that there is nothing (any more). */
  signal(topic: Topic, type: string, data: object | null = {}): void {
    this.#transport?.signal(topic, type, data);
  }

  /** Hand the frames of a topic to a listener too, until the returned function is called. */
  overhear(topic: Topic, listener: Listener): () => void {
    this.#overhearing.set(topic, listener);
    return () => {
      if (this.#overhearing.get(topic) === listener) this.#overhearing.delete(topic);
    };
  }

  pause(paused: boolean): void {
    this.paused = paused;
    if (!paused) {
      const { frames, reads } = this.#held.take();
      this.#apply(frames);
      for (const topic of reads) this.reload(topic);
    }
    this.#notify();
  }

  #refused(): void {
    this.notices.say({
      text: say("app.closed"),
      tone: "bad",
      action: { label: say("app.reload"), run: () => location.reload() },
    });
  }

  #want(topic: Topic, wish: Wish): void {
    const presence = presenceOf(this.#followers.get(topic) ?? new Set());
    if (wish.since) this.#held.release(topic);
    this.#subscriptions.want(topic, { ...wish, ...(presence ? { presence } : {}) });
    this.#asked.add(topic);
    this.#flush();
  }

  #leave(topic: Topic, followers: ReadonlySet<Wish>, wish: Wish): void {
    if (followers.size) {
      // Whoever looked on does so no more; the others go on from the same position.
      if (wish.presence && wish.presence !== presenceOf(followers)) {
        this.#left.add(topic);
        this.#want(topic, {});
      }
      return;
    }
    this.#followers.delete(topic);
    this.#held.release(topic);
    if (this.#subscriptions.drop(topic)) this.#left.add(topic);
    this.#flush();
    this.dispatch({ kind: "left", topic });
  }

  /** Whatever one turn asks for and leaves goes out as one frame each: a scroll changes many at once. */
  #flush(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      const left = [...this.#left];
      const topics = this.#subscriptions.request(this.#asked);
      this.#left.clear();
      this.#asked.clear();
      if (left.length) this.#transport?.unsubscribe(left);
      if (Object.keys(topics).length) this.#transport?.subscribe(topics);
    });
  }

  /** Connect as whom we are. The tabs of one person share a connection; those of different people never do. */
  #connect(): void {
    this.#line?.leave();
    this.#line = this.#connected?.(this.#url, `livefeed ${this.me?.id ?? ""}`, this.#events()) ?? null;
    this.#transport?.start();
  }

  #events(): TransportEvents {
    return {
      welcomed: (welcome) => this.#welcomed(welcome),
      resume: () => {
        const topics = this.#subscriptions.everything();
        if (Object.keys(topics).length) this.#transport?.subscribe(topics);
      },
      frames: (frames) => this.#receive(frames),
      changed: (connection) => {
        if (connection.phase === "live") this.comeback.came();
        if (connection.phase === "refused") this.#refused();
        this.#notify();
      },
    };
  }

  async #beSomebody(): Promise<void> {
    this.me ??= await this.#persist(
      async () => this.me ?? (await this.api.me()).user ?? (await this.#newcomer()),
    );
    this.#keptOutAt = null;
    this.#admitted.resolve();
    this.#outcome.resolve(true);
    this.#notify();
  }

  #newcomer(): Promise<User> {
    this.last = null;
    return beGuest(this.api);
  }

  /** Try until it succeeds; until then we are kept out. */
  async #persist<T>(attempt: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        return await attempt();
      } catch {
        this.#keptOutAt ??= Date.now();
        this.#refuse();
        this.#notify();
        await pause(Math.min(15_000, 1000 * 2 ** failures), (over) => (this.#knock = over));
      }
    }
  }

  /** An attempt has failed: whoever waits for it is told. */
  #refuse(): void {
    if (this.me) return;
    this.#outcome.resolve(false);
    this.#outcome = Promise.withResolvers();
  }

  /** The server does not know us (any more): become somebody, now if that was not a moment ago. */
  #renewSoon(): void {
    const rest = RENEWED_MS * 2 ** Math.min(MOST_DOUBLED, this.#inVain);
    const wait = Math.max(0, this.#renewedAt + rest - Date.now());
    this.#renewal ??= setTimeout(() => void this.#renew(), wait);
  }

  async #renew(): Promise<void> {
    this.#renewedAt = Date.now();
    this.#inVain++;
    const before = this.me;
    this.me = this.last = null;
    await this.#beSomebody();
    this.#renewal = undefined;
    if (before && before.id !== this.me!.id) this.#changeHands(before);
    this.#connect();
  }

  /** Become another guest in front of the same page: what was written here is still to be said. */
  #changeHands(before: User): void {
    const { drafts } = this.state;
    this.changedHands(before);
    for (const [post, list] of drafts)
      this.dispatch(
        ...list.map((draft) => ({ kind: "draft", post, draft: { ...draft, author: this.me } }) as const),
      );
  }

  #welcomed(welcome: Welcome): void {
    const { user } = welcome;
    this.limits = { ...LIMITS, ...welcome.limits };
    if (!user) {
      this.#renewSoon();
      return;
    }
    this.#inVain = 0;
    const other = this.me !== null && this.me.id !== user.id;
    this.me = user;
    if (!other) return;
    // Another tab has let somebody else in: from now on we are with theirs.
    this.changedHands(null);
    queueMicrotask(() => this.#connect());
  }

  #receive(frames: readonly ServerFrame[]): void {
    const apply: TopicFrame[] = [];
    const reload = new Set<Topic>();
    for (const frame of frames) {
      if (frame.op === "subscribed") {
        // What waits must be folded before the topics' values are forgotten.
        this.#take(apply.splice(0));
        const { fresh, refused } = this.#subscriptions.answered(frame.topics);
        this.#held.forget(fresh);
        this.dispatch(...fresh.map((topic) => ({ kind: "fresh", topic }) as const));
        for (const topic of refused) {
          const answer = frame.topics[topic];
          this.#ended(topic, answer && "error" in answer ? answer.error : "not_found");
        }
      } else if (isTopicFrame(frame)) {
        const verdict = this.#subscriptions.receive(frame);
        if (verdict.frame) apply.push(verdict.frame);
        if (verdict.reload) reload.add(frame.topic);
        if (verdict.again) {
          this.#asked.add(frame.topic);
          this.#flush();
        }
      } else if (frame.op === "error" && frame.topic) {
        this.#take(apply.splice(0));
        if (this.#subscriptions.drop(frame.topic)) this.#ended(frame.topic, frame.code);
      } else if (frame.op === "error") {
        console.warn(`livefeed: ${frame.code}: ${frame.message}`);
      }
    }
    this.#take(apply);
    for (const topic of reload) {
      if (this.#waits(topic)) this.#held.miss(topic);
      else this.reload(topic);
    }
  }

  /** Nothing comes of a topic any more. A post without one was deleted while nobody told us. */
  #ended(topic: Topic, code: string): void {
    const post = topic.startsWith("post:") ? topic.slice("post:".length) : "";
    if (post && code === "not_found") this.dispatch({ kind: "gone", post });
    this.#overhearing.get(topic)?.refused(code);
  }

  #take(frames: readonly TopicFrame[]): void {
    this.#apply(frames.filter(({ topic }) => !this.#waits(topic)));
    if (!this.paused) return;
    this.#held.hold(frames.filter(({ topic }) => this.#waits(topic)));
    this.#notify();
  }

  /** Held still, one is still told how one's own jobs fare. */
  #waits(topic: Topic): boolean {
    return this.paused && !this.#state.own.some((id) => topic === `generation:${id}`);
  }

  #apply(frames: readonly TopicFrame[]): void {
    this.#bursts.add(frames.filter((frame) => frame.op !== "events" || frame.events.length));
    for (const [topic, listener] of this.#overhearing) {
      const own = frames.filter((frame) => frame.topic === topic);
      if (own.length) {
        this.#bursts.show();
        listener.frames(own);
      }
    }
  }

  /** Tell the listeners once per turn, however many frames came. */
  #notify(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

/** Fetch what connects us. Raises whatever keeps its program away. */
async function fetched(): Promise<typeof import("./connecting").connected> {
  return (await import("./connecting")).connected;
}

/** What the followers of a topic want to be told of each other, the most of it. */
function presenceOf(followers: ReadonlySet<Wish>): Presence | undefined {
  const wishes = [...followers].map(({ presence }) => presence);
  return wishes.includes("roster") ? "roster" : wishes.includes("count") ? "count" : undefined;
}

/** Wait so long (ms), or until there is a network again, or somebody asks. asked: is given how to. */
function pause(time: number, asked: (over: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, time);
    addEventListener("online", over);
    asked(over);
  });
}
