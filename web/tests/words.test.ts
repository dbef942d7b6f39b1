import { describe, expect, test } from "vitest";
import {
  canvasWords,
  about,
  ago,
  capped,
  easelWords,
  isUpright,
  parts,
  titleOf,
  waitingIn,
  writing,
} from "../live/words";
import { EMPTY_FEED } from "../live/state";
import { say } from "../words/words";

const NOW = new Date(2026, 10, 22, 12, 0, 0).getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.each([
  [-5_000, "just now"],
  [0, "just now"],
  [49_000, "just now"],
  [55_000, "1 min"],
  [4 * MINUTE, "4 min"],
  [59 * MINUTE, "59 min"],
  [60 * MINUTE, "1 h"],
  [23 * HOUR, "23 h"],
  [25 * HOUR, "yesterday"],
  [10 * 24 * HOUR, "12 Nov"],
  [400 * 24 * HOUR, "18 Oct 2025"],
])("%i ms ago is %s", (age, words) => {
  expect(ago(NOW - age, NOW)).toBe(words);
});

test.each([
  [0.4, "a moment"],
  [4.2, "about 5 s"],
  [9, "about 9 s"],
  [41, "about 40 s"],
  [200, "about 3 min"],
])("%d s are %s", (seconds, words) => {
  expect(about(seconds)).toBe(words);
});

test("writers are named, the rest is counted", () => {
  expect(writing([])).toBe("");
  expect(writing(["a"])).toBe("a is writing");
  expect(writing(["a", "b"])).toBe("a and b are writing");
  expect(writing(["a", "b", "c", "d"])).toBe("a, b and 2 more are writing");
});

test("the title is the caption, else the prompt", () => {
  expect(titleOf({ caption: "mine", prompt: "asked" })).toBe("mine");
  expect(titleOf({ caption: " ", prompt: "asked" })).toBe("asked");
  expect(titleOf({ caption: "", prompt: null })).toBe("untitled");
});

test.each([
  [0, "Nothing is being painted"],
  [1, "1 picture. Keep browsing, it paints on."],
  [5, "5 pictures. Keep browsing, they paint on."],
])("an easel with %i running says so", (running, words) => {
  expect(easelWords(running)).toBe(words);
});

test("a long label is cut between words, or where it must be", () => {
  expect(capped("a fox")).toBe("a fox");
  expect(capped("wide ".repeat(40))).toMatch(/^(wide )+wide…$/);
  for (const long of ["x".repeat(300), "wide ".repeat(40), "🦊".repeat(100)]) {
    expect(capped(long).length).toBeLessThanOrEqual(120);
    expect(capped(long).isWellFormed()).toBe(true);
  }
});

test("scripts without italics are upright", () => {
  expect(isUpright("ثعلب أحمر")).toBe(true);
  expect(isUpright("a red fox, déjà vu")).toBe(false);
});

describe("tags in a text", () => {
  test("are told from the rest, in lower case", () => {
    expect(parts("see #Foxes, now")).toEqual([
      { text: "see ", tag: null },
      { text: "#Foxes", tag: "foxes" },
      { text: ", now", tag: null },
    ]);
  });

  test.each([
    ["#foo-bar", ["foo"]],
    ["#2026 was #y2k", ["y2k"]],
    ["a#b ##c ＃d", ["c", "d"]],
    [`#${"a".repeat(65)} #_ #हिन्दी`, ["हिन्दी"]],
  ])("are those that the server finds in %s", (text, tags) => {
    expect(parts(text).flatMap(({ tag }) => tag ?? [])).toEqual(tags);
  });

  test("lose nothing of the text, whatever it is", () => {
    for (const text of ["<b>#a</b>", "# alone", "##x", "#été #雪", ""]) {
      expect(
        parts(text)
          .map((part) => part.text)
          .join(""),
      ).toBe(text);
    }
  });
});

test("a room's canvas is told in words", () => {
  expect(canvasWords("a fox", 1, 0)).toBe("a fox, being repainted together, 1 stroke, nothing masked");
  expect(canvasWords("", 1_200, 7)).toBe("A canvas, 1,200 strokes, 7 percent masked");
});

test("how many wait behind the pill says when there are more than anybody counted", () => {
  const feed = { ...EMPTY_FEED, pending: Array.from({ length: 120 }, (_, index) => `p${index}`) };
  expect(waitingIn(undefined)).toBe(0);
  expect(waitingIn({ ...feed, overflow: 3 })).toBe(123);
  expect(waitingIn({ ...feed, overflow: 879 })).toBe(999);
  expect(waitingIn({ ...feed, overflow: 880 })).toBe("999+");
  expect(waitingIn({ ...feed, overflow: 5_000, uncounted: true })).toBe("999+");
  expect(waitingIn({ ...feed, uncounted: true })).toBe("120+");
  expect(say("new.pictures", { count: waitingIn({ ...feed, uncounted: true }) })).toBe("120+ new pictures");
});
