/**
 * What a widget and the page around it say to each other, by `postMessage`.
 *
 * A sandboxed frame has no origin that could be named as a target, so both sides check who speaks instead: the widget
 * listens to its parent only, the page to the frames that it made. Nothing secret is said; all of it is public.
 */

import type { Position, Topic } from "../live/protocol";

/** One server-sent event: KEPT, LATEST, or a gap. */
export interface Told {
  readonly topic: Topic;
  readonly type: string;
  /** Where the topic stands now. */
  readonly at?: Position | "" | undefined;
  readonly id?: Position;
  readonly rev?: Position;
  readonly key?: string;
  readonly time?: number;
  readonly count?: number;
  readonly data?: unknown;
}

/** Topics, and the position to follow each from; "" begins with what the topic still has. */
export type Wanted = Readonly<Record<Topic, Position | "">>;

export type FromWidget =
  | { readonly op: "ready" }
  | { readonly op: "follow"; readonly topics: Wanted }
  | { readonly op: "height"; readonly height: number };

export type ToWidget =
  | { readonly op: "told"; readonly told: Told }
  | { readonly op: "standing"; readonly live: boolean }
  | { readonly op: "look"; readonly hash: string }
  /** The page has no stream to share: open one of your own. */
  | { readonly op: "alone" };

/** Says whose message it is: a page and its frames say many things to each other. */
const MARK = "livefeed";

export function sealed<T>(message: T): { readonly [MARK]: T } {
  return { [MARK]: message };
}

/** Return a widget's message, or null when the data is none. */
export function heardFromWidget(data: unknown): FromWidget | null {
  const said = unsealed(data);
  switch (said?.["op"]) {
    case "ready":
      return { op: "ready" };
    case "follow":
      return isWanted(said["topics"]) ? { op: "follow", topics: said["topics"] } : null;
    case "height":
      return typeof said["height"] === "number" && Number.isFinite(said["height"])
        ? { op: "height", height: said["height"] }
        : null;
    default:
      return null;
  }
}

/** Return the page's message, or null when the data is none. */
export function heardFromPage(data: unknown): ToWidget | null {
  const said = unsealed(data);
  switch (said?.["op"]) {
    case "told": {
      const told = said["told"] as Partial<Told> | null;
      return typeof told?.topic === "string" && typeof told.type === "string"
        ? { op: "told", told: told as Told }
        : null;
    }
    case "standing":
      return { op: "standing", live: said["live"] === true };
    case "look":
      return typeof said["hash"] === "string" ? { op: "look", hash: said["hash"] } : null;
    case "alone":
      return { op: "alone" };
    default:
      return null;
  }
}

function unsealed(data: unknown): Record<string, unknown> | null {
  const inside = typeof data === "object" && data !== null ? (data as Record<string, unknown>)[MARK] : null;
  return typeof inside === "object" ? (inside as Record<string, unknown> | null) : null;
}

/** A widget follows its feed and the picture being painted. */
const MOST_TOPICS = 4;

function isWanted(value: unknown): value is Wanted {
  if (typeof value !== "object" || value === null) return false;
  const pairs = Object.entries(value);
  return (
    pairs.length <= MOST_TOPICS &&
    pairs.every(
      ([topic, since]) =>
        /^(feed:\S{1,128}|generation:\w{1,64})$/.test(topic) &&
        typeof since === "string" &&
        /^(\d{1,16}-\d{1,16})?$/.test(since),
    )
  );
}
