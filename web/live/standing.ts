import type { Phase } from "./connection";
import type { Job, State } from "./state";

/** What can stand in the way of one more picture, and goes away by itself. */
export interface Standing {
  /** My jobs that wait or are being painted. */
  readonly running: number;
  readonly live: boolean;
}

export function easelStanding(
  { own, generations }: Pick<State, "own" | "generations">,
  phase: Phase,
): Standing {
  const running = own.filter((id) => isUnderWay(generations.get(id)));
  return { running: running.length, live: phase === "live" };
}

/** Whether a picture waits or is being painted. */
export function isUnderWay(job: Job | undefined): boolean {
  return (
    job !== undefined && (job.stage === "queued" || job.stage === "starting" || job.stage === "painting")
  );
}

/** Whether something that stood in the way does so no more: a job has ended, or the connection is back. */
export function hasEased(before: Standing, now: Standing): boolean {
  return now.running < before.running || (now.live && !before.live);
}
