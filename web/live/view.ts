/** How a picture lies in its window: CSS px, the window's corner is the origin. */
export interface View {
  /** Window px per px of the picture. */
  readonly scale: number;
  /** Where the picture's corner is. */
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Times its own size. */
const GREATEST_SCALE = 12;
/** Of the scale that shows all of it: smaller than this it is of no use. */
const LEAST_OF_FITTING = 0.5;

/** The whole picture in the middle of the window. margin: px around it. */
export function fitted(window: Size, picture: Size, margin: number): View {
  const scale = Math.max(
    0.01,
    Math.min((window.width - 2 * margin) / picture.width, (window.height - 2 * margin) / picture.height),
  );
  return {
    scale,
    x: (window.width - picture.width * scale) / 2,
    y: (window.height - picture.height * scale) / 2,
  };
}

/** How small it may become, from the scale at which all of it is seen; never larger than half its own size. */
export function leastScale(fitting: number): number {
  return Math.min(fitting, 1) * LEAST_OF_FITTING;
}

/** Zoom by a factor, to `least` or 12 times its size at most; what is at (x, y) of the window stays there. */
export function zoomed(view: View, factor: number, x: number, y: number, least: number): View {
  // A tiny picture that fills the window is larger than that already, and stays so.
  const greatest = Math.max(GREATEST_SCALE, view.scale);
  const scale = Math.min(greatest, Math.max(least, view.scale * factor));
  const by = scale / view.scale;
  return { scale, x: x - (x - view.x) * by, y: y - (y - view.y) * by };
}

/** Move the picture. */
export function moved(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/**
 * Keep the picture in sight: the middle of the window always lies on it. So at least half of its width and of its
 * height, or of the window's, is to be seen, and what lies over the window's edges never covers all that is left.
 */
export function keptInSight(view: View, window: Size, picture: Size): View {
  return {
    ...view,
    x: onto(view.x, window.width / 2, picture.width * view.scale),
    y: onto(view.y, window.height / 2, picture.height * view.scale),
  };
}

/** Where something so long begins, moved no more than is needed to lie on the middle. */
function onto(start: number, middle: number, length: number): number {
  return Math.min(middle, Math.max(middle - length, start));
}
