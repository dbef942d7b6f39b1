/** What went wrong, in the reader's language, by the server's code. */

import type { Problem } from "../live/problem";
import { about } from "./figures";
import { say, sayIfKnown, spoken } from "./words";

/** Shorter waits are "a moment". */
const WORTH_SAYING_S = 2;

/** Know the sentences that say more than their code; they come with the later words. */
let recognise: (said: string) => string | null = () => null;

export function recogniseBy(recogniser: typeof recognise): void {
  recognise = recogniser;
}

const CODES: Readonly<Record<number, string>> = {
  401: "unauthorised",
  403: "forbidden",
  404: "not_found",
  413: "too_large",
  429: "rate_limited",
};

/** English readers read the server's own sentence; for the others it is the last resort. */
export function interpreted({ code, said, status, retryAfterS }: Problem): string | null {
  if (spoken() === "en" && said) return said;
  return (
    recognise(said) ??
    waiting(code, retryAfterS) ??
    sayIfKnown(`problem.${code}`) ??
    (code.startsWith("http_") ? byStatus(status) : null)
  );
}

/** What a place says that could not be read: without a line it fills in by itself when that is back. */
export function reasonOf(problem: Problem): string {
  return problem.lineless ? say("wall.no-line") : problem.sentence;
}

function waiting(code: string, retryAfterS: number | null): string | null {
  if (code !== "rate_limited" || retryAfterS === null || retryAfterS < WORTH_SAYING_S) return null;
  return sayIfKnown("problem.rate_limited-for", { time: about(retryAfterS) });
}

/** An answer that came from in between, without a code of ours. */
function byStatus(status: number): string | null {
  const code = CODES[status];
  return (code && sayIfKnown(`problem.${code}`)) ?? sayIfKnown("problem.unknown");
}
