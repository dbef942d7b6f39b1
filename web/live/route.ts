import type { Topic } from "./protocol";
import { isTag, normalTag } from "./words";

/** What a profile shows under its head; the last two to oneself only. */
export const TABS = ["pictures", "remixes", "rooms", "liked"] as const;
export type Tab = (typeof TABS)[number];

/** What an address of the page shows. */
export type Route =
  | { readonly kind: "feed"; readonly name: "all" | "following" }
  | { readonly kind: "tag"; readonly tag: string }
  | { readonly kind: "person"; readonly handle: string; readonly tab: Tab }
  | { readonly kind: "post"; readonly id: string }
  /** What only whoever asked for it sees: a generation's id. */
  | { readonly kind: "picture"; readonly id: string }
  /** q: what is searched for, "" before anything is typed. */
  | { readonly kind: "search"; readonly q: string }
  | { readonly kind: "news" }
  | { readonly kind: "settings" }
  /** invite: the token that lets in who has it. */
  | { readonly kind: "room"; readonly id: string; readonly invite: string | null }
  | { readonly kind: "nowhere" };

/** search: what follows the path, from "?" on. */
export function routeOf(pathname: string, search = ""): Route {
  const [first = "", second, ...rest] = pathname
    .replace(/^\/|\/$/g, "")
    .split("/")
    .map(decoded);
  if (rest.length) return { kind: "nowhere" };
  if (first === "" && second === undefined) return { kind: "feed", name: "all" };
  if (second === undefined) {
    if (first === "following") return { kind: "feed", name: "following" };
    if (first === "search") return { kind: "search", q: (new URLSearchParams(search).get("q") ?? "").trim() };
    if (first === "news" || first === "settings") return { kind: first };
  }
  if (first.startsWith("@")) {
    const tab = TABS.find((name) => name === (second ?? "pictures"));
    // The first tab has no name of its own.
    return tab && first.length > 1 && second !== "pictures"
      ? { kind: "person", handle: first.slice(1), tab }
      : { kind: "nowhere" };
  }
  if (first === "tag" && second) {
    const tag = normalTag(second);
    return isTag(tag) ? { kind: "tag", tag } : { kind: "nowhere" };
  }
  if ((first === "post" || first === "picture") && second) return { kind: first, id: second };
  if (first === "room" && second)
    return { kind: "room", id: second, invite: new URLSearchParams(search).get("invite") };
  return { kind: "nowhere" };
}

/** What an address of ours shows: path and query in one. */
export function routeAt(address: string): Route {
  const [path = "", query] = address.split("?");
  return routeOf(path, query === undefined ? "" : `?${query}`);
}

export function pathOfSearch(q: string): string {
  return q ? `/search?${new URLSearchParams({ q })}` : "/search";
}

export function pathOfPost(id: string): string {
  return `/post/${encodeURIComponent(id)}`;
}

export function pathOfPicture(generation: string): string {
  return `/picture/${encodeURIComponent(generation)}`;
}

export function pathOfRoom(id: string): string {
  return `/room/${encodeURIComponent(id)}`;
}

export function pathOfTag(tag: string): string {
  return `/tag/${encodeURIComponent(tag)}`;
}

export function pathOfPerson(handle: string, tab: Tab = "pictures"): string {
  return `/@${encodeURIComponent(handle)}${tab === "pictures" ? "" : `/${tab}`}`;
}

/** Whether a tab is shown to nobody but the person themselves. */
export function isPrivate(tab: Tab): boolean {
  return tab === "rooms" || tab === "liked";
}

/**
 * The topic of a feed route; a person's needs the id, which only the server knows. A search is none: nobody follows it.
 *
 * me: my own id; what only I am shown has no topic on somebody else's profile.
 */
export function topicOfRoute(route: Route, userId: string | null, me: string | null = null): Topic | null {
  switch (route.kind) {
    case "feed":
      return `feed:${route.name}`;
    case "search":
      return route.q ? `search:${route.q}` : null;
    case "tag":
      return `feed:tag:${route.tag}`;
    case "person":
      return userId && topicOfTab(route.tab, userId, me);
    default:
      return null;
  }
}

function topicOfTab(tab: Tab, user: string, me: string | null): Topic | null {
  switch (tab) {
    case "pictures":
      return `feed:user:${user}`;
    case "remixes":
      return `feed:remixes:${user}`;
    case "rooms":
      return null;
    case "liked":
      return user === me ? "feed:liked" : null;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
