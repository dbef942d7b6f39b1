import { endSentence } from "../live/job-words";
import { afterEach, describe, expect, test } from "vitest";
import { Problem, problemFrom } from "../live/problem";
import { jobWords } from "../live/job-words";
import { writing } from "../live/words";
import type { Message } from "../words/catalogue";
import { about, ago, clock, joined, listed, percentage } from "../words/figures";
import { directionOf, languageFor, LANGUAGES, localeFor, type Language } from "../words/languages";
import { interpreted } from "../words/problems";
import { written } from "../words/build";
import { recognised } from "../words/said";
import { midSentence, onSpeech, say, sayIfKnown, speak, spoken, woven } from "../words/words";
import { fold } from "../live/fold";
import { EMPTY } from "../live/state";
import { generation } from "./made";

const FILES = import.meta.glob<Readonly<Record<string, Message>>>("../words/{en,fr,it,de,es,ar}/*.ts", {
  import: "default",
  eager: true,
});
const NOW = new Date(2026, 10, 22, 12, 0, 0).getTime();
const MINUTE = 60_000;

function inLanguage(language: Language): void {
  const sections = Object.entries(FILES).filter(([path]) => path.includes(`/${language}/`));
  speak(
    language,
    localeFor(language, []),
    sections.map(([, section]) => section),
  );
}

afterEach(() => inLanguage("en"));

describe("which language a reader gets", () => {
  test.each([
    [null, ["fr-CA", "en"], "fr"],
    [null, ["pt-BR", "de-AT"], "de"],
    [null, ["ja"], "en"],
    [null, [], "en"],
    ["ar", ["fr"], "ar"],
    ["klingon", ["it"], "it"],
    ["pseudo", ["it"], "pseudo"],
  ])("chosen %s, preferred %j: %s", (chosen, preferred, language) => {
    expect(languageFor(chosen, preferred)).toBe(language);
  });

  test("figures and dates follow the reader's region", () => {
    expect(localeFor("fr", ["en-US", "fr-CA"])).toBe("fr-CA");
    expect(localeFor("en", ["en"])).toBe("en-GB");
    expect(localeFor("de", ["de-!"])).toBe("de");
    expect(localeFor("ar", ["en-US"])).toBe("ar-u-nu-arab");
  });

  test("only Arabic is written from the right", () => {
    expect(LANGUAGES.map(({ id }) => id).filter((id) => directionOf(id) === "rtl")).toEqual(["ar"]);
  });
});

describe("a message", () => {
  test("has its values in place, numbers as the language writes them", () => {
    expect(say("job.step", { step: 6, steps: 1234 })).toBe("Step 6 of 1,234");
    inLanguage("de");
    expect(say("job.step", { step: 6, steps: 1234 })).toBe("Schritt 6 von 1.234");
    inLanguage("ar");
    expect(say("job.step", { step: 6, steps: 10 })).toBe("الخطوة ٦ من ١٠");
  });

  test("follows its number in all six forms of Arabic", () => {
    inLanguage("ar");
    expect([0, 1, 2, 3, 11, 100].map((count) => say("comments", { count }))).toEqual([
      "لا تعليقات",
      "تعليق واحد",
      "تعليقان",
      "٣ تعليقات",
      "١١ تعليقًا",
      "١٠٠ تعليق",
    ]);
  });

  test("counts nothing as one in French, as many in English", () => {
    expect(say("new.pictures", { count: 0 })).toBe("0 new pictures");
    inLanguage("fr");
    expect(say("new.pictures", { count: 0 })).toBe("0 nouvelle image");
    expect(say("new.pictures", { count: 2_000_000 })).toMatch(/de nouvelles images$/);
  });

  test("is not turned by a name of the other direction", () => {
    expect(say("card.open", { title: "a fox" })).toBe("Open a fox");
    expect(say("card.open", { title: "ثعلب" })).toBe("Open \u2068ثعلب\u2069");
    inLanguage("ar");
    expect(say("card.open", { title: "a fox" })).toBe("فتح \u2068a fox\u2069");
  });

  test("in pieces keeps what is no text as it is, where the language wants it", () => {
    const handle = { tag: "b" };
    expect(woven("picture.by-several", { handle, count: 2 })).toEqual([handle, " and ", "2", " more"]);
    inLanguage("it");
    expect(woven("picture.by-several", { handle, count: 2 })).toEqual([handle, " e altri ", "2"]);
  });

  test("asks for all its values, and for no others", () => {
    // @ts-expect-error: of how many?
    expect(say("job.step", { step: 1 })).toBe("Step 1 of ");
    // @ts-expect-error: there is no such message
    expect(say("job.nothing")).toBe("job.nothing");
    // @ts-expect-error: it has no values
    expect(say("paint", { count: 1 })).toBe("Paint");
  });

  test("of a value with braces in it is not read twice", () => {
    expect(say("card.open", { title: "{title} {count} $& \\" })).toBe("Open {title} {count} $& \\");
  });

  test("that nobody wrote is not known", () => {
    expect(sayIfKnown("loss.engine_lost")).toBe("the engine was lost");
    expect(sayIfKnown("loss.toString")).toBeNull();
    expect(sayIfKnown("toString")).toBeNull();
  });
});

test("whoever listens is told of another language", () => {
  const heard: string[] = [];
  const stop = onSpeech(() => heard.push(spoken()));
  inLanguage("fr");
  stop();
  inLanguage("de");
  expect(heard).toEqual(["fr"]);
});

