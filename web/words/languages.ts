/** The languages of the page, and which of them a reader gets. No document and no storage is touched here. */

export const LANGUAGES = [
  { id: "en", name: "English", direction: "ltr", locale: "en-GB" },
  { id: "fr", name: "Français", direction: "ltr", locale: "fr" },
  { id: "it", name: "Italiano", direction: "ltr", locale: "it" },
  { id: "de", name: "Deutsch", direction: "ltr", locale: "de" },
  { id: "es", name: "Español", direction: "ltr", locale: "es" },
  // Without a region the figures of Arabic are those of its east.
  { id: "ar", name: "العربية", direction: "rtl", locale: "ar-u-nu-arab" },
] as const;

export type Language = (typeof LANGUAGES)[number]["id"];

/** Every message in marks, to see what is not translated: chosen by hand, never offered. See docs/languages.md. */
export const PSEUDO = "pseudo";

export type Spoken = Language | typeof PSEUDO;

export function isLanguage(text: unknown): text is Language {
  return LANGUAGES.some(({ id }) => id === text);
}

/** Return what a reader gets: what they chose, else the first language of their browser that is ours, else English. */
export function languageFor(chosen: string | null, preferred: readonly string[]): Spoken {
  if (isLanguage(chosen) || chosen === PSEUDO) return chosen;
  return preferred.map(baseOf).find(isLanguage) ?? "en";
}

/** Return the locale of figures and dates: the reader's own region where it speaks the language, else the usual one. */
export function localeFor(language: Spoken, preferred: readonly string[]): string {
  const own = preferred.find((tag) => tag.includes("-") && baseOf(tag) === language);
  if (own !== undefined && isTag(own)) return own;
  return LANGUAGES.find(({ id }) => id === language)?.locale ?? "en-GB";
}

export function directionOf(language: Spoken): "ltr" | "rtl" {
  return LANGUAGES.find(({ id }) => id === language)?.direction ?? "ltr";
}

/** "fr-CA" is of "fr". */
function baseOf(tag: string): string {
  return tag.split("-")[0]!.toLowerCase();
}

/** Whether it is well formed: a region that nobody knows is passed over by whatever writes a figure or a date. */
function isTag(text: string): boolean {
  try {
    return new Intl.Locale(text).baseName !== "";
  } catch {
    return false;
  }
}
