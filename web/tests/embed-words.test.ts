import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { embedCode } from "../embed/code";
import { Speech, type Words } from "../embed/words";

const folder = new URL("../embed/words/", import.meta.url);
const languages = readdirSync(folder).map((name) => name.replace(".json", ""));
const wordsOf = (language: string): Words =>
  JSON.parse(readFileSync(new URL(`${language}.json`, folder), "utf8")) as Words;
const english = wordsOf("en");
const named = (text: string): readonly string[] =>
  [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test("the widget speaks six languages", () => {
  expect(languages.sort()).toEqual(["ar", "de", "en", "es", "fr", "it"]);
});

describe.each(languages)("in %s", (language) => {
  const words = wordsOf(language);

  test("every sentence is there, with the values that are put into it", () => {
    expect(Object.keys(words)).toEqual(Object.keys(english));
    for (const [name, said] of Object.entries(words)) {
      const there = english[name]!;
      expect(typeof said).toBe(typeof there);
      if (typeof said === "string" && typeof there === "string") expect(named(said)).toEqual(named(there));
    }
  });

  test("every number has a form, and none of another language's", () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const said of Object.values(words)) {
      if (typeof said !== "string") expect(Object.keys(said).sort()).toEqual([...pluralCategories].sort());
    }
    const speech = new Speech(words, language);
    for (const n of [0, 1, 2, 3, 11, 100, 1_000_000]) {
      expect(speech.many("newPictures", n)).not.toMatch(/[{}]|undefined/);
    }
  });

  test("times are said in it", () => {
    const speech = new Speech(words, language);
    const now = Date.UTC(2026, 10, 22, 12);
    const said = [5, 240, 3 * 3600, 30 * 3600, 60 * 86_400].map((s) => speech.ago(now - s * 1000, now));
    expect(new Set(said).size).toBe(5);
    if (language === "fr") expect(said.slice(1, 3).join()).toMatch(/^4\smin,3\sh$/);
    if (language !== "en") expect(said[3]).not.toBe("yesterday");
  });
});

test("a share sheet gets the code of a feed", () => {
  expect(embedCode("tag:füchse", undefined, "https://live.example")).toContain(
    '<live-feed src="https://live.example/embed/tag:f%C3%BCchse" height="560">',
  );
  const person = embedCode("user:01m8", "slow-heron", "https://live.example");
  expect(person).toContain('<a href="https://live.example/@slow-heron">@slow-heron, live on livefeed</a>');
  expect(embedCode("all", undefined, "https://live.example")).toContain('href="https://live.example/"');
});
