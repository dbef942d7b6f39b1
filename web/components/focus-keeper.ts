import { deepFocus } from "./field";

/** What can have the focus. */
const FOCUSABLE = "a[href], button, input, textarea, select, summary, [tabindex]";
/** Focused by anything but a key, these bring up a phone's keyboard. */
const WRITTEN = "input, textarea";
/** What can take the focus away from something that stays where it is. */
const STANDING = ["disabled", "hidden", "inert"];
/** So many places where the focus was are remembered. */
const REMEMBERED = 8;

/** Where something stood that was taken out. */
interface Gap {
  readonly previous: Node | null;
  readonly next: Node | null;
}

/**
 * Gives the focus to a neighbour when what had it goes away: a browser would throw it back to the beginning of the page.
 * Who knows better gives it away at once or with the next frame; this looks only afterwards.
 */
export class FocusKeeper {
  /** From what has the focus out to the document. */
  #path: readonly Node[] = [];
  readonly #gaps = new Map<Node, Gap>();
  #before: readonly HTMLElement[] = [];
  readonly #heard = new WeakSet<Node>();
  readonly #observer = new MutationObserver((records) => this.#changed(records));
  #looks = false;
  #typing = false;

  constructor() {
    this.#hear(document);
    document.addEventListener("keydown", () => (this.#typing = true), true);
    document.addEventListener("pointerdown", () => (this.#typing = false), true);
    this.#took();
  }

  /** Within one shadow the focus moves unheard outside: each on the way is listened to. */
  #hear(root: Node): void {
    if (this.#heard.has(root)) return;
    this.#heard.add(root);
    root.addEventListener("focusin", () => this.#took());
    root.addEventListener("focusout", () => queueMicrotask(() => this.#left()));
  }

  #took(): void {
    const focused = deepFocus();
    if (!focused || focused === this.#path[0]) return;
    this.#path = outwards(focused);
    this.#before = [focused, ...this.#before.filter((one) => one !== focused)].slice(0, REMEMBERED);
    this.#gaps.clear();
    this.#observer.disconnect();
    for (const node of this.#path) {
      if (!(node instanceof ShadowRoot || node instanceof Document)) continue;
      this.#hear(node);
      this.#observer.observe(node, {
        childList: true,
        subtree: true,
        attributes: true,
        attributeFilter: STANDING,
      });
    }
  }

  /** The reader let go of it: nothing is to be kept. */
  #left(): void {
    const last = this.#path[0];
    if (last instanceof HTMLElement && !deepFocus() && last.isConnected && isUsable(last)) this.#path = [];
  }

  #changed(records: readonly MutationRecord[]): void {
    let touched = false;
    for (const { target, removedNodes, previousSibling, nextSibling } of records) {
      if (!removedNodes.length) touched ||= this.#path.includes(target);
      for (const node of removedNodes) {
        if (!this.#path.includes(node)) continue;
        touched = true;
        this.#gaps.set(node, { previous: previousSibling, next: nextSibling });
      }
    }
    if (!touched || this.#looks) return;
    this.#looks = true;
    // What is disabled or hidden loses the focus when the page is drawn.
    requestAnimationFrame(() =>
      setTimeout(() => {
        this.#looks = false;
        if (!deepFocus()) this.#rescue();
      }),
    );
  }

  #rescue(): void {
    const path = this.#path;
    const from = path.findIndex((node) => node.isConnected);
    if (from < 0) return;
    const whole = path.findLastIndex((node) => node instanceof ShadowRoot);
    const lost = path[from - 1];
    let gap = lost && this.#gaps.get(lost);
    for (let at = from; at < path.length; at++) {
      const place = path[at]!;
      if (at > from || lost) {
        const earlier = at === whole ? this.#earlier() : null;
        if (!isInert(place) && this.#takes(earlier ?? this.#near(place, gap))) return;
        if (place instanceof HTMLElement && place.hasAttribute("tabindex") && this.#takes(place)) return;
      }
      gap = { previous: place.previousSibling, next: place.nextSibling };
    }
  }

  /** The first thing after where something stood, else before it, else anywhere in the same place. */
  #near(place: Node, gap: Gap | undefined): HTMLElement | null {
    const { previous = null, next = null } = gap ?? {};
    const after = previous?.parentNode === place ? previous.nextSibling : next;
    for (let node = after; node; node = node.nextSibling) {
      const found = this.#first(node);
      if (found) return found;
    }
    for (let node = previous; node; node = node.previousSibling) {
      const found = this.#first(node);
      if (found) return found;
    }
    return this.#first(place);
  }

  /** Nothing is left of what it stood in: back to where the reader was before. */
  #earlier(): HTMLElement | null {
    return this.#before.find((one) => one.isConnected && !isInert(one) && this.#may(one)) ?? null;
  }

  /** In the order of the document, shadows before what is in the light. */
  #first(node: Node): HTMLElement | null {
    if (node instanceof HTMLElement && node.inert) return null;
    if (node instanceof HTMLElement && this.#may(node)) return node;
    const inside = node instanceof Element && node.shadowRoot ? [node.shadowRoot, node] : [node];
    for (const root of inside) {
      for (const child of (root as ParentNode).children ?? []) {
        const found = this.#first(child);
        if (found) return found;
      }
    }
    return null;
  }

  #may(element: HTMLElement): boolean {
    return element.matches(FOCUSABLE) && isUsable(element) && (this.#typing || !element.matches(WRITTEN));
  }

  #takes(element: HTMLElement | null): boolean {
    element?.focus({ preventScroll: !this.#typing });
    return deepFocus() !== null;
  }
}

function outwards(element: Node): readonly Node[] {
  const path: Node[] = [];
  for (let node: Node | null = element; node; node = node.parentNode ?? (node as ShadowRoot).host ?? null)
    path.push(node);
  return path;
}

function isUsable(element: HTMLElement): boolean {
  return !element.matches(":disabled") && element.checkVisibility({ visibilityProperty: true });
}

function isInert(node: Node): boolean {
  return outwards(node).some((one) => one instanceof HTMLElement && one.inert);
}
