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
/** What the server knows the choice by, so that the page comes in that language. */
const COOKIE = "livefeed_language";
const COOKIE_AGE_S = 31_536_000;
/** The words that came with the page, and their language; null where it came without. */
const WORDS = document.getElementById("words");
const ENCLOSED = WORDS && document.documentElement.lang;

type Catalogue = Readonly<Record<string, Message>>;

/** Where each section is fetched from; each is a file of its own. */
const FILES = import.meta.glob<Catalogue>("./{en,fr,it,de,es,ar,pseudo}/{page,more,room,embed,push}.ts", {
  import: "default",
});

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
  // The page came in another language than the reader's: the server is told, for the next time.
  if (ENCLOSED && spoken() !== ENCLOSED) tell(chosenLanguage());
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
    tell(language);
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
  let sections: readonly Catalogue[];
  // Another section may come to be needed while these are on their way.
  do {
    sections = await Promise.all([...needed].map((section) => fetched(language, section)));
    if (turn !== latest) return;
  } while (sections.length < needed.size);
  const root = document.documentElement;
  root.lang = language === PSEUDO ? "en" : language;
  root.dir = directionOf(language);
  speak(language, localeFor(language, navigator.languages), sections);
  root.dataset["spoken"] = language;
}

/** What came with the page: the words that it says first, in the language that the server took to be the reader's. */
function enclosed(language: Spoken, section: Section): Catalogue | null {
  if (section !== "page" || language !== ENCLOSED) return null;
  return JSON.parse(WORDS!.textContent) as Catalogue;
}

/** Tell the server what was chosen; null: nothing. */
function tell(language: Language | null): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const age = language ? COOKIE_AGE_S : 0;
  document.cookie = `${COOKIE}=${language ?? ""}; path=/; max-age=${age}; samesite=lax${secure}`;
}

/** A catalogue that cannot be had is read in English: better than nothing, and usually there already. */
async function fetched(language: Spoken, section: Section): Promise<Catalogue> {
  const known = enclosed(language, section);
  if (known) return known;
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
