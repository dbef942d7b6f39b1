/** Push notifications of this browser: whether it gets them, and turning that on and off. */

import { remember } from "./language";
import { problemFrom } from "../live/problem";

export type Standing = "unsupported" | "denied" | "off" | "on";

const ADDRESS = "/api/push";
/** On a first visit the worker comes when all else is there; who is here earlier waits for it so long. */
const WORKER_MS = 20_000;

/** Whether this browser gets them; "unsupported" where it cannot, or the server sends none. */
export async function standing(): Promise<Standing> {
  const registration = await registered();
  if (!registration) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const subscription = await registration.pushManager.getSubscription();
  return subscription && Notification.permission === "granted" ? "on" : "off";
}

/** Ask the person, subscribe, and tell the server. language: of what is told. Must be called from a click. Throws Problem, or a DOMException of the browser's. */
export async function turnOn(language: string): Promise<Standing> {
  const registration = await registered();
  if (!registration) return "unsupported";
  if ((await Notification.requestPermission()) !== "granted") return standing();
  await remember(language);
  await subscribed(registration);
  return standing();
}

/** Let go of it here and on the server. */
export async function turnOff(): Promise<Standing> {
  const registration = await registered();
  const subscription = await registration?.pushManager.getSubscription();
  if (subscription) {
    const device = await deviceOf(subscription.endpoint);
    // First here: whatever becomes of the request, nothing more is shown.
    await subscription.unsubscribe();
    await send("DELETE", `${ADDRESS}?device=${device}`);
  }
  return standing();
}

/** Tell the server again, and the worker what the page speaks, as at each start of it: the server forgets browsers that it has not heard of for long. */
export async function renewed(registration: ServiceWorkerRegistration, language: string): Promise<void> {
  if (Notification.permission !== "granted") return;
  await remember(language);
  if (await registration.pushManager.getSubscription()) await subscribed(registration);
}

/** Return what the server calls this browser: half of its address's SHA-256, in hexadecimal. */
export async function deviceOf(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(digest).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Decode base64url, as keys are written. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function registered(): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in navigator) || !("PushManager" in globalThis) || !("Notification" in globalThis)) {
    return null;
  }
  const known = await navigator.serviceWorker.getRegistration();
  if (known || !import.meta.env.PROD) return known ?? null;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), WORKER_MS));
  return Promise.race([navigator.serviceWorker.ready, late]);
}

/** Subscribe with the server's key, unless we are, and tell the server of it. */
export async function subscribed(registration: ServiceWorkerRegistration): Promise<void> {
  const { key } = (await (await send("GET", ADDRESS)).json()) as { key: string };
  const wanted = bytesOf(key);
  let subscription = await registration.pushManager.getSubscription();
  if (subscription && !same(subscription.options.applicationServerKey, wanted)) {
    // Of a server that had another key: nothing that ours sends would be taken.
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: wanted,
  });
  const { endpoint, keys } = subscription.toJSON();
  await send("PUT", ADDRESS, { endpoint, keys });
}

function same(one: ArrayBuffer | null, other: Uint8Array): boolean {
  if (!one) return false;
  const bytes = new Uint8Array(one);
  return bytes.length === other.length && bytes.every((byte, index) => byte === other[index]);
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const answer = await fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  if (!answer.ok) throw problemFrom(answer.status, await answer.text().catch(() => ""));
  return answer;
}
