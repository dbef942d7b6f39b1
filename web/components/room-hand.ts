import { leastScale, moved, zoomed, type Size, type View } from "../live/view";
import { isField, leaveField } from "./field";
import type { RoomDesk } from "./room-desk";
import type { RoomPainter, Touch } from "./room-painter";

const WHEEL_STEP = 1.0016;
/** A stroke with no more points than this was the first finger of a pinch. */
const PINCH_POINTS = 6;
/** Two taps so soon after each other (ms) and so near (px) are one. */
const TAP = { ms: 350, px: 24 } as const;

/** The picture in its window, as a hand finds it and moves it. */
export interface Stand {
  readonly surface: HTMLElement;
  readonly view: View;
  readonly picture: Size;
  /** The scale at which all of it is seen. */
  readonly fittingScale: number;
  /** Whether a variation is looked at, which nobody draws on. */
  readonly viewed: boolean;
  look(view: View): void;
  zoomBy(factor: number, x: number, y: number): void;
  /** The hand has tapped the picture twice, at a place of the window. */
  tapped(x: number, y: number): void;
  redraw(): void;
  /** The pointer is here; null when it has left. */
  hovered(event: PointerEvent | null): void;
}

/** Pointers, wheel and space bar over the picture: what draws goes to the painter, what moves the picture to its stand. */
export class RoomHand {
  readonly #desk: RoomDesk;
  readonly #painter: RoomPainter;
  readonly #stand: Stand;
  readonly #pointers = new Map<number, { x: number; y: number }>();
  #panning: number | null = null;
  /** Where the hand was put down, null when it has moved since; and its last tap. */
  #pressed: Place | null = null;
  #tapped: Place | null = null;
  #space = false;
  #penSeen = false;

  constructor(desk: RoomDesk, painter: RoomPainter, stand: Stand) {
    this.#desk = desk;
    this.#painter = painter;
    this.#stand = stand;
  }

  down(event: PointerEvent): void {
    const { surface, viewed } = this.#stand;
    if (event.button > 1 || (event.pointerType === "mouse" && event.button === 2)) return;
    leaveField(); // a press on the picture is no click, so the browser would leave the keyboard where it was
    if (event.pointerType === "pen") this.#penSeen = true;
    surface.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#pointers.size > 1) return this.#pinch();
    const resting = this.#penSeen && event.pointerType === "touch";
    const hand = this.#desk.tools.tool === "hand" || this.#space || event.button === 1 || resting;
    if (hand || !this.#desk.mayEdit || viewed) {
      this.#panning = event.pointerId;
      this.#pressed = placeOf(event);
      surface.classList.add("panning");
      return;
    }
    event.preventDefault();
    this.#painter.begin(this.#touch(event));
    this.#stand.redraw();
  }

  move(event: PointerEvent): void {
    const known = this.#pointers.get(event.pointerId);
    if (known && this.#pointers.size > 1) return this.#pinched(event, known);
    const { view, picture } = this.#stand;
    if (known && this.#panning === event.pointerId) {
      this.#stand.look(moved(view, event.clientX - known.x, event.clientY - known.y));
      Object.assign(known, { x: event.clientX, y: event.clientY });
      return;
    }
    this.#stand.hovered(event);
    const size = Math.max(picture.width, picture.height) * view.scale;
    const drawing = this.#painter.down;
    // Between two frames a pen has been at more places than one.
    const events = drawing && "getCoalescedEvents" in event ? event.getCoalescedEvents() : [];
    for (const one of events.length ? events : [event]) this.#painter.move(this.#touch(one), size);
    if (drawing) this.#stand.redraw();
  }

  up(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    if (this.#panning === event.pointerId) {
      this.#panning = null;
      if (event.type === "pointerup") this.#tap(placeOf(event));
      this.#stand.surface.classList.remove("panning");
    }
    if (this.#painter.down) this.#painter.end();
    if (event.pointerType !== "mouse") this.#painter.leave();
  }

  #tap(place: Place): void {
    const before = this.#tapped;
    const pressed = this.#pressed;
    this.#tapped = pressed && together(pressed, place) ? place : null;
    if (!this.#tapped || !before || !together(before, place)) return;
    this.#tapped = null;
    const box = this.#stand.surface.getBoundingClientRect();
    this.#stand.tapped(place.x - box.left, place.y - box.top);
  }

  away(): void {
    this.#stand.hovered(null);
    this.#painter.leave();
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const [dx, dy] = [event.deltaX * lines, event.deltaY * lines];
    if (event.shiftKey || Math.abs(dx) > Math.abs(dy))
      return this.#stand.look(moved(this.#stand.view, -(dx || dy), 0));
    const box = this.#stand.surface.getBoundingClientRect();
    // A pinch on a trackpad comes as a wheel with the control key, in smaller steps.
    const step = event.ctrlKey ? WHEEL_STEP ** 6 : WHEEL_STEP;
    this.#stand.zoomBy(step ** -dy, event.clientX - box.left, event.clientY - box.top);
  }

  /** The space bar is the hand, as long as it is held. */
  key(event: KeyboardEvent): void {
    if (event.key !== " " || isField(event)) return;
    const target = event.composedPath()[0];
    if (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement) return;
    event.preventDefault();
    this.#space = event.type === "keydown";
  }

  /** The window is not in front any more: nothing is held down. */
  release(): void {
    this.#space = false;
    if (this.#painter.down) this.#painter.end();
    this.#pointers.clear();
  }

  /** Where on the picture an event is. */
  #touch(event: PointerEvent): Touch {
    const { surface, view, picture } = this.#stand;
    const box = surface.getBoundingClientRect();
    return {
      x: (event.clientX - box.left - view.x) / view.scale / picture.width,
      y: (event.clientY - box.top - view.y) / view.scale / picture.height,
      // Only a pen knows how hard it is pressed.
      pressure: event.pointerType === "pen" ? event.pressure : 1,
    };
  }

  /** A second finger: it was no stroke. */
  #pinch(): void {
    this.#panning = null;
    this.#pressed = null;
    const points = (this.#painter.drawing?.points.length ?? 0) / 3;
    if (points > PINCH_POINTS) this.#painter.end();
    else this.#painter.cancel();
  }

  #pinched(event: PointerEvent, known: { x: number; y: number }): void {
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const { surface, view, fittingScale } = this.#stand;
    const box = surface.getBoundingClientRect();
    const apart = (one: { x: number; y: number }): number => Math.hypot(one.x - other.x, one.y - other.y);
    const now = { x: event.clientX, y: event.clientY };
    const factor = apart(now) / Math.max(1, apart(known));
    const middle = { x: (now.x + other.x) / 2 - box.left, y: (now.y + other.y) / 2 - box.top };
    const dragged = moved(view, (now.x - known.x) / 2, (now.y - known.y) / 2);
    this.#stand.look(zoomed(dragged, factor, middle.x, middle.y, leastScale(fittingScale)));
    Object.assign(known, now);
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
  /** Milliseconds since the page was opened. */
  readonly at: number;
}

function placeOf(event: PointerEvent): Place {
  return { x: event.clientX, y: event.clientY, at: event.timeStamp };
}

function together(one: Place, other: Place): boolean {
  return other.at - one.at <= TAP.ms && Math.hypot(other.x - one.x, other.y - one.y) <= TAP.px;
}
