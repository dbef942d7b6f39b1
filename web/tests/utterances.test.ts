import { expect, test } from "vitest";
import { UTTERED_EVERY_MS, Utterances } from "../live/utterances";

test("what waits is said together, each thing once, and of much the newest", () => {
  const aloud = new Utterances();
  for (const words of ["one", "two", "two", "three", "four"]) aloud.say(words);
  expect(aloud.take()).toEqual(["two", "three", "four"]);
  expect(aloud.take()).toEqual([]);
});

test("after something was said there is silence for ten seconds", () => {
  const aloud = new Utterances();
  expect(aloud.silence(0)).toBe(0);
  aloud.spoke(1_000);
  expect(aloud.silence(4_000)).toBe(UTTERED_EVERY_MS - 3_000);
  expect(aloud.silence(20_000)).toBe(0);
});

test("the voice that came last speaks, and the one before it again when that is gone", () => {
  const aloud = new Utterances();
  const heard: string[] = [];
  const page = (): void => void heard.push("page");
  const sheet = (): void => void heard.push("sheet");
  aloud.speak(page);
  const hush = aloud.speak(sheet);
  aloud.say("copied");
  expect([aloud.isVoice(page), aloud.isVoice(sheet)]).toEqual([false, true]);
  hush();
  aloud.say("posted");
  expect(heard).toEqual(["sheet", "page"]);
});
