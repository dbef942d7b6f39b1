import type { Topic } from "./protocol";
import { normalTag } from "./words";

/** What an address of the page shows. */
export type Route =
  | { readonly kind: "feed"; readonly name: "all" | "following" }
  | { readonly kind: "tag"; readonly tag: string }
  | { readonly kind: "person"; readonly handle: string }
  | { readonly kind: "post"; readonly id: string }
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
  if (rest.length || (second !== undefined && first.startsWith("@"))) return { kind: "nowhere" };
  if (first === "" && second === undefined) return { kind: "feed", name: "all" };
  if (second === undefined) {
    if (first === "following") return { kind: "feed", name: "following" };
    if (first === "search") return { kind: "search", q: (new URLSearchParams(search).get("q") ?? "").trim() };
    if (first === "news" || first === "settings") return { kind: first };
  }
  if (first.startsWith("@") && first.length > 1) return { kind: "person", handle: first.slice(1) };
  if (first === "tag" && second) return { kind: "tag", tag: normalTag(second) };
  if (first === "post" && second) return { kind: "post", id: second };
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

export function pathOfRoom(id: string): string {
  return `/room/${encodeURIComponent(id)}`;
}

export function pathOfTag(tag: string): string {
  return `/tag/${encodeURIComponent(tag)}`;
}

export function pathOfPerson(handle: string): string {
  return `/@${encodeURIComponent(handle)}`;
}

/** The topic of a feed route; a person's needs the id, which only the server knows. A search is none: nobody follows it. */
export function topicOfRoute(route: Route, userId: string | null): Topic | null {
  switch (route.kind) {
    case "feed":
      return `feed:${route.name}`;
    case "search":
      return route.q ? `search:${route.q}` : null;
    case "tag":
      return `feed:tag:${route.tag}`;
    case "person":
      return userId ? `feed:user:${userId}` : null;
    default:
      return null;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
