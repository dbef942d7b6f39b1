/** What the page has to say in passing. One at a time; those that ask for an act stay. */
export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly text: string;
  readonly picture: string | null;
  readonly action: { readonly label: string; readonly run: () => void } | null;
  readonly tone: "plain" | "offline" | "bad";
}

const WAITING = 8;

export class Notices {
  #next = 1;
  #queue: Notice[] = [];
  readonly #listeners = new Set<() => void>();

  get current(): Notice | null {
    return this.#queue[0] ?? null;
  }

  /** Say something; the same sentence twice in the queue is said once. */
  say(notice: Partial<Omit<Notice, "id">> & { readonly text: string }): void {
    if (this.#queue.some((one) => one.text === notice.text && one.title === (notice.title ?? ""))) return;
    const whole: Notice = {
      title: "",
      picture: null,
      action: null,
      tone: "plain",
      ...notice,
      id: this.#next++,
    };
    this.#queue = [...this.#queue, whole].slice(0, WAITING);
    this.#changed();
  }

  dismiss(id: number): void {
    this.#queue = this.#queue.filter((notice) => notice.id !== id);
    this.#changed();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
