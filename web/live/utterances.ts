/** What is said aloud is said at most this often. */
export const UTTERED_EVERY_MS = 10_000;

/** So much waits to be said; of more, the newest. */
const WAITING = 3;

/**
 * What the page says to those who hear it: politely, in one voice, all that waits together and then ten seconds nothing.
 * The voice that came last speaks: over a sheet that lies over the page, nothing else is heard.
 */
export class Utterances {
  #waiting: readonly string[] = [];
  #spokenAt = -Infinity;
  #voices: readonly (() => void)[] = [];

  /** Say something when it is time; the same sentence twice is said once. */
  say(words: string): void {
    if (this.#waiting.includes(words)) return;
    this.#waiting = [...this.#waiting, words].slice(-WAITING);
    this.#voices.at(-1)?.();
  }

  /** Speak until the answer is called; `voice` is called when there is something to say. */
  speak(voice: () => void): () => void {
    this.#voices = [...this.#voices, voice];
    return () => {
      this.#voices = this.#voices.filter((one) => one !== voice);
    };
  }

  isVoice(voice: () => void): boolean {
    return this.#voices.at(-1) === voice;
  }

  /** How long it is until something may be said, ms. */
  silence(now: number): number {
    return Math.max(0, this.#spokenAt + UTTERED_EVERY_MS - now);
  }

  /** Whatever waits, to be said now. */
  take(): readonly string[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** Something was said: what comes next waits its turn. */
  spoke(now: number): void {
    this.#spokenAt = now;
  }
}
