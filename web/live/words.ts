/** Numbers, times and sentences as the studio says them. */

import type { Retry } from "./protocol";
import type { Job } from "./state";

const figures = new Intl.NumberFormat("en");

export function count(value: number): string {
  return figures.format(value);
}

export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Return how long ago something was, short: "just now", "4 min", "3 h", "yesterday", "12 Nov". */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, (now - then) / 1000);
  if (seconds < 50) return "just now";
  if (seconds < 3570) return `${Math.max(1, Math.round(seconds / 60))} min`;
  if (seconds < 86_400) return `${Math.max(1, Math.round(seconds / 3600))} h`;
  if (seconds < 172_800) return "yesterday";
  const date = new Date(then);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

export function clock(then: number): string {
  return new Date(then).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** Return a rough time: "about 40 s", "about 3 min". */
export function about(seconds: number): string {
  if (seconds < 1) return "a moment";
  if (seconds < 10) return `about ${Math.ceil(seconds)} s`;
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s`;
  return `about ${Math.round(seconds / 60)} min`;
}

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
  if (!running) return "Nothing is being painted";
  const many = plural(running, "picture", "pictures");
  return `${many}. Keep browsing, ${running === 1 ? "it paints" : "they paint"} on.`;
}

/** Return the name of the way to the news. */
export function newsLabel(unread: number): string {
  return unread ? `News, ${count(unread)} unread` : "News";
}

export interface JobWords {
  readonly strong: string;
  readonly rest: string;
  readonly bad: boolean;
}

/** Return the label of a job: what it is doing, and the rest of the sentence. */
export function jobWords(job: Job, mine: boolean): JobWords {
  switch (job.stage) {
    case "queued":
      if (job.retry) return retryWords(job, job.retry);
      return {
        strong: job.place ? `#${count(job.place)} in line` : "In line",
        rest: job.etaS === null ? "" : about(job.etaS),
        bad: false,
      };
    case "starting":
      return job.retry
        ? { strong: "Starting again", rest: lossWords(job.retry), bad: false }
        : { strong: "Starting", rest: "mixing colours", bad: false };
    case "painting":
      return {
        strong: `Step ${count(job.step)} of ${count(job.steps)}`,
        rest: job.etaS === null ? "" : about(job.etaS),
        bad: false,
      };
    case "finishing":
      return { strong: "Drying", rest: job.posted ? "posting" : "nearly there", bad: false };
    case "posted":
      return {
        strong: job.posted ? "Posted" : "Finished",
        rest: job.posted ? "" : "only you can see it",
        bad: false,
      };
    case "refused":
      return { strong: "Not painted", rest: clause(job.message), bad: true };
    case "failed":
    case "aborted":
      if (job.stage === "aborted" && job.stoppedAt === "queued")
        return { strong: "Not started", rest: clause(job.message), bad: true };
      return {
        strong: job.step > 0 ? `Stopped at step ${count(job.step)}` : "Stopped",
        rest: clause(job.message),
        bad: true,
      };
    case "cancelled":
      return { strong: "Cancelled", rest: mine ? "by you" : "by its painter", bad: false };
  }
}

/** Why a job waits again, in a few words; what the server may add later is said in its own. */
const LOST: Readonly<Record<string, string>> = {
  engine_lost: "the engine was lost",
  worker_lost: "its painter was lost",
  worker_stopped: "its painter had to stop",
  picture_not_stored: "it could not be stored",
  picture_not_read: "the picture to remix could not be read",
  operator: "the studio gives it another go",
};

/** Return why a job waits again, as a clause. */
export function lossWords(retry: Retry): string {
  return LOST[retry.code] ?? clause(retry.message);
}

/** Return the label of a job that was lost and waits for another attempt: not stuck, and not its fault. */
function retryWords(job: Job, retry: Retry): JobWords {
  const wait = [
    job.place && job.place > 1 ? `#${count(job.place)} in line` : "",
    job.etaS === null ? "" : about(job.etaS),
  ];
  const rest = [lossWords(retry), ...wait].filter(Boolean).join(", ");
  return { strong: "Trying again", rest, bad: false };
}

/** Turn a sentence into a clause: no capital at the start (unless it is a name's or an "I"), no full stop. */
function clause(sentence: string): string {
  const trimmed = sentence.trim().replace(/\.$/, "");
  return /^[A-Z][a-z]/.test(trimmed) ? trimmed[0]!.toLowerCase() + trimmed.slice(1) : trimmed;
}

/** Return who is writing: "x is writing", "x and y are writing", "x, y and 2 more are writing". */
export function writing(handles: readonly string[]): string {
  const [first, second, ...more] = handles;
  if (!first) return "";
  if (!second) return `${first} is writing`;
  if (!more.length) return `${first} and ${second} are writing`;
  return `${first}, ${second} and ${count(more.length)} more are writing`;
}

/** Return what a room's canvas shows, for those who do not see it. masked: percent of the picture. */
export function canvasWords(title: string, strokes: number, masked: number): string {
  return [
    title ? `${capped(title)}, being repainted together` : "A canvas",
    plural(strokes, "stroke", "strokes"),
    masked ? `${masked} percent masked` : "nothing masked",
  ].join(", ");
}

/** A picture's title: its caption, else its prompt. */
export function titleOf(post: { readonly caption: string; readonly prompt?: string | null }): string {
  return post.caption.trim() || post.prompt?.trim() || "untitled";
}

/** What a picture shows, for those who do not see it: its author's words for it, else what it was painted from. */
export function altOf(post: {
  readonly alt?: string | null;
  readonly caption: string;
  readonly prompt?: string | null;
}): string {
  return post.alt?.trim() || post.prompt?.trim() || titleOf(post);
}

/** Whether a title is in a script that has no italics: then it is set upright. */
export function isUpright(title: string): boolean {
  return /[\u0590-\u08ff\ufb1d-\ufefc]/.test(title);
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
