/** The reader's language: chosen or the browser's, told to the document, its catalogue fetched. */

import type { Message, Section } from "./catalogue";
import {
  directionOf,
  isLanguage,
  languageFor,
  localeFor,
  PSEUDO,
  type Language,
  type Spoken,
} from "./languages";
import { learn, speak, spoken } from "./words";

const STORED = "livefeed.language";

type Catalogue = Readonly<Record<string, Message>>;

/** Where each section is fetched from; each is a file of its own. */
const FILES = import.meta.glob<Catalogue>("./{en,fr,it,de,es,ar,pseudo}/*.ts", { import: "default" });

const needed = new Set<Section>();
/** Which change of the language is the latest: an earlier one may be fetched later. */
let latest = 0;

/** Load what a page says first, in the reader's language, and tell the document. To be awaited before anything is drawn. */
export async function begin(first: Section): Promise<void> {
  needed.add(first);
  addEventListener("storage", ({ key }) => {
    if (key === STORED || key === null) void follow();
  });
  await follow();
}

/** Load a section too. To be awaited by what is drawn with it. */
export async function need(section: Section): Promise<void> {
  if (needed.has(section)) return;
  const language = spoken();
  const messages = await fetched(language, section);
  needed.add(section);
  // Meanwhile another language may have been chosen.
  if (language === spoken()) learn(messages);
  else await follow();
}

/** What the reader chose, null for the browser's own. */
export function chosenLanguage(): Language | null {
  const chosen = stored();
  return isLanguage(chosen) ? chosen : null;
}

/** Speak this language from now on, in every tab; null for the browser's own. */
export async function chooseLanguage(language: Language | null): Promise<void> {
  try {
    if (language) localStorage.setItem(STORED, language);
    else localStorage.removeItem(STORED);
  } catch {
    // Storage may be forbidden: then the choice lasts until the page is closed.
  }
  await change(language ?? languageFor(null, navigator.languages));
}

async function follow(): Promise<void> {
  await change(languageFor(stored(), navigator.languages));
}

async function change(language: Spoken): Promise<void> {
  const turn = ++latest;
  const sections = await Promise.all([...needed].map((section) => fetched(language, section)));
  if (turn !== latest) return;
  const root = document.documentElement;
  root.lang = language === PSEUDO ? "en" : language;
  root.dir = directionOf(language);
  speak(language, localeFor(language, navigator.languages), sections);
  root.dataset["spoken"] = language;
}

/** A catalogue that cannot be had is read in English: better than nothing, and usually there already. */
async function fetched(language: Spoken, section: Section): Promise<Catalogue> {
  try {
    return await FILES[`./${language}/${section}.ts`]!();
  } catch (error) {
    if (language === "en") throw error;
    return fetched("en", section);
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null; // Storage may be forbidden.
  }
}
