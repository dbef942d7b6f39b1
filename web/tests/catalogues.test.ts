import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Message, Translation } from "../words/catalogue";
import arabic from "../words/ar/page";
import german from "../words/de/page";
import { LANGUAGES } from "../words/languages";
import { marked } from "../words/pseudo/marks";
import { SAID } from "../words/said";

type Catalogue = Readonly<Record<string, Message>>;

const FILES = import.meta.glob<Catalogue>("../words/{en,fr,it,de,es,ar,pseudo}/*.ts", {
  import: "default",
  eager: true,
});
const SECTIONS = readdirSync(new URL("../words/en", import.meta.url)).map((name) => name.replace(".ts", ""));
const OTHERS = LANGUAGES.map(({ id }) => id).filter((id) => id !== "en");
const EVERY = SECTIONS.flatMap((section) => OTHERS.map((language) => [language, section] as const));

function catalogue(language: string, section: string): Catalogue {
  return FILES[`../words/${language}/${section}.ts`]!;
}

function formsOf(message: Message): readonly string[] {
  return typeof message === "string" ? [message] : Object.values(message);
}

function holesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].sort();
}

/** All texts of a language, each with its key. */
function textsOf(language: string): readonly (readonly [string, string])[] {
  return SECTIONS.flatMap((section) =>
    Object.entries(catalogue(language, section)).flatMap(([key, message]) =>
      formsOf(message).map((text) => [key, text] as const),
    ),
  );
}

