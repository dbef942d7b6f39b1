import type { View } from "../live/view";
import { zoomed } from "../live/view";
import { held, NEAR, swiped, WHOLE, type Frame } from "../live/zoom";
import { studio } from "./studio";

const TAP_MS = 320;
const TAP_PX = 28;
/** A wheel's step, and a key's. */
const PER_WHEEL_PX = 0.0022;
const KEY_FACTOR = 1.5;
const MOVED_PX = 4;
/** How far the picture goes along with a finger that may be swiping. */
const ALONG = 0.35;

export interface Zooming {
  stage(): HTMLElement | null;
  picture(): HTMLElement | null;
  /** Whether a plain wheel zooms; else it scrolls the page. */
  wheels(): boolean;
  /** A swipe over the whole picture: onwards or back. */
  walked(step: 1 | -1): void;
  changed(): void;
}

/** Nearer and further with wheel, pinch, double tap and keys; panning while near, swiping while whole. */
export class PictureZoom {
  view: View = WHOLE;
  readonly #on: Zooming;
  readonly #pointers = new Map<number, { x: number; y: number }>();
  #from = { x: 0, y: 0 };
  #moved = false;
  #tap = { at: -TAP_MS, x: 0, y: 0 };

  constructor(on: Zooming) {
    this.#on = on;
  }

  get near(): boolean {
    return this.view.scale > 1;
  }

  /** Another picture: it hangs whole. */
  reset(): void {
    this.#pointers.clear();
    this.#show(WHOLE, false);
  }

  toggle(): void {
    if (this.near) this.#show(WHOLE, true);
    else this.by(NEAR);
  }

  /** From a key: nearer or further, about the middle of what is seen. */
  by(factor = KEY_FACTOR): void {
    const frame = this.#frame();
    if (!frame) return;
    const { window, at } = frame;
    this.#zoom(factor, window.width / 2 - at.x, window.height / 2 - at.y, true);
  }

  readonly wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !this.#on.wheels()) return;
    event.preventDefault();
    const here = this.#here(event);
    if (here) this.#zoom(Math.exp(-event.deltaY * PER_WHEEL_PX), here.x, here.y, false);
  };

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0 || isControl(event)) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#pointers.size === 1) {
      this.#from = { x: event.clientX, y: event.clientY };
      this.#moved = false;
    }
  };

  readonly move = (event: PointerEvent): void => {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const others = [...this.#pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    this.#pointers.set(event.pointerId, now);
    const far = Math.hypot(now.x - this.#from.x, now.y - this.#from.y);
    if (far > MOVED_PX) this.#moved = true;
    if (others[0]) this.#pinch(before, now, others[0]);
    else if (this.near) this.#pan(now.x - before.x, now.y - before.y);
    else if (event.pointerType === "touch" && this.#moved) this.#lean(now.x - this.#from.x);
  };

  readonly up = (event: PointerEvent): void => {
    if (!this.#pointers.delete(event.pointerId) || this.#pointers.size) return;
    const dx = event.clientX - this.#from.x;
    const dy = event.clientY - this.#from.y;
    if (this.near) {
      if (!this.#moved) this.#tapped(event);
      return;
    }
    this.#show(WHOLE, true);
    const step = event.pointerType === "touch" && event.type === "pointerup" ? swiped(dx, dy) : 0;
    const stage = this.#on.stage();
    const mirrored = stage && getComputedStyle(stage).direction === "rtl";
    if (step) this.#on.walked(mirrored ? (-step as 1 | -1) : step);
    else if (!this.#moved && event.type === "pointerup") this.#tapped(event);
  };

  #tapped(event: PointerEvent): void {
    const { at, x, y } = this.#tap;
    const twice = event.timeStamp - at < TAP_MS && Math.hypot(event.clientX - x, event.clientY - y) < TAP_PX;
    this.#tap = { at: twice ? -TAP_MS : event.timeStamp, x: event.clientX, y: event.clientY };
    if (!twice) return;
    const here = this.#here(event);
    if (this.near) this.#show(WHOLE, true);
    else if (here) this.#zoom(NEAR, here.x, here.y, true);
  }

  #pinch(before: Point, now: Point, other: Point): void {
    const frame = this.#frame();
    if (!frame) return;
    const factor = distance(now, other) / Math.max(1, distance(before, other));
    const stage = this.#on.stage()?.getBoundingClientRect();
    if (!stage) return;
    const x = (now.x + other.x) / 2 - stage.left - frame.at.x;
    const y = (now.y + other.y) / 2 - stage.top - frame.at.y;
    this.#zoom(factor, x, y, false);
    if (this.near) this.#pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  }

  #zoom(factor: number, x: number, y: number, smooth: boolean): void {
    const frame = this.#frame();
    if (frame) this.#show(held(zoomed(this.view, factor, x, y, 1), frame), smooth);
  }

  #pan(dx: number, dy: number): void {
    const frame = this.#frame();
    if (frame) this.#show(held({ ...this.view, x: this.view.x + dx, y: this.view.y + dy }, frame), false);
  }

  #lean(dx: number): void {
    const picture = this.#on.picture();
    if (picture && !studio.shade.calm) picture.style.transform = `translateX(${dx * ALONG}px)`;
  }

  #show(view: View, smooth: boolean): void {
    const near = this.near;
    this.view = view;
    const picture = this.#on.picture();
    if (picture) {
      picture.style.transition = smooth && !studio.shade.calm ? "transform var(--step) var(--ease)" : "none";
      picture.style.transformOrigin = "0 0";
      picture.style.transform = this.near ? `translate(${view.x}px, ${view.y}px) scale(${view.scale})` : "";
    }
    if (near !== this.near) this.#on.changed();
  }

  /** Where an event is, from the corner of the picture as it hangs. */
  #here(event: MouseEvent): Point | null {
    const frame = this.#frame();
    const stage = this.#on.stage()?.getBoundingClientRect();
    return frame && stage
      ? { x: event.clientX - stage.left - frame.at.x, y: event.clientY - stage.top - frame.at.y }
      : null;
  }

  #frame(): Frame | null {
    const stage = this.#on.stage();
    const picture = this.#on.picture();
    if (!stage || !picture) return null;
    return {
      window: { width: stage.clientWidth, height: stage.clientHeight },
      picture: { width: picture.offsetWidth, height: picture.offsetHeight },
      at: { x: picture.offsetLeft, y: picture.offsetTop },
    };
  }
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function isControl(event: Event): boolean {
  return event
    .composedPath()
    .some((node) => node instanceof HTMLButtonElement || node instanceof HTMLAnchorElement);
}
