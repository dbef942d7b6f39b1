/** Smaller than this, px, a ring is not seen. */
const LEAST_PX = 4;

/** Put the ring that shows the brush's size around a place of the window. */
export function placeRing(ring: HTMLElement, x: number, y: number, diameter: number): void {
  const size = Math.max(LEAST_PX, diameter);
  const place = `translate(${x - size / 2}px,${y - size / 2}px)`;
  ring.style.cssText = `inline-size:${size}px;block-size:${size}px;transform:${place}`;
}
