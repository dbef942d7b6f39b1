/** Return what was written after something was sent: all of it, if that was changed. */
export function leftOver(words: string, sent: string): string {
  return words.startsWith(sent) ? words.slice(sent.length).trimStart() : words;
}
