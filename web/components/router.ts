import { routeAt, routeOf, type Route } from "../live/route";

interface Entry {
  /** The feed's address under a post that was opened from it. */
  readonly under: string | null;
  readonly scroll: number;
}

/** The History API: a post opens over the feed it was found in, and "back" finds the feed where it was left. */
export class Router {
  readonly #listeners = new Set<() => void>();
  route: Route;
  /** The feed under an opened post, null when the post's address was the first one. */
  under: Route | null = null;

  constructor() {
    history.scrollRestoration = "manual";
    this.route = routeOf(location.pathname, location.search);
    const entry = history.state as Entry | null;
    this.under = entry?.under ? routeAt(entry.under) : null;
    addEventListener("popstate", () => this.#arrive(true));
    document.addEventListener("click", (event) => this.#click(event));
  }

  go(path: string): void {
    if (path === location.pathname + location.search) return;
    this.#keepScroll();
    const next = routeAt(path);
    const under = next.kind === "post" ? this.#underneath() : null;
    history.pushState({ under, scroll: 0 } satisfies Entry, "", path);
    this.#arrive(false);
  }

  /** Change the address without a new entry: walking from post to post. */
  replace(path: string): void {
    history.replaceState(history.state, "", path);
    this.#arrive(false);
  }

  /** Leave a post: back to where it was opened, or to the feed. */
  leavePost(): void {
    if (this.under) history.back();
    else this.go("/");
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #underneath(): string {
    const entry = history.state as Entry | null;
    if (this.route.kind === "room") return "/";
    return this.route.kind === "post" ? (entry?.under ?? "/") : location.pathname + location.search;
  }

  #keepScroll(): void {
    const entry = history.state as Entry | null;
    history.replaceState({ under: entry?.under ?? null, scroll: scrollY } satisfies Entry, "");
  }

  #arrive(back: boolean): void {
    const entry = history.state as Entry | null;
    const wasOver = this.under !== null && this.route.kind === "post";
    const from = this.route;
    this.route = routeOf(location.pathname, location.search);
    this.under = this.route.kind === "post" && entry?.under ? routeAt(entry.under) : null;
    for (const listener of this.#listeners) listener();
    if (this.route.kind === "post" || wasOver) return;
    // Under the head of a profile another wall is hung; the head stays where it is.
    if (!back && isSameProfile(from, this.route)) return;
    requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, back ? (entry?.scroll ?? 0) : 0)));
  }

  /** Plain clicks on our own links stay in the page. */
  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return;
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (routeOf(link.pathname).kind === "nowhere") return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

function isSameProfile(one: Route, other: Route): boolean {
  return one.kind === "person" && other.kind === "person" && one.handle === other.handle;
}
