/** What the news say, one sentence a line; and which of them are said in one. */

import type { Generation, Notification, User } from "./protocol";
import { pathOfPerson, pathOfPost, pathOfRoom } from "./route";
import { count } from "./words";

/** One line of the news: the newest of what it says, and how many more it stands for. */
export interface NewsLine {
  readonly id: string;
  readonly newest: Notification;
  readonly actors: readonly User[];
  readonly people: number;
}

const MOST_NAMED = 3;

/**
 * Return the lines of the news (newest first): people who follow one after the other are one line, as are those who
 * comment on one picture. fresh: ids of what is marked as new; it stands apart from what is not.
 */
export function mergedNews(
  news: readonly Notification[],
  fresh: ReadonlySet<string> = new Set(),
): readonly NewsLine[] {
  const lines: NewsLine[] = [];
  for (const one of news) {
    const last = lines.at(-1);
    const alike = last && isAlike(last.newest, one) && fresh.has(last.newest.id) === fresh.has(one.id);
    if (alike) lines[lines.length - 1] = merged(last, one);
    else lines.push({ id: one.id, newest: one, actors: one.actors, people: one.people });
  }
  return lines;
}

/** Return the news of a picture of one's own with what is known of the picture: the list says only which it was. */
export function withPicture(news: Notification, made: Generation | undefined): Notification {
  if (news.kind !== "generation" || !made) return news;
  return { ...news, media: made.media ?? null, text: made.prompt, post: made.post ?? null };
}

/** Return the sentence of a line; names: whom it names, as they stand in it. */
export function newsSentence(line: NewsLine): { readonly text: string; readonly names: readonly string[] } {
  const names = line.actors
    .slice(0, line.people > MOST_NAMED ? MOST_NAMED - 1 : MOST_NAMED)
    .map(({ handle }) => handle);
  return { text: sentenceOf(line, whoOf(names, Math.max(0, line.people - names.length))), names };
}

/** Where a line leads; null where there is nothing to see. */
export function newsPath({ newest: news, actors }: NewsLine): string | null {
  if (news.kind === "follow") return actors[0] ? pathOfPerson(actors[0].handle) : null;
  if (news.kind !== "generation") return news.post ? pathOfPost(news.post) : null;
  if (news.room) return pathOfRoom(news.room);
  return news.post ? pathOfPost(news.post) : null;
}

function sentenceOf({ newest, people }: NewsLine, who: string): string {
  const one = people <= 1;
  switch (newest.kind) {
    case "comment":
      return `${who} commented on your picture`;
    case "reply":
      return `${who} replied to you`;
    case "mention":
      return `${who} mentioned you`;
    case "reaction":
      return one ? `${who} likes your picture` : `${who} like your picture`;
    case "remix":
      return `${who} remixed your picture`;
    case "follow":
      return one ? `${who} follows you` : `${who} follow you`;
    case "generation":
      return generationSentence(newest);
  }
}

function generationSentence({ state, room, post }: Notification): string {
  if (state === "refused") return "Your picture was not painted";
  if (state === "failed") return "Your picture was stopped";
  if (state === "aborted") return "Your picture took too long";
  if (room) return "Your variation is finished";
  return post ? "Your picture is up" : "Your picture is finished";
}

function whoOf(names: readonly string[], more: number): string {
  const [first = "Somebody", second, third] = names;
  if (more) {
    if (second) return `${first}, ${second} and ${count(more)} more`;
    return `${first} and ${count(more)} more`;
  }
  if (third) return `${first}, ${second} and ${third}`;
  return second ? `${first} and ${second}` : first;
}

function isAlike(one: Notification, other: Notification): boolean {
  if (one.kind !== other.kind) return false;
  return one.kind === "follow" || (one.kind === "comment" && one.post === other.post);
}

function merged(line: NewsLine, more: Notification): NewsLine {
  const said = new Set(line.actors.map(({ id }) => id));
  const others = more.actors.filter(({ id }) => !said.has(id));
  return { ...line, actors: [...line.actors, ...others], people: line.people + others.length };
}
