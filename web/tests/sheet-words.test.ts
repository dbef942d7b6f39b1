import { expect, test } from "vitest";
import { SheetWords } from "../components/sheet-words";

test("a remix begins with the picture's words, to be written over; put away untouched they are nobody's", () => {
  const words = new SheetWords();
  words.borrow("a church on a hill");
  words.carry("");
  expect([words.text, words.selected]).toEqual(["a church on a hill", true]);
  words.keep("a church on a hill");
  expect(words.draft).toBe("");
});

test("what was put away unfinished is the draft: written over, or gone on in, and never glued to new words", () => {
  const words = new SheetWords();
  words.begin(null);
  words.carry("");
  expect(words.selected).toBe(false);
  words.keep("sixth of six");
  expect(words.draft).toBe("sixth of six");
  words.carry("");
  expect([words.text, words.selected]).toEqual(["sixth of six", true]);
  words.carry("new words");
  expect([words.text, words.caret, words.selected]).toEqual(["new words", 9, false]);
});

test("what is typed on the wall of a tag goes before the tag, which is no draft", () => {
  const words = new SheetWords();
  words.begin("foxes");
  words.carry("");
  expect([words.text, words.caret, words.selected, words.draft]).toEqual([" #foxes", 0, false, ""]);
  words.carry("two");
  expect([words.text, words.caret]).toEqual(["two #foxes", 3]);
});
