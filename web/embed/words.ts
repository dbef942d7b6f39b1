import type { Job, Stage } from "../live/state";

const OVER: Partial<Record<Stage, string>> = {
  starting: "Starting",
  finishing: "Drying",
  posted: "Finished",
  refused: "Not painted",
  cancelled: "Cancelled",
};

/** What a picture being painted is doing, in as few words as there is room for: "6 of 10 · 5 s". */
export function stageWords(job: Job): string {
  const eta = job.etaS === null ? "" : ` · ${Math.max(1, Math.round(job.etaS))} s`;
  switch (job.stage) {
    case "queued":
      return (job.retry ? "Trying again" : job.place ? `#${job.place} in line` : "In line") + eta;
    case "painting":
      return `${job.step} of ${job.steps}${eta}`;
    case "failed":
    case "aborted":
      return job.step ? `Stopped at step ${job.step}` : "Stopped";
    default:
      return OVER[job.stage] ?? "";
  }
}

export function isBad({ stage }: Job): boolean {
  return stage === "refused" || stage === "failed" || stage === "aborted";
}

/** A picture's colours in the order of the rainbow; the style sheet makes them stand out from the panel. */
export function byHue(colours: readonly string[]): readonly string[] {
  return [...colours].sort((one, other) => hue(one) - hue(other));
}

/** Degrees, of the plane in which red, green and blue are a third of the circle apart. */
function hue(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/\w\w/g) ?? []).map((part) => parseInt(part, 16));
  const degrees = (Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) * 180) / Math.PI;
  return (degrees + 360) % 360;
}
