import type { Plugin } from "vite";
import arHead from "./ar/head.ts";
import arPage from "./ar/page.ts";
import deHead from "./de/head.ts";
import dePage from "./de/page.ts";
import enHead from "./en/head.ts";
import enPage from "./en/page.ts";
import esHead from "./es/head.ts";
import esPage from "./es/page.ts";
import frHead from "./fr/head.ts";
import frPage from "./fr/page.ts";
import itHead from "./it/head.ts";
import itPage from "./it/page.ts";
import type { Language } from "./languages.ts";

const SAID = {
  en: { head: enHead, page: enPage },
  fr: { head: frHead, page: frPage },
  it: { head: itHead, page: itPage },
  de: { head: deHead, page: dePage },
  es: { head: esHead, page: esPage },
  ar: { head: arHead, page: arPage },
} satisfies Record<Language, object>;

/** Builds what the server writes into the page's HTML, in the reader's language: its head, and the words that it says first. */
export const words: Plugin = {
  name: "words",
  apply: "build",
  generateBundle() {
    for (const [language, said] of Object.entries(SAID))
      this.emitFile({ type: "asset", fileName: `words/${language}.json`, source: written(said) });
  },
};

/** As JSON, without the plural forms that read as the last one: whoever looks for such a form finds that one. */
export function written(said: object): string {
  return JSON.stringify(said, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !("other" in value)) return value;
    return Object.fromEntries(
      Object.entries(value).filter(([form, words]) => form === "other" || words !== value.other),
    );
  });
}
