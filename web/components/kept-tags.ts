import { normalTag } from "../live/words";
import { studio } from "./studio";

/** More would not fit beside the other feeds. */
const MOST_TAGS = 6;

/** The tags whose feeds stand beside the others, in the order they were kept. */
export function keptTags(): readonly string[] {
  try {
    const value: unknown = JSON.parse(studio.choices.get("tags") ?? "[]");
    return Array.isArray(value) ? value.filter((tag): tag is string => typeof tag === "string") : [];
  } catch {
    return [];
  }
}

export function keepTag(tag: string, kept: boolean): void {
  const others = keptTags().filter((one) => one !== tag);
  const tags = kept ? [...others, normalTag(tag)].slice(-MOST_TAGS) : others;
  studio.choices.set("tags", tags.length ? JSON.stringify(tags) : null);
}
