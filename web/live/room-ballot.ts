import { asProblem, type Problem } from "./problem";

/** A vote for a variation, or that it is taken back. */
export interface Choice {
  readonly variation: string;
  readonly on: boolean;
}

/** Who has the vote sent, and is told what became of it. */
export interface Polls {
  send(choice: Choice): Promise<void>;
  /** It cannot be sent now, and will be later. */
  waits(choice: Choice, problem: Problem): void;
  accepted(choice: Choice): void;
  refused(choice: Choice, problem: Problem): void;
}

const AGAIN_MS = 4_000;

/** My vote on its way: one at a time, the last wish wins, and without a network it is kept until there is one. */
export class Ballot {
  readonly #polls: Polls;
  #wish: Choice | null = null;
  #sending = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(polls: Polls) {
    this.#polls = polls;
  }

  /** What the server has not heard of yet. */
  get wish(): Choice | null {
    return this.#wish;
  }

  async cast(choice: Choice): Promise<void> {
    this.#wish = choice;
    await this.send();
  }

  /** Send what waits, if anything does. */
  async send(): Promise<void> {
    clearTimeout(this.#again);
    const choice = this.#wish;
    if (!choice || this.#sending) return;
    this.#sending = true;
    let problem: Problem | null = null;
    try {
      await this.#polls.send(choice);
    } catch (error) {
      problem = asProblem(error);
    }
    this.#sending = false;
    // Meanwhile I may have thought better of it, or must not vote any more: then only that matters.
    if (this.#wish !== choice) return this.send();
    if (problem?.passing) {
      this.#polls.waits(choice, problem);
      this.#again = setTimeout(() => void this.send(), AGAIN_MS);
      return;
    }
    this.#wish = null;
    if (problem) this.#polls.refused(choice, problem);
    else this.#polls.accepted(choice);
  }

  /** There is no vote of mine any more: what waits is not sent, and an answer that is on its way is not heard. */
  drop(): void {
    clearTimeout(this.#again);
    this.#wish = null;
  }
}
