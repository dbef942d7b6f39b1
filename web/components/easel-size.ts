import type { Job } from "../live/state";

/** Frames lower than this are a phone's: square, with smaller words; px. */
export const PHONE_HEIGHT = 150;

/** Return how wide a picture of this height hangs on the easel, px: no panorama pushes the others out. */
export function widthOnEasel({ generation }: Job, height: number): number {
  if (height < PHONE_HEIGHT) return height;
  return Math.round(height * Math.min(1.5, Math.max(0.85, generation.width / generation.height)));
}
