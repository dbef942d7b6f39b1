/** Says the messages of the catalogues that were loaded. Knows no document. */

import type { Key, Message, NamesOf } from "./catalogue";
import { directionOf, PSEUDO, type Spoken } from "./languages";

/** Marks around a value whose direction may differ from the sentence's: first-strong isolate, and its end. */
const [ISOLATE, END] = ["\u2068", "\u2069"];
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LEFT_TO_RIGHT = /(?![\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])\p{L}/u;

/** Locales that write small whole numbers as programs do: no figures of their own, none asked for. */
const PLAIN = /^(en|fr|it|de|es)\b(?!.*-u-)/;

/** What is spoken now; another language is another one of these. */
interface Speech {
  readonly language: Spoken;
  readonly locale: string;
  readonly messages: Readonly<Record<string, Message>>;
  /** Made once, when first needed: making one takes longer than drawing a picture with its label. */
  rules?: Intl.PluralRules;
  figures?: Intl.NumberFormat;
}

let speech: Speech = { language: "en", locale: "en-GB", messages: {} };
const listeners = new Set<() => void>();

/** Speak a language from now on, with these messages and no others. */
export function speak(
  language: Spoken,
  locale: string,
  sections: readonly Readonly<Record<string, Message>>[],
): void {
  speech = { language, locale, messages: together(...sections) };
  for (const listener of listeners) listener();
}

/** Know a section's messages too. */
export function learn(section: Readonly<Record<string, Message>>): void {
  speech = { ...speech, messages: together(speech.messages, section) };
}

/** Without what every object has: a server's code may be called "toString". */
function together(...sections: readonly object[]): Speech["messages"] {
  return Object.assign(Object.create(null), ...sections) as Speech["messages"];
}

export function spoken(): Spoken {
  return speech.language;
}

/** The locale of figures and dates. */
export function locale(): string {
  return speech.locale;
}

/** Be told when another language is spoken. Return how to stop. */
export function onSpeech(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

type Value = string | number;
type Values<K extends Key, T> = [NamesOf<K>] extends [never]
  ? readonly []
  : readonly [Readonly<Record<NamesOf<K>, T>>];

/** Return a message with its values in place; numbers are written as the language writes them. */
export function say<K extends Key>(key: K, ...[values]: Values<K, Value>): string {
  return pieces(key, values ?? {}, (value) => isolated(shown(value))).join("");
}

/** Return a message in pieces, so that values can be more than text: what a template puts between the words. */
export function woven<K extends Key, T>(key: K, ...[values]: Values<K, Value | T>): readonly (string | T)[] {
  return pieces(key, values ?? {}, (value) => (typeof value === "number" ? shown(value) : (value as T)));
}

/** Return a message that a program names, such as a problem by its code; null if there is none of that name. */
export function sayIfKnown(key: string, values: Readonly<Record<string, Value>> = {}): string | null {
  return speech.messages[key] === undefined ? null : say(key as Key, values as never);
}

function pieces<T>(
  key: string,
  values: Readonly<Record<string, Value | T>>,
  place: (value: Value | T) => string | T,
): (string | T)[] {
  const found: (string | T)[] = [];
  // Every second part is the name of a value.
  templateOf(key, values["count"])
    .split(/\{(\w+)\}/)
    .forEach((part, index) => {
      if (index % 2 === 0) found.push(part);
      else if (values[part] !== undefined) found.push(place(values[part]));
    });
  return found.filter((piece) => piece !== "");
}

/** A message that is not there is a defect, and shows as its key. */
function templateOf(key: string, count: unknown): string {
  const message = speech.messages[key];
  if (message === undefined || typeof message === "string") return message ?? key;
  const form = typeof count === "number" ? formOf(count) : "other";
  return message[form] ?? message.other ?? key;
}

/** Which plural form a number asks for. */
function formOf(count: number): Intl.LDMLPluralRule {
  const { language } = speech;
  return (speech.rules ??= new Intl.PluralRules(language === PSEUDO ? "en" : language)).select(count);
}

/** Return a number as the language writes it. */
export function count(value: number): string {
  if (Number.isInteger(value) && value >= 0 && value < 1000 && PLAIN.test(speech.locale))
    return String(value);
  return (speech.figures ??= new Intl.NumberFormat(speech.locale)).format(value);
}

function shown(value: unknown): string {
  return typeof value === "number" ? count(value) : String(value);
}

/** Return a name or a title so that it does not turn the sentence around it. */
export function isolated(text: string): string {
  const other = directionOf(speech.language) === "rtl" ? LEFT_TO_RIGHT : RIGHT_TO_LEFT;
  return other.test(text) ? ISOLATE + text + END : text;
}

/** Return a label as it stands within a sentence: with a small letter, unless the language writes nouns large. */
export function midSentence(label: string): string {
  if (speech.language === "de") return label;
  return label.charAt(0).toLocaleLowerCase(speech.locale) + label.slice(1);
}
