import type { Phase } from "./connection";
import type { State } from "./state";

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
  const stages = own.map((id) => generations.get(id)?.stage);
  const running = stages.filter(
    (stage) => stage === "queued" || stage === "starting" || stage === "painting",
  );
  return { running: running.length, live: phase === "live" };
}

/** Whether something that stood in the way does so no more: a job has ended, or the connection is back. */
export function hasEased(before: Standing, now: Standing): boolean {
  return now.running < before.running || (now.live && !before.live);
}
