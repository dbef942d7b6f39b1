import { comparePositions, isNewer } from "./position";
import type {
  Position,
  Presence,
  ServerFrame,
  SubscribeOptions,
  Subscribed,
  Topic,
  TopicFrame,
} from "./protocol";

export interface Wish {
  /** The position of the snapshot at hand. */
  readonly since?: Position;
  /** How many KEPT events to replay when there is no position yet. */
  readonly latest?: number;
  readonly presence?: Presence;
}

interface Subscription {
  readonly at: Position | null;
  /** The last event that was applied. */
  readonly last: Known | null;
  readonly latest: number | undefined;
  readonly presence: Presence | undefined;
  /** Requests not answered yet. */
  readonly pending: number;
}

/** An event by its id, and a position that it does not lie beyond. */
interface Known {
  readonly id: Position;
  readonly at: Position;
}

/** What a frame about a topic means for the one who asked for the topic. */
export interface Verdict {
  /** What of it is new, null for nothing. */
  readonly frame: TopicFrame | null;
  /** Something was missed for good: read the snapshot again. */
  readonly reload: boolean;
  /** Something is missing before it that can still be had: ask for the topic again. */
  readonly again: boolean;
}

type Events = Extract<TopicFrame, { op: "events" }>;

const NOTHING: Verdict = { frame: null, reload: false, again: false };

/**
 * Which topics are wanted and how far each has come. Knows no connection: it answers with the frames to send.
 *
 * A topic keeps its position while the connection is away, so that `everything` resumes it. Frames may come from a
 * connection that others share, who make a topic start again from where *they* stand: what lies before our position is
 * passed over, what follows it is taken, and a hole is asked about. So every event is applied once and in order, however
 * often and from wherever it comes. Positions of one topic are compared, as the `rev` of values are: they rise, unless
 * history was lost, and of that a `gap` tells. An event's id is no position: what of a frame is new follows the last
 * event that we know, and where that does not say, the topic is asked for from our own position.
 */
export class Subscriptions {
  /** Whether to look on without being counted or listed. */
  hidden = false;
  readonly #topics = new Map<Topic, Subscription>();

  has(topic: Topic): boolean {
    return this.#topics.has(topic);
  }

  position(topic: Topic): Position | null {
    return this.#topics.get(topic)?.at ?? null;
  }

  topics(): Topic[] {
    return [...this.#topics.keys()];
  }

  /** Note that a topic is wanted, or wanted otherwise. What to send says `request`. */
  want(topic: Topic, wish: Wish): void {
    const known = this.#topics.get(topic);
    this.#topics.set(topic, {
      at: wish.since ?? known?.at ?? null,
      last: wish.since ? null : (known?.last ?? null),
      latest: wish.latest ?? known?.latest,
      presence: wish.presence,
      pending: known?.pending ?? 0,
    });
  }

  /** Return how to subscribe to those of the topics that are still wanted; each will be answered once. */
  request(topics: Iterable<Topic>): Record<Topic, SubscribeOptions> {
    const asked: Record<Topic, SubscribeOptions> = {};
    for (const topic of new Set(topics)) {
      const subscription = this.#topics.get(topic);
      if (!subscription) continue;
      this.#topics.set(topic, { ...subscription, pending: subscription.pending + 1 });
      asked[topic] = this.#options(topic);
    }
    return asked;
  }

  /** Forget a topic. Return whether it had been asked for. */
  drop(topic: Topic): boolean {
    return this.#topics.delete(topic);
  }

  /** Return what to subscribe to after a connect, each topic from where it was left. */
  everything(): Record<Topic, SubscribeOptions> {
    // Answers to what was asked before will not come any more.
    for (const [topic, subscription] of this.#topics)
      this.#topics.set(topic, { ...subscription, pending: 0 });
    return this.request(this.topics());
  }

  /** Take in the answer to a subscription. Return the topics that could not be resumed and those refused. */
  answered(topics: Readonly<Record<Topic, Subscribed>>): { fresh: Topic[]; refused: Topic[] } {
    const fresh: Topic[] = [];
    const refused: Topic[] = [];
    for (const [topic, answer] of Object.entries(topics)) {
      const subscription = this.#topics.get(topic);
      if (!subscription) continue;
      if ("error" in answer) {
        this.#topics.delete(topic);
        refused.push(topic);
        continue;
      }
      if (!answer.resumed) fresh.push(topic);
      const pending = Math.max(0, subscription.pending - 1);
      // Who has a position stands there until frames, or the gap that is to follow, move it.
      const at = subscription.at ?? (pending ? null : answer.at);
      this.#topics.set(topic, { ...subscription, at, pending });
    }
    return { fresh, refused };
  }

  /** Move the topic's position by a frame and say what to do with the frame. */
  receive(frame: TopicFrame): Verdict {
    const subscription = this.#topics.get(frame.topic);
    if (!subscription) return NOTHING;
    // Before the first answer, what moves positions is of somebody else's subscription.
    if (subscription.at === null && (frame.op === "gap" || frame.op === "events")) return NOTHING;
    if (frame.op === "gap") {
      this.#topics.set(frame.topic, { ...subscription, at: frame.at, last: null });
      return { frame, reload: true, again: false };
    }
    if (frame.op !== "events") return { frame, reload: false, again: false };
    const at = subscription.at!;
    const order = frame.from === at ? 0 : comparePositions(frame.from, at);
    if (order < 0 && !isNewer(frame.to, at)) return NOTHING;
    const events = order ? order < 0 && beyond(subscription.last, frame) : frame.events;
    if (!events) return { ...NOTHING, again: subscription.pending === 0 };
    const newest = events.at(-1);
    const last = newest ? { id: newest.id, at: frame.to } : subscription.last;
    this.#topics.set(frame.topic, { ...subscription, at: frame.to, last });
    return { frame: order ? { ...frame, from: at, events } : frame, reload: false, again: false };
  }

  #options(topic: Topic): SubscribeOptions {
    const subscription = this.#topics.get(topic);
    return {
      ...(subscription?.at ? { since: subscription.at } : {}),
      ...(!subscription?.at && subscription?.latest ? { latest: subscription.latest } : {}),
      ...(subscription?.presence ? { presence: subscription.presence } : {}),
      ...(subscription?.presence && this.hidden ? ({ hidden: true } as const) : {}),
    };
  }
}

/** Return what in a frame comes after an event that is known; null: neither it nor its position tells. */
function beyond(last: Known | null, { events, from }: Events): Events["events"] | null {
  if (!last) return null;
  const at = events.findIndex(({ id }) => id === last.id);
  return at >= 0 || !isNewer(last.at, from) ? events.slice(at + 1) : null;
}

export function isTopicFrame(frame: ServerFrame): frame is TopicFrame {
  return (
    frame.op === "events" ||
    frame.op === "latest" ||
    frame.op === "gap" ||
    frame.op === "presence" ||
    frame.op === "signals"
  );
}
