/** What the news say, one sentence a line; and which of them are said in one. */

import type { Generation, Notification, User } from "./protocol";
import { pathOfPerson, pathOfPicture, pathOfPost, pathOfRoom } from "./route";
import { listedPieces } from "../words/figures";
import { say, woven } from "../words/words";

/** One line of the news: the newest of what it says, and how many more it stands for. */
export interface NewsLine {
  readonly id: string;
  readonly newest: Notification;
  readonly actors: readonly User[];
  readonly people: number;
  /** Pictures of one's own that it tells of. */
  readonly pictures: number;
}

const MOST_NAMED = 3;

/**
 * Return the lines of the news (newest first): people who follow one after the other are one line, as are those who
 * comment on one picture, and the finished variations of one room. fresh: ids of what is marked as new; it stands apart from what is not.
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
    else lines.push({ id: one.id, newest: one, actors: one.actors, people: one.people, pictures: 1 });
  }
  return lines;
}

/** Return the news of a picture of one's own with what is known of the picture: the list says only which it was. */
export function withPicture(news: Notification, made: Generation | undefined): Notification {
  if (news.kind !== "generation" || !made) return news;
  return { ...news, media: made.media ?? null, text: made.prompt, post: made.post ?? null };
}

/** Return the sentence of a line in pieces, with the names in it as `named` shows them. */
export function newsPieces<T>(line: NewsLine, named: (handle: string) => T): readonly unknown[] {
  const { newest, people, actors, pictures } = line;
  if (newest.kind === "generation") return [generationSentence(newest, pictures)];
  const shown = actors.slice(0, people > MOST_NAMED ? MOST_NAMED - 1 : MOST_NAMED);
  const who = whoOf(
    shown.map(({ handle }) => handle),
    Math.max(0, people - shown.length),
    named,
  );
  return woven(SENTENCES[newest.kind], { who, count: people });
}

/** Return the sentence of a line as text. */
export function newsSentence(line: NewsLine): string {
  return newsPieces(line, (name) => name)
    .flat(3)
    .join("");
}

/** Where a line leads; null where there is nothing to see. */
export function newsPath({ newest: news, actors }: NewsLine): string | null {
  if (news.kind === "follow") return actors[0] ? pathOfPerson(actors[0].handle) : null;
  if (news.kind !== "generation") return news.post ? pathOfPost(news.post) : null;
  if (news.room) return pathOfRoom(news.room);
  if (news.post) return pathOfPost(news.post);
  return news.media && news.generation ? pathOfPicture(news.generation) : null;
}

const SENTENCES = {
  comment: "news.commented",
  reply: "news.replied",
  mention: "news.mentioned",
  reaction: "news.liked",
  remix: "news.remixed",
  publication: "news.published",
  follow: "news.followed",
} as const;

function generationSentence({ state, room, post }: Notification, pictures: number): string {
  if (state === "refused") return say("news.refused");
  if (state === "failed") return say("news.failed");
  if (state === "aborted") return say("news.aborted");
  if (room) return say("news.variation", { count: pictures });
  return say(post ? "app.up" : "news.finished");
}

function whoOf<T>(names: readonly string[], more: number, named: (handle: string) => T): readonly unknown[] {
  if (!names.length) return [say("news.somebody")];
  if (!more) return listedPieces(names, named);
  const between = say("comma", { one: "", other: "" });
  const first = names.flatMap((name, index) => (index ? [between, named(name)] : [named(name)]));
  return woven("news.more", { names: first, count: more });
}

function isAlike(one: Notification, other: Notification): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind === "generation")
    return one.state === "completed" && other.state === "completed" && !!one.room && one.room === other.room;
  return one.kind === "follow" || (one.kind === "comment" && one.post === other.post);
}

function merged(line: NewsLine, more: Notification): NewsLine {
  const said = new Set(line.actors.map(({ id }) => id));
  const others = more.actors.filter(({ id }) => !said.has(id));
  return {
    ...line,
    actors: [...line.actors, ...others],
    people: line.people + others.length,
    pictures: line.pictures + 1,
  };
}
