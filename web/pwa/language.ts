/** Which language the page speaks, kept where the service worker can read it: it has no storage of the page's. */

import { isLanguage, languageFor, type Language } from "../words/languages";

/** Not one of those that a new version of the page clears away. */
const CACHE = "language";
const KEY = "/language";

/** Tell the service worker. */
export async function remember(language: string): Promise<void> {
  await (await caches.open(CACHE)).put(KEY, new Response(language));
}

/** Return what the page spoke last, else what the browser asks for. */
export async function remembered(): Promise<Language> {
  const kept = await (await (await caches.open(CACHE)).match(KEY))?.text();
  const language = languageFor(kept ?? null, navigator.languages);
  return isLanguage(language) ? language : "en";
}
