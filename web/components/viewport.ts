import type { Live } from "../live/live";
import type { Topic } from "../live/protocol";

/** A card must stay in sight for so long before its topic is followed. */
const SETTLE_MS = 250;
/** It is followed for so long after it has gone out of sight: who scrolls back finds it as it is. */
const LINGER_MS = 5_000;
const MARGIN = "200px";

/** Follows the topics of what is in sight, and leaves those of what is not. */
export class Viewport {
  readonly #live: Live;
  readonly #topics = new Map<Element, { topic: Topic; latest: number }>();
  readonly #visible = new Set<Element>();
  readonly #following = new Map<Element, () => void>();
  readonly #unseen = new Map<Element, ReturnType<typeof setTimeout>>();
  readonly #observer: IntersectionObserver;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: Live) {
    this.#live = live;
    this.#observer = new IntersectionObserver((entries) => this.#saw(entries), { rootMargin: MARGIN });
  }

  /** latest: KEPT events to replay at the first subscription. */
  watch(element: Element, topic: Topic, latest = 0): void {
    const known = this.#topics.get(element);
    if (known?.topic === topic) return;
    if (known) this.unwatch(element);
    this.#topics.set(element, { topic, latest });
    this.#observer.observe(element);
  }

  unwatch(element: Element): void {
    this.#observer.unobserve(element);
    this.#topics.delete(element);
    this.#visible.delete(element);
    this.#leave(element);
  }

  #saw(entries: readonly IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      if (entry.isIntersecting) this.#visible.add(entry.target);
      else this.#visible.delete(entry.target);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), SETTLE_MS);
  }

  #settle(): void {
    for (const element of this.#visible) {
      const wanted = this.#topics.get(element);
      if (!wanted || this.#following.has(element)) continue;
      this.#following.set(
        element,
        this.#live.follow(wanted.topic, wanted.latest ? { latest: wanted.latest } : {}),
      );
    }
    for (const element of this.#following.keys()) {
      if (this.#visible.has(element)) {
        clearTimeout(this.#unseen.get(element));
        this.#unseen.delete(element);
      } else if (!this.#unseen.has(element)) {
        this.#unseen.set(
          element,
          setTimeout(() => this.#leave(element), LINGER_MS),
        );
      }
    }
  }

  #leave(element: Element): void {
    clearTimeout(this.#unseen.get(element));
    this.#unseen.delete(element);
    this.#following.get(element)?.();
    this.#following.delete(element);
  }
}
