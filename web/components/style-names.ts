import type { Key } from "../words/catalogue";
import { say } from "../words/words";
import "../words/more";

/** Styles that are offered: what the generator is told, which is the same in every language, and what people read. */
export const STYLES = [
  ["oil painting", "style.oil"],
  ["impasto", "style.impasto"],
  ["gouache", "style.gouache"],
  ["watercolour", "style.watercolour"],
  ["soft pastel", "style.pastel"],
  ["ink drawing", "style.ink"],
  ["pointillism", "style.dots"],
  ["stained glass", "style.glass"],
  ["pixel art", "style.pixels"],
  ["neon style", "style.neon"],
] as const satisfies readonly (readonly [string, Key])[];

/** What people read of a style; one in words of somebody's own stays as it is. */
export function styleName(style: string): string {
  const known = STYLES.find(([told]) => told === style.trim().toLowerCase());
  return known ? say(known[1]) : style;
}
