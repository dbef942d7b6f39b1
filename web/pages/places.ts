import type { Route } from "../live/route";
import { say } from "../words/words";

/** Return what the window of a page is called. */
export function titleOfWall(route: Route): string {
  if (route.kind === "person") {
    const wall = route.tab === "pictures" ? "" : `${say(`profile.${route.tab}`)} · `;
    return `${wall}${route.handle} · livefeed`;
  }
  const heading = headingOf(route);
  return heading === say("app.all") ? "livefeed" : `${heading} · livefeed`;
}

/** Return the heading of a page. */
export function headingOf(route: Route): string {
  switch (route.kind) {
    case "tag":
      return `#${route.tag}`;
    case "search":
      return route.q || say("nav.find");
    case "news":
      return say("nav.news");
    case "settings":
      return say("nav.settings");
    case "feed":
      return route.name === "following" ? say("nav.following") : say("app.all");
    default:
      return say("app.all");
  }
}

/** What a page needs besides the wall is fetched with it. Return whether it came: what does not is told elsewhere. */
export async function partsOf(route: Route): Promise<boolean> {
  switch (route.kind) {
    case "person":
      return came(import("../components/profile-page"));
    case "news":
      return came(import("../components/news-page"));
    case "picture":
      return came(import("../components/own-picture"));
    case "settings":
      return came(import("../components/settings-page"), import("../pwa/push-switch"));
    case "search":
      return came(import("../components/search-page"));
    case "feed":
      // Without them the wall hangs all the same.
      if (route.name === "following") void came(import("../components/people-row"));
      return true;
    default:
      return true;
  }
}

async function came(...parts: readonly Promise<unknown>[]): Promise<boolean> {
  return (await Promise.allSettled(parts)).every(({ status }) => status === "fulfilled");
}
