import type { KeptFeed } from "./last-feed";
import type { LaidAside } from "./laid-aside";
import type { Live } from "./live";
import type { FeedSnapshot } from "./api";
import { noted } from "./copies";
import { asProblem, unreachable, type Problem } from "./problem";
import type { Topic, User } from "./protocol";
import type { Shape } from "./shape";
import { say } from "../words/words";

const PAGE = 30;
/** What was missed and could not be read is tried again after so long, and then ever later. */
const AGAIN_MS = 2_000;
const LONGEST_MS = 60_000;
/** A page may be empty and not the last, when all of it was deleted: so many are read to find something to show. */
const EMPTY_PAGES = 5;
const SEARCH = "search:";
const LIKED = "feed:liked";
/** Walls without a topic: nobody follows them. */
const STILL = [SEARCH, LIKED, "feed:remixes:"];
/** When we have become somebody else, so many pages are read again for what is mine. */
const AGAIN_PAGES = 20;
/** Searches whose people are remembered. */
const MOST_SEARCHES = 8;

/** Loads feeds: the first page, older ones, and what a gap has swallowed. */
export class Wall {
  readonly #live: Live;
  readonly #loading = new Set<string>();
  /** How each who has a wall open reads it; a profile's head may have the one that hangs open too. */
  readonly #loads = new Map<() => Promise<void>, Topic>();
  #nextTry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  /** Why the newest page of a feed could not be read. */
  readonly problems = new Map<Topic, Problem>();
  /** Whom a search has found, by its topic. */
  readonly people = new Map<Topic, readonly User[]>();
  /** Pictures of mine that came while the reader was further down: they stay behind the pill. */
  #waiting: readonly string[] = [];
  /** Feeds that hang as they were kept: what was deleted since then may still be among them. */
  readonly #stale = new Set<Topic>();
  /** Reads again what was laid aside; its program is fetched when something is. */
  #aside: LaidAside | null = null;
  /** Returns what was kept of a feed for when the server cannot be reached. */
  recall: (topic: Topic) => Promise<KeptFeed | null> = () => Promise.resolve(null);

  constructor(live: Live) {
    this.#live = live;
  }

