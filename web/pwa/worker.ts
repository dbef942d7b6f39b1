/**
 * The service worker: opens the page when there is no network, and shows what was pushed.
 *
 * A new version takes over at once, and nobody notices: pages come from the network first, so the next navigation has
 * the new one, and what an open page still needs of the old one stays for as long.
 */

import { localeFor } from "../words/languages";
import { remembered } from "./language";
import { subscribed } from "./push";
import { cacheName, isAway, outdated, shellOf, wayOf } from "./shell";
import { pushedFrom, shown } from "./words";

/** The parts of lib.webworker that are needed here; that library and the page's cannot be had at once. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Pushing extends Lasting {
  readonly data: { text(): string } | null;
}
interface Clicked extends Lasting {
  readonly notification: Notification;
}
interface Window {
  readonly url: string;
  readonly focused: boolean;
  focus(): Promise<Window>;
  navigate(url: string): Promise<Window | null>;
  postMessage(message: unknown, transfer: readonly Transferable[]): void;
}
interface Worker {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Window[]>;
    openWindow(url: string): Promise<Window | null>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(name: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(name: "push", listener: (event: Pushing) => void): void;
  addEventListener(name: "notificationclick", listener: (event: Clicked) => void): void;
  addEventListener(name: "pushsubscriptionchange", listener: (event: Lasting) => void): void;
}

declare const __VERSION__: string;
declare const __KEPT__: readonly string[];
const worker = self as unknown as Worker;
const SHELL = "/";
/** A network that says nothing for so long is as good as none. */
const PATIENCE_MS = 8_000;
const ANSWER_MS = 600;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(tidy()));
worker.addEventListener("fetch", (event) => {
  const way = wayOf(event.request);
  if (way === "asset") event.respondWith(asset(event.request));
  if (way !== "page") return;
  const answer = page(event.request);
  event.respondWith(answer);
  event.waitUntil(answer.then(keep, () => undefined));
});
worker.addEventListener("push", (event) => event.waitUntil(tell(event.data?.text() ?? "")));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open((event.notification.data as { path?: string } | null)?.path ?? "/"));
});
worker.addEventListener("pushsubscriptionchange", (event) =>
  event.waitUntil(subscribed(worker.registration)),
);

async function install(): Promise<void> {
  await keep();
  await worker.skipWaiting();
}

/** Keep the page's files, unless they are here. The shell comes last: where it is, all is. */
async function keep(): Promise<void> {
  if (await shell()) return;
  try {
    const cache = await caches.open(cacheName(__VERSION__));
    await cache.addAll(__KEPT__);
    await cache.put(SHELL, await freshShell());
  } catch {
    // No network, or no room: the next page that is opened tries again.
  }
}

/** As nobody in particular sees it, without credentials, but in the language that was chosen. */
async function freshShell(): Promise<Response> {
  const language = await remembered();
  const headers = language ? { "Accept-Language": language } : undefined;
  const answer = await fetch(SHELL, { cache: "reload", credentials: "omit", ...(headers && { headers }) });
  if (!answer.ok) throw new Error(`the page is away: ${answer.status}`);
  const kept = new Headers(answer.headers);
  // It is kept as text.
  for (const name of ["content-encoding", "content-length"]) kept.delete(name);
  return new Response(shellOf(await answer.text()), { headers: kept });
}

async function tidy(): Promise<void> {
  const gone = outdated(await caches.keys(), __VERSION__);
  await Promise.all(gone.map((name) => caches.delete(name)));
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function page(request: Request): Promise<Response> {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    return isAway(answer.status) ? ((await shell()) ?? answer) : answer;
  } catch (error) {
    const kept = await shell();
    if (kept) return kept;
    throw error;
  } finally {
    clearTimeout(patience);
  }
}

async function shell(): Promise<Response | undefined> {
  const cache = await caches.open(cacheName(__VERSION__));
  return cache.match(SHELL, { ignoreVary: true });
}

async function tell(text: string): Promise<void> {
  const pushed = pushedFrom(text);
  if (!pushed) return;
  const language = await remembered();
  const { title, body } = shown(pushed, language, localeFor(language, navigator.languages));
  const options: NotificationOptions & { image?: string; timestamp?: number } = {
    body,
    dir: "auto",
    icon: "/icon-192.png",
    badge: "/badge-96.png",
    // The same thing told twice is shown once.
    tag: pushed.id,
    data: { path: pushed.path },
    timestamp: pushed.time,
    ...(pushed.image ? { image: pushed.image } : {}),
  };
  await worker.registration.showNotification(title, options);
}

/** A page of ours that is open goes there; else a new one is opened. */
async function open(path: string): Promise<void> {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const ours = windows.filter(({ url }) => wayOf({ url, method: "GET", mode: "navigate" }) === "page");
  const window = ours.find(({ focused }) => focused) ?? ours[0];
  if (!window) {
    await worker.clients.openWindow(path);
    return;
  }
  const shown = await window.focus().catch(() => window);
  if (!(await isHeard(shown, path))) await shown.navigate(path).catch(() => worker.clients.openWindow(path));
}

/** Ask a page to go there by itself, which keeps what is on it; one that is still loading does not answer. */
function isHeard(window: Window, path: string): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => resolve(true);
    setTimeout(() => resolve(false), ANSWER_MS);
    window.postMessage({ livefeed: { op: "open", path } }, [port2]);
  });
}