describe.each(EVERY)("%s, %s", (language, section) => {
  const english = catalogue("en", section);
  const own = catalogue(language, section);

  test("has the messages that English has, and no others", () => {
    expect(Object.keys(own).sort()).toEqual(Object.keys(english).sort());
  });

  test("has the same values in each message", () => {
    for (const [key, message] of Object.entries(english)) {
      const wanted = [...new Set(formsOf(message).flatMap(holesOf))].sort();
      const forms = own[key]!;
      // "one" and its like may be said without the number.
      const told = typeof forms === "string" ? forms : forms.other!;
      expect([key, holesOf(told)]).toEqual([key, wanted]);
      for (const text of formsOf(forms)) {
        const rest = wanted.filter((name) => name !== "count");
        expect([key, holesOf(text).filter((name) => name !== "count")]).toEqual([key, rest]);
      }
    }
  });

  test("has the plural forms that its language has", () => {
    const forms = [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort();
    for (const [key, message] of Object.entries(own)) {
      if (typeof message !== "string") expect([key, Object.keys(message).sort()]).toEqual([key, forms]);
    }
  });
});

test("the forms of English are those of English", () => {
  for (const section of SECTIONS)
    for (const message of Object.values(catalogue("en", section)))
      if (typeof message !== "string") expect(Object.keys(message).sort()).toEqual(["one", "other"]);
});

test("a message that is missing, or one of its forms, does not compile", () => {
  const { paint: _paint, ...unpainted } = german;
  // @ts-expect-error: without "paint" it is no catalogue
  const incomplete: Translation<"de", "page"> = unpainted;
  const { few: _few, ...fewless } = arabic.comments;
  // @ts-expect-error: Arabic counts a few otherwise than many
  const formless: Translation<"ar", "page"> = { ...arabic, comments: fewless };
  expect([incomplete, formless]).toHaveLength(2);
});

describe.each(LANGUAGES.map(({ id }) => id))("the typography of %s", (language) => {
  test.each([
    ["no space at an end, none twice", /^\s|\s$|\s\s/],
    ["no straight quotation marks or apostrophes", /['"]/],
    ["three dots are one sign", /\.\.\./],
    ["nothing is shouted", /!/],
  ])("%s", (_rule, wrong) => {
    expect(textsOf(language).filter(([, text]) => wrong.test(text))).toEqual([]);
  });
});

test("French has spaces that do not break before double signs", () => {
  const wrong = /[^\u202f\u00a0][;:?»]|«[^\u202f\u00a0]|[\u202f\u00a0][.,]/;
  expect(textsOf("fr").filter(([, text]) => wrong.test(text))).toEqual([]);
});

test("Arabic has its own signs, and no figures that are not its own beside them", () => {
  const letters = (text: string): string => text.replace(/\{\w+\}/g, "");
  expect(textsOf("ar").filter(([, text]) => /[,;?]/.test(letters(text)))).toEqual([]);
});

test("no sentence was left in English", () => {
  const english = new Map(textsOf("en"));
  for (const language of OTHERS) {
    const same = textsOf(language).filter(([key, text]) => english.get(key) === text);
    const words = (text: string): number => (text.replace(/\{\w+\}/g, "").match(/\p{L}{2,}/gu) ?? []).length;
    expect([language, same.filter(([, text]) => words(text) > 2)]).toEqual([language, []]);
  }
});

test("every sentence of the server's that is known by its words is one of the server's", () => {
  const folder = new URL("../../livefeed/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(py|lua)$/.test(name))
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  for (const [pattern] of SAID) {
    const literals = pattern.source
      .replace(/^\^|\$$/g, "")
      .split(/\(\?<\w+>[^)]*\)|(?<!\\)\.\+/)
      .map((part) => part.replace(/\\(.)/g, "$1"));
    for (const literal of literals) expect(sources).toContain(literal);
  }
});

test("the codes that are translated are those that the protocol names", () => {
  const text = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");
  const keys = SECTIONS.flatMap((section) => Object.keys(catalogue("en", section)));
  const own = ["unreachable", "page", "nobody", "unknown", "rate_limited-for"];
  const named = keys
    .filter((key) => /^(problem|loss|ended)\./.test(key))
    .map((key) => key.slice(key.indexOf(".") + 1))
    .filter((code) => !own.includes(code) && !/^(moderation_blocked|content_policy)$/.test(code));
  for (const code of named) expect(text).toContain(`\`${code}\``);
  // What a person can meet: the commands of the page go over HTTP.
  const rows = [...text.matchAll(/^\| `(\w+)` \| \d{3} \| HTTP/gm)].map(([, code]) => code);
  const programs = ["bad_topic", "method_not_allowed", "unknown_format", "illegal_transition"];
  expect(rows.filter((code) => !keys.includes(`problem.${code}`) && !programs.includes(code!))).toEqual([]);
});

test("every message is said somewhere", () => {
  const sources = ["components", "embed", "live", "pages", "pwa", "words"].flatMap((folder) => {
    const url = new URL(`../${folder}/`, import.meta.url);
    const names = readdirSync(url).filter((name) => name.endsWith(".ts"));
    return names.map((name) => readFileSync(new URL(name, url), "utf8"));
  });
  // The server says what stands in the HTML, and names it without the section.
  const server = ["heads", "front"].map((name) =>
    readFileSync(new URL(`../../livefeed/api/${name}.py`, import.meta.url), "utf8").replace(
      /(?<=(?:say|sentences\[language\])\(["'])([\w-]+)["']/g,
      'head.$1" "head.$1"',
    ),
  );
  const text = [...sources, ...server].join("\n");
  // Some are named by what they stand for: `loss.${code}`.
  const named = [...text.matchAll(/[`"]([\w.-]+)\$\{/g)].map(([, start]) => start!);
  const keys = SECTIONS.flatMap((section) => Object.keys(catalogue("en", section)));
  const said = (key: string): boolean =>
    [`"${key}"`, `\`${key}\``].some((quoted) => text.includes(quoted)) ||
    named.some((start) => key.startsWith(start));
  expect(keys.filter((key) => !said(key))).toEqual([]);
});

test("the marks of the pseudo-language are around every message, and its values stay", () => {
  expect(marked({ a: "Step {step} of {steps}", b: { one: "{count} here", other: "{count} here" } })).toEqual({
    a: "⟦Šţép {step} öf {steps}~~~~~~~~⟧",
    b: { one: "⟦{count} ĥéŕé~~~~⟧", other: "⟦{count} ĥéŕé~~~~⟧" },
  });
});
