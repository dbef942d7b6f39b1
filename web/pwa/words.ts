/** What a notification of the system says. The server sends what happened; the sentence is made where it is read. */

import ar from "../words/ar/push";
import type { Message } from "../words/catalogue";
import de from "../words/de/push";
import en from "../words/en/push";
import es from "../words/es/push";
import fr from "../words/fr/push";
import it from "../words/it/push";
import type { Language } from "../words/languages";
import { say, speak } from "../words/words";

/** Source: docs/push.md. */
export interface Pushed {
  readonly id: string;
  readonly kind: string;
  /** Handle of whoever did it; "" for nobody. */
  readonly by: string;
  readonly people: number;
  readonly time: number;
  /** Where it leads: a path of ours. */
  readonly path: string;
  readonly text?: string;
  readonly title?: string;
  readonly state?: string;
  readonly image?: string;
}

export interface Shown {
  readonly title: string;
  readonly body: string;
}

/** Every language: when something is pushed there may be no network to fetch one from. */
const CATALOGUES: Readonly<Record<Language, Readonly<Record<string, Message>>>> = { en, fr, it, de, es, ar };

/** Return what is shown, in a language. locale: of its figures. */
export function shown(pushed: Pushed, language: Language, locale: string = language): Shown {
  speak(language, locale, [CATALOGUES[language]]);
  const { kind, by, text = "", title = "" } = pushed;
  switch (kind) {
    case "comment":
      return { title: say("told.commented", { by }), body: text };
    case "reply":
      return { title: say("told.replied", { by }), body: text };
    case "mention":
      return { title: say("told.mentioned", { by }), body: text };
    case "reaction":
      return { title: reacted(by, pushed.people - 1), body: title };
    case "remix":
      return { title: say("told.remixed", { by }), body: title };
    case "publication":
      return { title: say("told.published", { by }), body: title };
    case "follow":
      return { title: say("told.followed", { by }), body: "" };
    case "generation":
      return { title: ended(pushed.state), body: title };
    default:
      return { title: say("told.something"), body: title };
  }
}

function reacted(by: string, others: number): string {
  return others > 0 ? say("told.reacted-more", { by, count: others }) : say("told.reacted", { by });
}

function ended(state: string | undefined): string {
  switch (state) {
    case "completed":
      return say("told.finished");
    case "refused":
      return say("told.refused");
    default:
      return say("told.failed");
  }
}

/** Read what came; null for what is not ours. Only a path of our own is ever opened. */
export function pushedFrom(text: string): Pushed | null {
  try {
    const found = JSON.parse(text) as Partial<Pushed> | null;
    if (typeof found?.id !== "string" || typeof found.kind !== "string") return null;
    const path = typeof found.path === "string" && /^\/(?![/\\])/.test(found.path) ? found.path : "/";
    return { by: "", people: 1, time: 0, ...found, path } as Pushed;
  } catch {
    return null;
  }
}
