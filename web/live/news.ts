import type { Live } from "./live";
import { asProblem, type Problem } from "./problem";
import type { Notification, Position } from "./protocol";

const PAGE = 30;
/** A line that came live is read again, to have its picture, at most so often. */
const AGAIN_MS = 2_000;

interface Answer {
  readonly notifications: readonly Notification[];
  readonly unread: number;
  readonly at: Position;
  readonly next: string | null;
}

/** What concerns me: read once, then followed on my own topic, from the very position of what was read. */
export class NewsDesk {
  readonly #live: Live;
  /** Why it could not be read. */
  problem: Problem | null = null;
  /** The page that shows it is open. */
  #shown = false;
  #of = "";
  /** The time of the newest line when the list was read last. */
  #newest = 0;
  #leave: () => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: Live) {
    this.#live = live;
    live.listen(() => this.#look());
    this.#look();
  }

  /** Read the newest again: when something was missed, or could not be read. */
  async read(): Promise<void> {
    try {
      await this.#live.letIn();
      const { notifications, unread, next, at } = await this.#page(null);
      this.problem = null;
      this.#newest = notifications[0]?.time ?? 0;
      const fresh = this.#of !== this.#live.me?.id;
      this.#live.dispatch({ kind: "news-page", page: { notifications, unread, next, place: "first" } });
      const me = this.#live.me?.id;
      if (!fresh || !me) return;
      this.#of = me;
      this.#leave();
      this.#leave = this.#live.follow(`user:${me}`, { since: at });
    } catch (error) {
      this.problem = asProblem(error);
      this.#live.touch();
      this.#live.comeback.missed(this.problem);
    }
  }

  async older(): Promise<void> {
    const before = this.#live.state.news.next;
    if (!before) return;
    try {
      const { notifications, unread, next } = await this.#page(before);
      this.#live.dispatch({ kind: "news-page", page: { notifications, unread, next, place: "older" } });
    } catch (error) {
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    }
  }

  /** The list is looked at, until the returned function is called: what comes live is read again. */
  show(): () => void {
    this.#shown = true;
    void this.read();
    return () => {
      this.#shown = false;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Take everything that is here as read. */
  async seen(): Promise<void> {
    const until = this.#live.state.news.lines[0]?.time;
    if (!until || !this.#live.state.news.unread) return;
    try {
      const read = await this.#live.api.call<{ until: number; unread: number }>(
        "PUT",
        "/api/notifications/read",
        { until },
      );
      this.#live.dispatch({ kind: "news-read", ...read });
    } catch {
      // It stays unread, and is read the next time it is seen.
    }
  }

  #look(): void {
    const me = this.#live.me?.id;
    if (me && me !== this.#of && this.#timer === undefined && !this.problem) {
      // Whoever we were before: their news are not ours.
      this.#timer = setTimeout(() => (this.#timer = undefined), AGAIN_MS);
      void this.read();
    } else if (this.#shown && this.#timer === undefined && this.#bare()) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        void this.read();
      }, AGAIN_MS);
    }
  }

  /** Whether a line that came live lacks its picture. */
  #bare(): boolean {
    return this.#live.state.news.lines.some((line) => line.time > this.#newest && line.media === undefined);
  }

  #page(before: string | null): Promise<Answer> {
    const query = new URLSearchParams({ limit: String(PAGE), ...(before ? { before } : {}) });
    return this.#live.api.call("GET", `/api/notifications?${query}`);
  }
}