  /** Read a feed and follow it from the very position of what was read. Return how to leave it. */
  open(topic: Topic): () => void {
    let leave: (() => void) | null = null;
    let left = false;
    const load = async (): Promise<void> => {
      // Nothing tells what I like elsewhere: it is read afresh.
      if (topic === LIKED) this.#live.dispatch({ kind: "feed-dropped", topic });
      const known = this.#live.state.feeds.get(topic)?.loaded ?? false;
      const at = await (known ? this.#repair(topic) : this.#first(topic));
      if (left || !at || STILL.some((still) => topic.startsWith(still))) return;
      const before = leave;
      // My own feed has no company to count.
      leave = this.#live.follow(topic, {
        since: at,
        ...(topic === "feed:following" ? {} : { presence: "count" }),
      });
      before?.();
    };
    this.#loads.set(load, topic);
    void load();
    return () => {
      left = true;
      this.#loads.delete(load);
      leave?.();
    };
  }

  /** Read again what could not be read. */
  retry(): void {
    // The first of two who read the same takes its problem away.
    const failed = [...this.#loads].filter(([, topic]) => this.problems.has(topic));
    for (const [load] of failed) void load();
  }

  /** We have become somebody else: what hangs is theirs to like, and our own walls are other ones. */
  async another(): Promise<void> {
    await Promise.all(
      [...this.#loads].map(([load, topic]) =>
        this.#live.state.feeds.get(topic)?.loaded ? this.#again(topic) : load(),
      ),
    );
  }

  /** Read the pages of all that hangs, for what is mine of it; what is new waits behind the pill. */
  async #again(topic: Topic): Promise<void> {
    const missing = new Set(hanging(this.#live, topic));
    let before: string | null = null;
    try {
      for (let page = 0; page < AGAIN_PAGES && missing.size; page++) {
        const snapshot = await this.#page(topic, before);
        const known = snapshot.posts.filter(({ id }) => missing.delete(id));
        const place = page ? "known" : "missed";
        const posts = page ? known : snapshot.posts;
        const mine = snapshot.mine ?? {};
        this.#live.dispatch({
          kind: "feed-page",
          topic,
          page: { posts, generations: page ? [] : snapshot.generations, next: null, mine, place },
        });
        before = snapshot.next ?? null;
        if (!before) break;
      }
    } catch {
      // What is mine shows when the wall is read next.
    }
  }

  /**
   * Hang what waits behind the pill; when that is more than the page holds, begin again at the newest. Return whether it
   * hangs: why it does not is said, and it waits on.
   */
  async openPending(topic: Topic): Promise<boolean> {
    const feed = this.#live.state.feeds.get(topic);
    try {
      if (feed?.overflow || feed?.uncounted) await this.#newest(topic);
      else this.#live.dispatch({ kind: "open-pending", topic });
      return true;
    } catch (error) {
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
      return false;
    }
  }

  /**
   * Hang pictures of mine that have just come, if the reader is at the top; else they wait behind the pill.
   *
   * isAtTop: asked only when there is something to hang, since the answer may cost a layout of the page.
   */
  join(topic: Topic, isAtTop: () => boolean): void {
    const mine = this.#mine(topic);
    const fresh = mine.filter((id) => !this.#waiting.includes(id));
    const atTop = fresh.length > 0 && isAtTop();
    this.#waiting = atTop ? mine.filter((id) => !fresh.includes(id)) : mine;
    if (atTop) this.#live.dispatch({ kind: "hang", topic, posts: fresh });
  }

  /** What waits behind the pill and is mine; what still dries on the easel is not ready. */
  #mine(topic: Topic): readonly string[] {
    const { feeds, posts, generations } = this.#live.state;
    const me = this.#live.me?.id;
    const pending = feeds.get(topic)?.pending ?? [];
    return pending.filter((id) => {
      const stage = generations.get(id)?.stage ?? "posted";
      return posts.get(id)?.author.id === me && stage === "posted";
    });
  }

  async older(topic: Topic): Promise<void> {
    const before = this.#live.state.feeds.get(topic)?.next;
    if (!before || this.#loading.has(topic)) return;
    this.#loading.add(topic);
    this.#live.touch();
    try {
      const { posts, next, mine } = await this.#page(topic, before);
      this.#live.dispatch({
        kind: "feed-page",
        topic,
        page: { posts, generations: [], next: next ?? null, mine: mine ?? {}, place: "older", before },
      });
    } catch (error) {
      this.#live.notices.say({
        text: asProblem(error).sentence,
        tone: "bad",
        action: { label: say("try-again"), run: () => void this.older(topic) },
      });
    } finally {
      this.#loading.delete(topic);
      this.#live.touch();
    }
  }

  /** Let go of what these blocks show, which hang far from the reader, as long as it could be had again. */
  async layAside(topic: Topic, shapes: ReadonlyMap<string, Shape>): Promise<void> {
    this.#aside ??= await this.#fetched();
    if (this.#aside && this.#live.connection.phase === "live")
      this.#live.dispatch({ kind: "lay-aside", topic, shapes });
  }

  /** Read what these blocks show, where it was laid aside, the first of them first; whoever asks last decides. */
  async takeBack(topic: Topic, keys: readonly string[]): Promise<void> {
    await this.#aside?.takeBack(topic, keys);
  }

  async #fetched(): Promise<LaidAside | null> {
    try {
      const { LaidAside } = await import("./laid-aside");
      return (this.#aside ??= new LaidAside(this.#live, (topic, before) => this.#page(topic, before)));
    } catch {
      return null; // out of reach: then nothing is laid aside
    }
  }

  /** Whether older pictures are on their way to a feed. */
  isAdding(topic: Topic): boolean {
    return this.#loading.has(topic);
  }

  /** After a gap: what is new waits behind the pill. */
  async repair(topic: Topic): Promise<void> {
    if (this.#stale.has(topic)) await this.#first(topic);
    else if (this.#live.state.feeds.get(topic)?.loaded) await this.#repair(topic);
  }

  async #page(topic: Topic, before: string | null): Promise<FeedSnapshot> {
    // Whose feed it is depends on who I am.
    if (topic === "feed:following" || topic === LIKED) await this.#live.letIn();
    const first = await this.#read(topic, before);
    let last = first;
    for (let page = 1; page < EMPTY_PAGES && last.next && !last.posts.length; page++)
      last = await this.#read(topic, last.next);
    // What is told from the first one's position on is not missed, and only that one names jobs.
    return { ...last, generations: first.generations, at: first.at };
  }

  async #read(topic: Topic, before: string | null): Promise<FeedSnapshot> {
    if (!topic.startsWith(SEARCH)) return this.#live.api.feed(nameOf(topic), before, PAGE);
    const q = topic.slice(SEARCH.length);
    const query = new URLSearchParams({ q, limit: String(PAGE), ...(before ? { before } : {}) });
    const found = noted(
      await this.#live.api.call<FeedSnapshot & { users?: readonly User[] }>("GET", `/api/search?${query}`),
    );
    if (!before) this.#note(topic, found.users ?? []);
    return { ...found, generations: [], at: "" };
  }

  #note(topic: Topic, people: readonly User[]): void {
    this.people.delete(topic);
    this.people.set(topic, people);
    for (const known of this.people.keys()) if (this.people.size > MOST_SEARCHES) this.people.delete(known);
  }

  /** Hang the newest page, and nothing else. Return where it stands. Raises Problem. */
  async #newest(topic: Topic): Promise<string> {
    const { posts, generations, next, at, mine } = await this.#page(topic, null);
    this.#live.dispatch({
      kind: "feed-page",
      topic,
      page: { at, posts, generations, next: next ?? null, mine: mine ?? {}, place: "first" },
    });
    this.#stale.delete(topic);
    return at;
  }

  async #first(topic: Topic): Promise<string | null> {
    this.problems.delete(topic);
    try {
      return await this.#newest(topic);
    } catch (error) {
      const problem = asProblem(error);
      const at = problem.status === 0 ? await this.#recalled(topic) : null;
      if (!at) this.problems.set(topic, problem);
      this.#live.touch();
      if (!at) this.#live.comeback.missed(problem);
      return at;
    }
  }

  /** Hang what was kept, and go on from there: everything since then, deletions too, comes when the server does. */
  async #recalled(topic: Topic): Promise<string | null> {
    if (this.#live.state.feeds.get(topic)?.loaded) return null;
    const kept = await this.recall(topic);
    if (!kept) return null;
    const { posts, next, mine, at } = kept;
    this.#stale.add(topic);
    this.#live.dispatch({
      kind: "feed-page",
      topic,
      page: { at, posts, generations: [], next, mine, place: "first" },
    });
    return at;
  }

  /** Take in what was missed. What cannot be read is tried again: until then the gap is still to be filled in. */
  async #repair(topic: Topic): Promise<string | null> {
    const hung = hanging(this.#live, topic);
    if (!hung.size) return this.#first(topic);
    const told = this.problems.has(topic);
    this.problems.delete(topic);
    try {
      const { askAfter, lackingOf, readMissed } = await fetched();
      const missed = await readMissed((before) => this.#page(topic, before), hung);
      // A search is no list of all that is there.
      const lacking = topic.startsWith(SEARCH) ? null : lackingOf(this.#live.state, topic, missed);
      this.#live.dispatch({ kind: "feed-page", topic, page: { ...missed, next: null, place: "missed" } });
      this.#failures = 0;
      if (lacking) void askAfter(this.#live, topic, lacking);
      return missed.at;
    } catch (error) {
      const problem = asProblem(error);
      this.problems.set(topic, problem);
      if (problem.passing) this.#soon();
      if (!told) this.#live.notices.say({ text: problem.sentence, tone: "bad" });
      return null;
    }
  }

  #soon(): void {
    const wait = Math.min(LONGEST_MS, AGAIN_MS * 2 ** this.#failures++);
    clearTimeout(this.#nextTry);
    this.#nextTry = setTimeout(() => this.retry(), wait);
  }
}

/** What fills in a gap is not needed at first. Raises Problem. */
async function fetched(): Promise<typeof import("./repair")> {
  return import("./repair").catch(() => {
    throw unreachable();
  });
}

export function nameOf(topic: Topic): string {
  return topic.slice("feed:".length);
}

function hanging(live: Live, topic: Topic): ReadonlySet<string> {
  const feed = live.state.feeds.get(topic);
  return new Set(feed?.blocks.flatMap((block) => block.posts));
}
