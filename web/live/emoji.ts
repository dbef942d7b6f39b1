/** What the key for it reacts with. */
export const FLAME = "🔥";

/** Return the text when it is one emoji and nothing else, else null. */
export function soleEmoji(text: string): string | null {
  const trimmed = text.trim();
  const graphemes = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(trimmed)];
  if (graphemes.length !== 1) return null;
  const isEmoji =
    /\p{Emoji_Presentation}|\p{Extended_Pictographic}|[\u{1F1E6}-\u{1F1FF}]{2}|[0-9#*]\uFE0F?\u20E3/u;
  return isEmoji.test(trimmed) ? trimmed : null;
}
