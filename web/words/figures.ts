/** Figures, times and lists as the reader's language writes them. */

import { locale, say } from "./words";

/** share: 0 to 1. */
export function percentage(share: number): string {
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** Return how long ago something was, short: "just now", "4 min", "3 h", "yesterday", "12 Nov". Times in ms. */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, (now - then) / 1000);
  if (seconds < 50) return say("ago.now");
  if (seconds < 3570) return say("ago.minutes", { count: Math.max(1, Math.round(seconds / 60)) });
  if (seconds < 86_400) return say("ago.hours", { count: Math.max(1, Math.round(seconds / 3600)) });
  if (seconds < 172_800) return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-1, "day");
  return day(then, now);
}

/** Return a day: "12 Nov", with its year where that is another one. */
function day(then: number, now: number): string {
  const sameYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return new Date(then).toLocaleDateString(locale(), {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

/** Return the time of day: "21:04". */
export function clock(then: number): string {
  return new Date(then).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
}

/** Return a day and the time of it: "22 November at 21:04". */
export function moment(then: number): string {
  return new Date(then).toLocaleString(locale(), {
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** Return a number of seconds as it is, short: "5 s". */
export function seconds(value: number): string {
  return say("time.seconds", { count: value });
}

/** Return a rough time: "about 40 s", "about 3 min". */
export function about(value: number): string {
  if (value < 1) return say("time.moment");
  const time =
    value < 10
      ? seconds(Math.ceil(value))
      : value < 90
        ? seconds(Math.round(value / 5) * 5)
        : say("time.minutes", { count: Math.round(value / 60) });
  return say("time.about", { time });
}

/** Return "a, b and c". */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(names);
}

/** Return the same in pieces, with each name as `named` shows it. */
export function listedPieces<T>(
  names: readonly string[],
  named: (name: string) => T,
): readonly (string | T)[] {
  const parts = new Intl.ListFormat(locale(), { type: "conjunction" }).formatToParts(names);
  return parts.map(({ type, value }) => (type === "element" ? named(value) : value));
}

/** Return "a, b": clauses one after the other; what is empty is not said. */
export function joined(clauses: readonly string[]): string {
  return clauses.filter(Boolean).reduce((one, other) => (one ? say("comma", { one, other }) : other), "");
}
