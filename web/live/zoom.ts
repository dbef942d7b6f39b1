import type { Size, View } from "./view";

/** A picture as it hangs: whole, at its place. */
export const WHOLE: View = { scale: 1, x: 0, y: 0 };
/** What a double tap brings it to. */
export const NEAR = 2.5;
/** Less than this is the whole picture. */
const WHOLE_SCALE = 1.02;
const SWIPE_PX = 48;
/** A swipe is so much more sideways than up or down. */
const SIDEWAYS = 1.5;

export interface Frame {
  /** What the picture is seen through, px. */
  readonly window: Size;
  /** The picture as it hangs, px. */
  readonly picture: Size;
  /** Where its corner hangs in the window, px. */
  readonly at: { readonly x: number; readonly y: number };
}

/** Keep a zoomed picture over its window: no edge comes further in than it must; what is smaller stands in the middle. */
export function held(view: View, { window, picture, at }: Frame): View {
  if (view.scale <= WHOLE_SCALE) return WHOLE;
  return {
    scale: view.scale,
    x: along(view.x, at.x, picture.width * view.scale, window.width),
    y: along(view.y, at.y, picture.height * view.scale, window.height),
  };
}

/** What a finger's way across the whole picture means: 1 onwards, -1 back, 0 nothing. */
export function swiped(dx: number, dy: number): 1 | -1 | 0 {
  if (Math.abs(dx) < SWIPE_PX || Math.abs(dx) < SIDEWAYS * Math.abs(dy)) return 0;
  return dx < 0 ? 1 : -1;
}

function along(shift: number, at: number, length: number, room: number): number {
  if (length <= room) return (room - length) / 2 - at;
  return Math.min(-at, Math.max(room - length - at, shift));
}
