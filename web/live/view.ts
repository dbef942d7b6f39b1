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

const GREATEST_SCALE = 12;
/** So much of the picture stays in the window, px. */
const IN_SIGHT = 60;

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

/** Zoom by a factor; what is at (x, y) of the window stays there. */
export function zoomed(view: View, factor: number, x: number, y: number, least: number): View {
  const scale = Math.min(GREATEST_SCALE, Math.max(least, view.scale * factor));
  const by = scale / view.scale;
  return { scale, x: x - (x - view.x) * by, y: y - (y - view.y) * by };
}

/** Move the picture; it cannot be lost. */
export function moved(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/** Keep some of the picture in the window. */
export function keptInSight(view: View, window: Size, picture: Size): View {
  return {
    ...view,
    x: between(IN_SIGHT - picture.width * view.scale, view.x, window.width - IN_SIGHT),
    y: between(IN_SIGHT - picture.height * view.scale, view.y, window.height - IN_SIGHT),
  };
}

function between(least: number, value: number, most: number): number {
  return least > most ? (least + most) / 2 : Math.min(most, Math.max(least, value));
}
