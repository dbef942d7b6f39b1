/** What the service worker does with a request: decided here, carried out in worker.ts. */

export type Way = "asset" | "page" | "none";

const PREFIX = "livefeed-";
/** Addresses that are not the app's page, though a browser may be sent to them. */
const OTHERS = /^\/(api|media|embed|og|sse|ws)(\/|$)|^\/(embed\.js|oembed|healthz|readyz|metrics|sw\.js)$/;

/**
 * An asset's name holds its hash, so whoever has it need not ask. A page is asked for, and kept only as a shell for when
 * nobody answers. All else, commands and answers with somebody's credentials above all, is not touched.
 */
export function wayOf(request: {
  readonly url: string;
  readonly method: string;
  readonly mode: string;
}): Way {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return "none";
  if (pathname.startsWith("/assets/")) return "asset";
  if (request.mode !== "navigate" || OTHERS.test(pathname)) return "none";
  // A file has a dot in its last part; a handle may have one too.
  return pathname.startsWith("/@") || !/\.[^/]*$/.test(pathname) ? "page" : "none";
}

export function cacheName(version: string): string {
  return PREFIX + version;
}

/**
 * Return which of our caches go: all but the newest two. A page that is open still needs the parts that it was built
 * with. names: in the order in which they were made.
 */
export function outdated(names: readonly string[], version: string): readonly string[] {
  const ours = names.filter((name) => name.startsWith(PREFIX) && name !== cacheName(version));
  return ours.slice(0, -1);
}

/** Return a page as it is kept: without what was to be asked for ahead, which the next one that is opened need not ask. */
export function shellOf(page: string): string {
  return page.replace(/<link\b[^>]*\bas="fetch"[^>]*>/g, "");
}

/** A server that is being replaced answers with these, or its proxy does: the shell says it better. */
export function isAway(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}
