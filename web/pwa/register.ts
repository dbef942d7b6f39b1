/** Registers the service worker when the page has settled, and hears from it. */

import { spoken } from "../words/words";

const WORKER = "/sw.js";

export function register(afterMs: number): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", ({ data, ports }) => {
    const said = (data as { livefeed?: { op?: unknown; path?: unknown } } | null)?.livefeed;
    if (said?.op !== "open" || typeof said.path !== "string") return;
    ports[0]?.postMessage(true);
    open(said.path);
  });
  setTimeout(() => void begin(), afterMs);
}

async function begin(): Promise<void> {
  if (!navigator.onLine) {
    addEventListener("online", () => void begin(), { once: true });
    return;
  }
  try {
    const registration = await navigator.serviceWorker.register(WORKER, { updateViaCache: "none" });
    if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
    // Whoever subscribed has had a worker, which keeps this part of the page.
    const { renewed } = await import("./push");
    await renewed(registration, spoken());
  } catch (error) {
    // A private window, a full disk, a server that is away: the page does without, and asks again the next time.
    console.info("livefeed: no service worker:", error);
  }
}

/** Go there as a click on a link does. */
function open(path: string): void {
  const link = document.createElement("a");
  link.href = path;
  document.body.append(link);
  link.click();
  link.remove();
}