test("what comes with the page leaves out forms that read as the last one, and says the same", () => {
  const said = {
    wait: {
      zero: "none",
      one: "{count} s",
      two: "{count} s",
      few: "{count} s",
      many: "{count} s",
      other: "{count} s",
    },
    end: "end",
  };
  const sent = written({ page: said });
  expect(JSON.parse(sent)).toEqual({
    page: { wait: { zero: "none", other: "{count} s" }, end: "end" },
  });
  const numbers = [0, 1, 2, 5, 11, 100];
  const all = [said, (JSON.parse(sent) as { page: typeof said }).page].map((messages) => {
    speak("ar", "ar", [messages]);
    return numbers.map((count) => say("wait" as "easel.waiting", { count }));
  });
  expect(all[0]).toEqual(all[1]);
  expect(new Set(all[0]).size).toBe(numbers.length);
});

test("a label within a sentence begins small, but for German nouns", () => {
  expect(midSentence("Step 6 of 10")).toBe("step 6 of 10");
  inLanguage("fr");
  expect(midSentence("Étape 6 sur 10")).toBe("étape 6 sur 10");
  inLanguage("de");
  expect(midSentence("Schritt 6 von 10")).toBe("Schritt 6 von 10");
});

test.each<[Language, readonly string[]]>([
  ["en", ["just now", "4 min", "3 h", "yesterday", "12 Nov"]],
  ["fr", ["à l’instant", "4 min", "3 h", "hier", "12 nov."]],
  ["it", ["adesso", "4 min", "3 h", "ieri", "12 nov"]],
  ["de", ["gerade eben", "4 Min.", "3 Std.", "gestern", "12. Nov."]],
  ["es", ["ahora mismo", "4 min", "3 h", "ayer", "12 nov"]],
  ["ar", ["الآن", "قبل ٤ دقائق", "قبل ٣ ساعات", "أمس", "١٢ نوفمبر"]],
])("in %s time has passed like this", (language, words) => {
  inLanguage(language);
  const ages = [0, 4 * MINUTE, 180 * MINUTE, 25 * 60 * MINUTE, 10 * 24 * 60 * MINUTE];
  expect(ages.map((age) => ago(NOW - age, NOW))).toEqual(words);
});

test("rough times, shares and lists are the language's own", () => {
  inLanguage("fr");
  expect([about(41), percentage(0.6), listed(["a", "b", "c"]), clock(NOW)]).toEqual([
    "environ 40 s",
    expect.stringMatching(/^60\s%$/),
    "a, b et c",
    "12:00",
  ]);
  inLanguage("ar");
  expect(about(41)).toBe("نحو ٤٠ ث");
  expect(joined(["", "١", "٢"])).toBe("١، ٢");
});

test("who is writing agrees with how many they are", () => {
  inLanguage("fr");
  expect([["a"], ["a", "b"], ["a", "b", "c"]].map(writing)).toEqual([
    "a écrit",
    "a et b écrivent",
    "a, b et 1 autre écrivent",
  ]);
});

describe("what went wrong is said", () => {
  const taken = "The name 'fox' is taken; choose another.";

  test("by its sentence, where one is known, else by its code", () => {
    inLanguage("de");
    expect(recognised(taken)).toBe("Der Name fox ist vergeben. Wähl einen anderen.");
    expect(interpreted(new Problem("own_limit", "You have 3.", 429))).toBe(
      "Deine Staffelei ist voll. Warte, bis eins deiner Bilder trocken ist.",
    );
    expect(recognised("The prompt is too long: at most 1000 characters.")).toBe(
      "Das ist zu lang: höchstens 1.000 Zeichen.",
    );
    expect(recognised("A picture has at most 1.5 MB.")).toBe("Ein Bild hat höchstens 1,5\u00a0MB.");
  });

  test("with the time to wait", () => {
    inLanguage("es");
    expect(interpreted(new Problem("rate_limited", "Wait.", 429, 41))).toBe(
      "Eso ha sido mucho de golpe. Inténtalo de nuevo en unos 40 s.",
    );
    expect(interpreted(new Problem("rate_limited", "Wait.", 429, 0.1))).toMatch(/Espera un momento/);
  });

  test("in the server's words to English readers, and where there are no others", () => {
    expect(interpreted(new Problem("conflict", taken, 409))).toBe(taken);
    inLanguage("it");
    expect(interpreted(new Problem("something_new", "Look up.", 400))).toBeNull();
  });

  test("by its status when something in between answered", () => {
    inLanguage("fr");
    expect(interpreted(problemFrom(413, "<html>"))).toBe("C’est trop gros.");
    expect(interpreted(problemFrom(502, ""))).toBe("Le serveur n’a pas pu le faire. Réessayez.");
  });
});

test("why a picture did not come to be is a clause of the language, or the server's own", () => {
  const state = fold(EMPTY, {
    kind: "generation",
    generation: generation("g"),
    easel: null,
  });
  const known = state.generations.get("g")!;
  const job = {
    ...known,
    stage: "failed",
    code: "generator_failed",
    message: "The server is away.",
  } as const;
  expect(jobWords(job, true)).toEqual({
    strong: "Stopped",
    rest: "the server is away",
    bad: true,
  });
  inLanguage("de");
  expect(jobWords(job, true).rest).toBe("der Maler hat es nicht geschafft");
  expect(jobWords({ ...job, code: "new_reason" }, true).rest).toBe("the server is away");
});

test("why a picture came to nothing is said in the reader's language, and in English in the server's own words", () => {
  const ended = { code: "deadline", message: "It took longer than 300 s." };
  expect(endSentence(ended)).toBe("It took longer than 300 s.");
  inLanguage("de");
  expect(endSentence(ended)).toMatch(/^[A-ZÄÖÜ].*\.$/);
  expect(endSentence(ended)).not.toContain("longer");
});
