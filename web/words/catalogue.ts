/** What a catalogue is: the English one says which messages there are, the others must have each of them. */

import type { Language } from "./languages";

/** The parts of a catalogue, each fetched when what needs it is. */
export interface English {
  /** What the server writes into the HTML: for whoever runs no script, and for previews of links. */
  readonly head: typeof import("./en/head").default;
  /** The first feed. */
  readonly page: typeof import("./en/page").default;
  /** What opens over it: a post, the create sheet; and what the server's refusals are called. */
  readonly more: typeof import("./en/more").default;
  /** Rooms. */
  readonly room: typeof import("./en/room").default;
  /** The page on which a widget is made. */
  readonly embed: typeof import("./en/embed").default;
  /** Notifications of the system. */
  readonly push: typeof import("./en/push").default;
}

export type Section = keyof English;

/** The plural forms that a language has, as CLDR counts them. */
export interface Forms {
  readonly en: "one" | "other";
  readonly fr: "one" | "many" | "other";
  readonly it: "one" | "many" | "other";
  readonly de: "one" | "other";
  readonly es: "one" | "many" | "other";
  readonly ar: "zero" | "one" | "two" | "few" | "many" | "other";
}

/** A message whose words follow `{count}`. */
export type Plural<L extends Language> = Readonly<Record<Forms[L], string>>;

/** What a section of the English catalogue satisfies. `{name}` in a message is the place of a value. */
export type Source = Readonly<Record<string, string | Plural<"en">>>;

/** A section in another language: the same messages, with the plural forms of that language. */
export type Translation<L extends Exclude<Language, "en">, S extends Section> = {
  readonly [K in keyof English[S]]: English[S][K] extends string ? string : Plural<L>;
};

type Union<T> = (T extends unknown ? (one: T) => void : never) extends (all: infer All) => void ? All : never;

/** All English messages by their keys. */
export type Messages = Union<English[Section]>;
export type Key = keyof Messages & string;

/** The names of the values of a message. */
type NamesIn<T> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
export type NamesOf<K extends Key> = Messages[K] extends string
  ? NamesIn<Messages[K]>
  : "count" | NamesIn<Messages[K][keyof Messages[K]]>;

/** What a message is made of when it runs. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
