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

/** What a page needs besides the wall is fetched with it. */
export async function partsOf(route: Route): Promise<void> {
  switch (route.kind) {
    case "person":
      await import("../components/profile-page");
      break;
    case "news":
      await import("../components/news-page");
      break;
    case "settings":
      await Promise.all([import("../components/settings-page"), import("../pwa/push-switch")]);
      break;
    case "search":
      await import("../components/search-page");
      break;
    case "feed":
      if (route.name === "following") await import("../components/people-row");
  }
}
