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
  readonly latest: number | undefined;
  readonly presence: Presence | undefined;
  /** Requests not answered yet. Until then frames may belong to the subscription that is being replaced. */
  readonly pending: number;
}

/** What a frame about a topic means for the one who asked for the topic. */
export type Verdict =
  | "apply"
  /** Nobody here asked for this topic (any more). */
  | "ignore"
  /** Something is missing before this frame: apply it, and reload the snapshot. */
  | "apply-and-reload";

/**
 * Which topics are wanted and how far each has come. Knows no socket: it answers with the frames to send.
 *
 * A topic keeps its position while the connection is away, so that `everything` resumes it.
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
      } else {
        if (!answer.resumed) fresh.push(topic);
        const pending = Math.max(0, subscription.pending - 1);
        this.#topics.set(topic, { ...subscription, at: pending ? subscription.at : answer.at, pending });
      }
    }
    return { fresh, refused };
  }

  /** Move the topic's position by a frame and say what to do with the frame. */
  receive(frame: TopicFrame): Verdict {
    const subscription = this.#topics.get(frame.topic);
    if (!subscription) return "ignore";
    if (subscription.pending > 0) return "apply";
    if (frame.op === "gap") {
      this.#topics.set(frame.topic, { ...subscription, at: frame.at });
      return "apply-and-reload";
    }
    if (frame.op !== "events") return "apply";
    this.#topics.set(frame.topic, { ...subscription, at: frame.to });
    const broken = subscription.at !== null && subscription.at !== frame.from;
    return broken ? "apply-and-reload" : "apply";
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

export function isTopicFrame(frame: ServerFrame): frame is TopicFrame {
  return (
    frame.op === "events" ||
    frame.op === "latest" ||
    frame.op === "gap" ||
    frame.op === "presence" ||
    frame.op === "signals"
  );
}
