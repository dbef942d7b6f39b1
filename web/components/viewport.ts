import type { Live } from "../live/live";
import type { Topic } from "../live/protocol";

/** A card must stay in or out of sight for so long before its topic is followed or left. */
const SETTLE_MS = 250;
const MARGIN = "200px";

/** Follows the topics of what is in sight, and leaves those of what is not. */
export class Viewport {
  readonly #live: Live;
  readonly #topics = new Map<Element, { topic: Topic; latest: number }>();
  readonly #visible = new Set<Element>();
  readonly #following = new Map<Element, () => void>();
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
    this.#following.get(element)?.();
    this.#following.delete(element);
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
    for (const [element, leave] of this.#following) {
      if (this.#visible.has(element)) continue;
      leave();
      this.#following.delete(element);
    }
  }
}
