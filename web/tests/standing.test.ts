import { expect, test } from "vitest";
import { fold } from "../live/fold";
import { easelStanding, hasEased } from "../live/standing";
import { EMPTY, type State } from "../live/state";
import { events, generation } from "./made";

function withJobs(...ids: string[]): State {
  return ids.reduce<State>((state, id) => {
    const known = fold(state, { kind: "generation", generation: generation(id), easel: null });
    return fold(known, { kind: "own", generation: id, on: true });
  }, EMPTY);
}

function cancelled(state: State, id: string): State {
  const frame = events(`generation:${id}`, ["9-1", "generation.cancelled", {}]);
  return fold(state, { kind: "frame", frame, now: 0 });
}

test("jobs that are over are not counted", () => {
  const state = withJobs("a", "b");
  expect(easelStanding(state, "live").running).toBe(2);
  expect(easelStanding(cancelled(state, "a"), "live").running).toBe(1);
});

test("a job that ends makes room, one that begins does not", () => {
  const two = easelStanding(withJobs("a", "b"), "live");
  const one = easelStanding(withJobs("a"), "live");
  expect(hasEased(two, one)).toBe(true);
  expect(hasEased(one, two)).toBe(false);
  expect(hasEased(two, two)).toBe(false);
});

test("a connection that comes back eases, one that goes does not", () => {
  const [live, waiting] = [easelStanding(EMPTY, "live"), easelStanding(EMPTY, "waiting")];
  expect(hasEased(waiting, live)).toBe(true);
  expect(hasEased(live, waiting)).toBe(false);
  expect(hasEased(waiting, easelStanding(EMPTY, "catching-up"))).toBe(false);
});
