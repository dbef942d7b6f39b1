import type { KeptEvent, Notification, User } from "./protocol";
import type { News, State } from "./state";

/** So many are kept in the page; the server keeps 500. */
const MOST_LINES = 200;
const MOST_ACTORS = 3;

export interface NewsPage {
  readonly notifications: readonly Notification[];
  readonly unread: number;
  readonly next: string | null;
  /** first: the newest, in place of everything. older: below what is here. */
  readonly place: "first" | "older";
}

export function receiveNews(state: State, page: NewsPage): State {
  const known = new Set(state.news.lines.map(({ id }) => id));
  const lines =
    page.place === "first"
      ? page.notifications
      : [...state.news.lines, ...page.notifications.filter(({ id }) => !known.has(id))];
  return withNews(state, { lines, unread: page.unread, next: page.next, loaded: true });
}

/** Apply an event of my own topic. */
export function foldNewsEvent(state: State, event: KeptEvent): State {
  if (event.type === "notification.created")
    return told(state, (event.data as { notification: Notification }).notification);
  if (event.type === "notification.deleted") return untold(state, (event.data as { id: string }).id);
  return state;
}

/** Everything up to a time is read, perhaps on another device; unread: how many were left then. */
export function readNews(state: State, until: number, unread: number): State {
  const { news } = state;
  const lines = news.lines.map((line) =>
    line.time <= until && line.unread ? { ...line, unread: false } : line,
  );
  const newer = lines.filter((line) => line.unread).length;
  // What is told late must not take back what has come since: where every newer line is here, they are counted.
  const whole = news.next === null || (lines.at(-1)?.time ?? Infinity) <= until;
  return withNews(state, { ...news, lines, unread: whole ? newer : Math.max(newer, unread) });
}

function told(state: State, line: Notification): State {
  const { news } = state;
  const known = news.lines.find(({ id }) => id === line.id);
  if (known && known.time >= line.time) return state;
  const whole = known
    ? {
        ...known,
        ...line,
        actors: together(line.actors, known.actors),
        media: line.media ?? known.media ?? null,
      }
    : line;
  const lines = [whole, ...news.lines.filter(({ id }) => id !== line.id)].sort(
    (left, right) => right.time - left.time,
  );
  const more = line.unread && !known?.unread ? 1 : 0;
  return withNews(state, { ...news, lines, unread: news.unread + more });
}

function untold(state: State, id: string): State {
  const { news } = state;
  const known = news.lines.find((line) => line.id === id);
  if (!known) return state;
  const lines = news.lines.filter((line) => line !== known);
  return withNews(state, { ...news, lines, unread: Math.max(0, news.unread - (known.unread ? 1 : 0)) });
}

function together(newer: readonly User[], older: readonly User[]): readonly User[] {
  const said = new Set(newer.map(({ id }) => id));
  return [...newer, ...older.filter(({ id }) => !said.has(id))].slice(0, MOST_ACTORS);
}

function withNews(state: State, news: News): State {
  return { ...state, news: { ...news, lines: news.lines.slice(0, MOST_LINES) } };
}
