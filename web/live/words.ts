/** Sentences as the studio says them, in the reader's language. */

import { about, joined, listed } from "../words/figures";
import { count, isolated, say, sayIfKnown, spoken } from "../words/words";
import type { Retry } from "./protocol";
import type { Feed, Job } from "./state";

export { about, ago, clock } from "../words/figures";
export { count } from "../words/words";
export { isUpright } from "./upright";

/** So many who write are named, the rest is counted. */
const MOST_WRITERS = 2;

/** Labels that are read aloud are no longer than this. */
const LABEL_CHARACTERS = 120;

/** Return a text short enough for a label, cut between words where there are any. */
export function capped(text: string): string {
  if (text.length <= LABEL_CHARACTERS) return text;
  const cut = text.slice(0, LABEL_CHARACTERS - 1).replace(/[\ud800-\udbff]$/, "");
  const space = cut.lastIndexOf(" ");
  return `${space > LABEL_CHARACTERS / 2 ? cut.slice(0, space) : cut}…`;
}

/** Return what is said beside "Your easel": how many wait or are being painted. */
export function easelWords(running: number): string {
  return running ? say("create.easel", { count: running }) : say("create.easel-free");
}

/** Return the name of the way to the news. */
export function newsLabel(unread: number): string {
  return unread ? say("nav.news-unread", { count: unread }) : say("nav.news");
}

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

/** Return why a job ended, as a clause: to English readers in the server's own words, which say more. */
function endWords({ code, message }: Job): string {
  const own = clause(message);
  return spoken() === "en" && own ? own : (sayIfKnown(`ended.${code}`) ?? own);
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

/** Return who is writing: "x is writing", "x and y are writing", "x, y and 2 more are writing". */
export function writing(handles: readonly string[]): string {
  const more = handles.length - MOST_WRITERS;
  const names = handles.map(isolated);
  if (more > 0) return say("writing.more", { names: joined(names.slice(0, MOST_WRITERS)), count: more });
  return handles.length ? say("writing.some", { names: listed(names), count: handles.length }) : "";
}

/** Return what a room's canvas shows, for those who do not see it. masked: percent of the picture. */
export function canvasWords(title: string, strokes: number, masked: number): string {
  return joined([
    title ? say("canvas.together", { title: capped(title) }) : say("canvas.canvas"),
    say("canvas.strokes", { count: strokes }),
    masked ? say("canvas.masked", { percent: masked }) : say("canvas.unmasked"),
  ]);
}

/** A picture's title: its caption, else its prompt. */
export function titleOf(post: { readonly caption: string; readonly prompt?: string | null }): string {
  return post.caption.trim() || post.prompt?.trim() || say("untitled");
}

/** What a picture shows, for those who do not see it: its author's words for it, else what it was painted from. */
export function altOf(post: {
  readonly alt?: string | null;
  readonly caption: string;
  readonly prompt?: string | null;
}): string {
  return post.alt?.trim() || post.prompt?.trim() || titleOf(post);
}

/** Split a text into plain parts and tags, so that tags can be links. */
export function parts(text: string): readonly { readonly text: string; readonly tag: string | null }[] {
  return text
    .split(/(#[\p{L}\p{N}_-]{1,64})/u)
    .filter(Boolean)
    .map((part) => ({
      text: part,
      tag: part.startsWith("#") && part.length > 1 ? normalTag(part.slice(1)) : null,
    }));
}

export function normalTag(tag: string): string {
  return tag.normalize("NFC").toLowerCase();
}

/** Return how many pictures wait behind the pill, as a message says it: of more than anybody counted "120+". */
export function waitingIn(feed: Feed | undefined): number | string {
  const known = (feed?.pending.length ?? 0) + (feed?.overflow ?? 0);
  return feed?.uncounted ? `${count(known)}+` : known;
}
