import { expect, test } from "vitest";
import { nearestShape, painterFor, SHAPES, shapesOf, type Generator } from "../live/generators";
import { choiceOf, GREATEST_SEED, requestFor, seedIn, USUAL } from "../live/paint-choice";
import { generation } from "./made";

function generator(name: string, more: Partial<Generator> = {}): Generator {
  const sizes = { low: 256, high: 1024, default: 768, multiple: 8 };
  const steps = { low: 4, high: 20, default: 10, multiple: 1 };
  const digital_source_type = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia";
  return { name, title: name, digital_source_type, sizes, steps, remixes: true, masks: true, ...more };
}

const [BRUSH, WORDS] = [generator("brush"), generator("words", { remixes: false })];
const ALONE = { parent: null, strength: 0.6, anySeed: 7 };

test("who was wished for paints, unless they are gone or cannot do what is asked", () => {
  expect(painterFor([BRUSH, WORDS], "words", false)).toBe(WORDS);
  expect(painterFor([BRUSH, WORDS], "gone", false)).toBe(BRUSH);
  expect(painterFor([WORDS, BRUSH], null, false)).toBe(WORDS);
  expect(painterFor([WORDS, BRUSH], "words", true)).toBe(BRUSH);
  expect(painterFor([WORDS], null, true)).toBe(WORDS);
  expect(painterFor([], "brush", false)).toBeNull();
});

test("a shape is offered in the size nearest to the usual one, or not at all", () => {
  expect(shapesOf(null)).toEqual(SHAPES);
  expect(shapesOf(BRUSH)).toEqual(SHAPES);
  const small = generator("small", { sizes: { low: 64, high: 512, default: 512, multiple: 64 } });
  expect(shapesOf(small).map(({ name, width, height }) => `${name} ${width} ${height}`)).toEqual([
    "1:1 512 512",
    "4:3 512 384",
    "3:4 384 512",
  ]);
  const square = generator("square", { sizes: { low: 512, high: 512, default: 512, multiple: 8 } });
  expect(shapesOf(square)).toEqual([{ name: "1:1", width: 512, height: 512 }]);
});

test("the nearest shape is the one that is stretched least", () => {
  expect(nearestShape({ width: 1600, height: 900 }).name).toBe("3:2");
  expect(nearestShape({ width: 300, height: 400 }).name).toBe("3:4");
  expect(nearestShape({ width: 1, height: 1 }).name).toBe("1:1");
});

test("a request says the painter, the style and a size that can be made", () => {
  const chosen = { ...USUAL, size: SHAPES[1]!, style: " ink drawing " };
  const large = generator("large", { sizes: { low: 1024, high: 2048, default: 1024, multiple: 64 } });
  expect(requestFor("a fox", chosen, large, ALONE)).toEqual({
    prompt: "a fox",
    width: 1344,
    height: 1024,
    seed: 7,
    publish: true,
    generator: "large",
    style: "ink drawing",
  });
  expect(requestFor("a fox", USUAL, null, ALONE)).toEqual({
    prompt: "a fox",
    width: 768,
    height: 768,
    seed: 7,
    publish: true,
  });
});

test("a strength is for those who start from the picture", () => {
  const remix = { ...ALONE, parent: "p" };
  expect(requestFor("a fox", USUAL, BRUSH, remix)).toMatchObject({ parent: "p", strength: 0.6 });
  expect(requestFor("a fox", USUAL, null, remix)).toMatchObject({ parent: "p", strength: 0.6 });
  const told = requestFor("a fox", USUAL, WORDS, remix);
  expect(told).toMatchObject({ parent: "p", generator: "words" });
  expect(told).not.toHaveProperty("strength");
});

test("other words for a picture leave the rest as it was, but for the seed", () => {
  const wish = generation("g", {
    width: 576,
    height: 768,
    style: "neon style",
    generator: "words",
    publish: false,
  });
  expect(choiceOf({ ...wish, seed: 5 })).toEqual({
    size: SHAPES[2],
    generator: "words",
    style: "neon style",
    seed: null,
    everyone: false,
  });
  expect(choiceOf(generation("g"))).toEqual(USUAL);
});

test.each([
  ["", null],
  [" 7 ", 7],
  [String(GREATEST_SEED), GREATEST_SEED],
  ["٤٢", 42],
  ["۴۲", 42],
  ["-5", undefined],
  ["−5", undefined],
  ["12.5", undefined],
  ["1e3", undefined],
  [String(GREATEST_SEED + 1), undefined],
  ["99999999999999999999", undefined],
])("%j typed as a seed is %j", (typed, seed) => {
  expect(seedIn(typed)).toBe(seed);
});
