import { expect, test } from "vitest";
import type { Live } from "../live/live";
import { makingOf } from "../live/making";
import { Problem, unreachable } from "../live/problem";
import { post } from "./made";

function live(provenance: unknown, made: unknown): Live {
  const answer = (value: unknown): Promise<unknown> =>
    value instanceof Problem ? Promise.reject(value) : Promise.resolve(value);
  const call = (_method: string, path: string): Promise<unknown> =>
    answer(path.endsWith("/provenance") ? provenance : made);
  return { api: { call } } as unknown as Live;
}

const GONE = new Problem("not_found", "It is not here.", 404);
const PAINTED = { provenance: { generator: { title: "The painter" } } };
const MADE = { generation: { steps: 8, seed: 7 } };

test("of what is not known any more nothing is said", async () => {
  expect(await makingOf(live(PAINTED, GONE), post("p"))).toEqual({
    painter: "The painter",
    steps: null,
    seed: null,
  });
});

test("while the server is away it is not known how a picture was made, which is not that nobody knows", async () => {
  await expect(makingOf(live(unreachable(), MADE), post("p"))).rejects.toThrow("unreachable");
  const busy = new Problem("unavailable", "Try again.", 503);
  await expect(makingOf(live(PAINTED, busy), post("p"))).rejects.toThrow("unavailable");
});
