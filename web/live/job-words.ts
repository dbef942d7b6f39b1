/** What is said of a picture that is being painted, in the reader's language. */

import { about, joined } from "../words/figures";
import { say, sayIfKnown, spoken } from "../words/words";
import type { Retry } from "./protocol";
import type { Job } from "./state";

export interface JobWords {
  readonly strong: string;
  readonly rest: string;
  readonly bad: boolean;
}

/** Return the label of a job: what it is doing, and the rest of the sentence. */
export function jobWords(job: Job, mine: boolean): JobWords {
  const rest = job.etaS === null ? "" : about(job.etaS);
  switch (job.stage) {
    case "queued":
      if (job.retry) return retryWords(job, job.retry);
      return { strong: job.place ? placeWords(job.place) : say("job.waiting"), rest, bad: false };
    case "starting":
      return job.retry
        ? { strong: say("job.starting-again"), rest: lossWords(job.retry), bad: false }
        : { strong: say("job.starting"), rest: say("job.mixing"), bad: false };
    case "painting":
      return { strong: say("job.step", { step: job.step, steps: job.steps }), rest, bad: false };
    case "finishing":
      return { strong: say("job.drying"), rest: say(job.posted ? "job.posting" : "job.nearly"), bad: false };
    case "posted":
      return job.posted
        ? { strong: say("job.posted"), rest: "", bad: false }
        : { strong: say("job.finished"), rest: say("job.private"), bad: false };
    case "refused":
      return { strong: say("job.refused"), rest: endWords(job), bad: true };
    case "failed":
    case "aborted":
      return { strong: stopWords(job), rest: endWords(job), bad: true };
    case "cancelled":
      return { strong: say("job.cancelled"), rest: say(mine ? "job.by-you" : "job.by-painter"), bad: false };
  }
}

function placeWords(place: number): string {
  return say("job.place", { place });
}

function stopWords(job: Job): string {
  if (job.stage === "aborted" && job.stoppedAt === "queued") return say("job.not-started");
  return job.step > 0 ? say("job.stopped-at", { step: job.step }) : say("job.stopped");
}

/** Return why a job waits again, as a clause; what the server may add later is said in its own words. */
export function lossWords(retry: Retry): string {
  return sayIfKnown(`loss.${retry.code}`) ?? clause(retry.message);
}

interface Ended {
  readonly code: string;
  readonly message: string;
}

/** Return why a job ended, as a clause: to English readers in the server's own words, which say more. */
function endWords({ code, message }: Ended): string {
  const own = clause(message);
  return spoken() === "en" && own ? own : (sayIfKnown(`ended.${code}`) ?? own);
}

/** Return the same as a sentence. */
export function endSentence(ended: Ended): string {
  const [first = "", ...rest] = endWords(ended);
  return first && `${first.toLocaleUpperCase(spoken())}${rest.join("")}.`;
}

/** Return the label of a job that was lost and waits for another attempt: not stuck, and not its fault. */
function retryWords(job: Job, retry: Retry): JobWords {
  const place = job.place && job.place > 1 ? placeWords(job.place) : "";
  const rest = joined([lossWords(retry), place, job.etaS === null ? "" : about(job.etaS)]);
  return { strong: say("job.retrying"), rest, bad: false };
}

/** Turn a sentence into a clause: no capital at the start (unless it is a name's or an "I"), no full stop. */
function clause(sentence: string): string {
  const trimmed = sentence.trim().replace(/\.$/, "");
  return /^[A-Z][a-z]/.test(trimmed) ? trimmed[0]!.toLowerCase() + trimmed.slice(1) : trimmed;
}
