/** Sentences as the studio says them, in the reader's language. */

import { joined, listed } from "../words/figures";
import { count, isolated, say } from "../words/words";
import type { Feed } from "./state";

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

/** As the server has it: letters, marks, digits and underscores with at least one letter, after no such character. */
const TAG = "(?=[\\p{M}\\p{N}_]*\\p{L})[\\p{L}\\p{M}\\p{N}_]{1,64}(?![\\p{L}\\p{M}\\p{N}_])";
const TAGS = new RegExp(`((?<![\\p{L}\\p{M}\\p{N}_])[#＃]${TAG})`, "u");
const WHOLE_TAG = new RegExp(`^${TAG}$`, "u");

/** Split a text into plain parts and tags, so that tags can be links. */
export function parts(text: string): readonly { readonly text: string; readonly tag: string | null }[] {
  return text
    .split(TAGS)
    .map((part, index) => ({ text: part, tag: index % 2 ? normalTag(part.slice(1)) : null }))
    .filter((part) => part.text);
}

/** Whether texts can have this tag. */
export function isTag(tag: string): boolean {
  return WHOLE_TAG.test(tag);
}

export function normalTag(tag: string): string {
  return tag.normalize("NFC").toLowerCase();
}

/** Beyond so many, what waits is not told one by one. */
const MOST_TOLD = 999;

/** Return a number as a message says it: of more than anybody counted "120+", and of very many "999+". */
export function told(known: number, uncounted = false): number | string {
  return uncounted || known > MOST_TOLD ? `${count(Math.min(known, MOST_TOLD))}+` : known;
}

/** Return how many pictures wait behind the pill, as a message says it. */
export function waitingIn(feed: Feed | undefined): number | string {
  return told((feed?.pending.length ?? 0) + (feed?.overflow ?? 0), feed?.uncounted);
}
