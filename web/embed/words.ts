import type { Job, Stage } from "../live/state";

/** What a widget says, in one language: the server puts it into the widget's page. Source: words/*.json. */
export interface Words {
  readonly [name: string]: string | Partial<Record<Intl.LDMLPluralRule, string>>;
}

const OVER: readonly Stage[] = ["starting", "finishing", "posted", "refused", "cancelled"];
const BRIEF_S = 50;

/** Says things in one language. */
export class Speech {
  readonly #words: Words;
  readonly #lang: string;
  readonly #rules: Intl.PluralRules;
  /** Made once: making one takes longer than all that it says. */
  readonly #figures: Record<string, Intl.NumberFormat> = {};

  constructor(words: Words, lang: string) {
    this.#words = words;
    this.#lang = lang;
    this.#rules = new Intl.PluralRules(lang);
  }

  /** Return a sentence; each `{name}` in it is one of the values. */
  say(name: string, values: Readonly<Record<string, string | number>> = {}): string {
    return filled(this.#words[name] as string, values);
  }

  /** Return a sentence about a number, in the form that the language has for it. */
  many(name: string, n: number): string {
    const forms = this.#words[name] as Record<string, string>;
    return filled(forms[this.#rules.select(n)] ?? forms["other"]!, { n: this.count(n) });
  }

  count(value: number, unit?: "second" | "minute" | "hour"): string {
    return (this.#figures[unit ?? ""] ??= new Intl.NumberFormat(
      this.#lang,
      // In English alone the narrow form is one that is written: elsewhere its unit sticks to the number.
      unit && { style: "unit", unit, unitDisplay: this.#lang === "en" ? "narrow" : "short" },
    )).format(value);
  }

  clock(then: number): string {
    return new Date(then).toLocaleTimeString(this.#lang, { hour: "2-digit", minute: "2-digit" });
  }

  /** Return how long ago something was, short: "just now", "4m", "3h", "yesterday", "12 Nov". */
  ago(then: number, now: number): string {
    const seconds = Math.max(0, (now - then) / 1000);
    if (seconds < BRIEF_S) return this.say("justNow");
    if (seconds < 3570) return this.count(Math.max(1, Math.round(seconds / 60)), "minute");
    if (seconds < 86_400) return this.count(Math.max(1, Math.round(seconds / 3600)), "hour");
    if (seconds < 172_800) {
      return new Intl.RelativeTimeFormat(this.#lang, { numeric: "auto" }).format(-1, "day");
    }
    return new Date(then).toLocaleDateString(this.#lang, { day: "numeric", month: "short" });
  }

  /** What a picture being painted is doing, in as few words as there is room for: "6 of 10 · 5s". */
  stage(job: Job): string {
    const { stage, step } = job;
    const eta = job.etaS === null ? "" : ` · ${this.count(Math.max(1, Math.round(job.etaS)), "second")}`;
    if (stage === "queued") {
      const place = job.place ? this.say("place", { n: this.count(job.place) }) : this.say("line");
      return (job.retry ? this.say("again") : place) + eta;
    }
    if (stage === "painting") {
      return this.say("step", { step: this.count(step), steps: this.count(job.steps) }) + eta;
    }
    if (OVER.includes(stage)) return this.say(stage);
    return step ? this.say("stoppedAt", { step: this.count(step) }) : this.say("stopped");
  }
}

function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

export function isBad({ stage }: Job): boolean {
  return stage === "refused" || stage === "failed" || stage === "aborted";
}

/** A picture's colours in the order of the rainbow; the style sheet makes them stand out from the panel. */
export function byHue(colours: readonly string[]): readonly string[] {
  return [...colours].sort((one, other) => hue(one) - hue(other));
}

/** Degrees, of the plane in which red, green and blue are a third of the circle apart. */
function hue(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/\w\w/g) ?? []).map((part) => parseInt(part, 16));
  const degrees = (Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) * 180) / Math.PI;
  return (degrees + 360) % 360;
}
