import type { CommentPage } from "./api";
import { newKey } from "./key";
import type { Live } from "./live";
import { comparePositions } from "./position";
import { asProblem, type Problem } from "./problem";
import type { Reactions, Topic } from "./protocol";
import type { Draft } from "./state";
import { say } from "../words/words";

/** A writer is announced at most this often. */
const TYPING_EVERY_MS = 3_000;
/** What did not reach the server is sent again after so long. */
const RESEND_MS = 5_000;
/** After a gap, at most so many pages of comments are read to find all that is shown. */
const MOST_PAGES = 10;

interface Wanted {
  readonly on: boolean;
  /** The totals that were shown for it. */
  readonly guess: Reactions;
}

/** One post and what is said about it: opening, commenting, reacting, deleting. */
export class Conversation {
  readonly #live: Live;
  /** Why a post could not be shown. */
  readonly problems = new Map<string, Problem>();
  /** How each who has a post open reads it. */
  readonly #loads = new Map<() => Promise<void>, string>();
  /** My reactions that are being told, by post and emoji. */
  readonly #wanted = new Map<string, Wanted>();
  #typedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Called when an opened post's topic is followed. */
  followed: (post: string) => void = () => undefined;

  constructor(live: Live) {
    this.#live = live;
  }

  /** Read a post with its comments and follow both. Return how to leave. */
  open(post: string): () => void {
    let leave: (() => void) | null = null;
    let left = false;
    const load = async (): Promise<void> => {
      const at = await this.read(post);
      if (left || !at) return;
      const before = leave;
      leave = this.#live.follow(topicOf(post), { since: at, presence: "count" });
      before?.();
      this.followed(post);
    };
    this.#loads.set(load, post);
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
    const failed = [...this.#loads].filter(([, post]) => this.problems.has(post));
    for (const [load] of failed) void load();
  }

  /** Read what is open again: we have become somebody else. */
  again(): void {
    for (const load of this.#loads.keys()) void load();
  }

  /** Return the position that both the post and its comments stand for, null when they cannot be had. */
  async read(post: string): Promise<string | null> {
    this.problems.delete(post);
    try {
      const [one, talk] = await Promise.all([this.#live.api.post(post), this.#talk(post)]);
      this.#live.dispatch(
        { kind: "post", post: one.post, mine: one.mine ?? [...(this.#live.state.mine.get(post) ?? [])] },
        {
          kind: "thread-page",
          post,
          page: {
            comments: talk.comments,
            generations: talk.generations ?? [],
            next: talk.next ?? null,
            place: "first",
          },
        },
      );
      return comparePositions(one.at, talk.at) < 0 ? one.at : talk.at;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 404) this.#live.dispatch({ kind: "gone", post });
      this.problems.set(post, problem);
      this.#live.touch();
      this.#live.comeback.missed(problem);
      return null;
    }
  }

  /** Read the newest comments; after a gap as many as are shown, for any of them may be others now, or gone. */
  async #talk(post: string): Promise<CommentPage> {
    const newest = await this.#live.api.comments(post, null);
    const thread = this.#live.state.threads.get(post);
    const oldest = thread?.arrived ? thread.comments[0] : undefined;
    let { comments, next } = newest;
    const met = (): boolean =>
      comments.some(({ id, created }) => id === oldest?.id || created < oldest!.created);
    for (let page = 1; oldest && next && page < MOST_PAGES && !met(); page++) {
      const older = await this.#live.api.comments(post, next);
      comments = [...older.comments, ...comments];
      next = older.next;
    }
    return { ...newest, comments, next };
  }

  async more(post: string): Promise<void> {
    const before = this.#live.state.threads.get(post)?.next;
    if (!before) return;
    try {
      const { comments, next } = await this.#live.api.comments(post, before);
      this.#live.dispatch({
        kind: "thread-page",
        post,
        page: { comments, next: next ?? null, place: "more" },
      });
    } catch (error) {
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    }
  }

  typing(post: string): void {
    const now = Date.now();
    if (now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#live.signal(topicOf(post), "typing");
  }

  /** Say something: it stands in the thread at once, and waits there while the server is away or does not know us. */
  comment(post: string, text: string, parent: string | null): void {
    this.#typedAt = 0;
    const author = this.#live.me;
    void this.send(post, { key: newKey(), author, text, parent, status: "sending", problem: "" });
  }

  async send(post: string, written: Draft): Promise<void> {
    const { me } = this.#live;
    const draft = { ...written, author: me ?? written.author };
    if (!navigator.onLine || !me) {
      this.#put(post, { ...draft, status: "waiting", problem: "" });
      if (!navigator.onLine) this.#live.notices.say({ text: say("talk.offline"), tone: "offline" });
      return;
    }
    this.#put(post, { ...draft, status: "sending", problem: "" });
    try {
      const { comment } = await this.#live.api.comment(post, draft.text, draft.parent, draft.key);
      this.#live.dispatch({ kind: "comment", comment, key: draft.key });
    } catch (error) {
      const problem = asProblem(error);
      const waits = problem.status === 0 || problem.status === 401;
      // The event may have come although the answer did not: then there is no draft left to mark.
      if (!this.#live.state.drafts.get(post)?.some((one) => one.key === draft.key)) return;
      this.#put(post, { ...draft, status: waits ? "waiting" : "failed", problem: problem.sentence });
      if (problem.status === 0) this.#resendSoon();
    }
  }

  /** A connection that stands all the while will not say that it does again: what did not arrive is sent once more. */
  #resendSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#live.connection.phase === "live") this.resend();
    }, RESEND_MS);
  }

  /** Send what waited for the server. */
  resend(): void {
    for (const [post, drafts] of this.#live.state.drafts) {
      for (const draft of drafts) if (draft.status === "waiting") void this.send(post, draft);
    }
  }

  discard(post: string, key: string): void {
    this.#live.dispatch({ kind: "draft-dropped", post, key });
  }

  async removeComment(post: string, comment: string): Promise<void> {
    try {
      await this.#live.api.removeComment(comment);
      this.#live.dispatch({ kind: "comment-removed", post, comment });
    } catch (error) {
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    }
  }

  async removePost(post: string): Promise<void> {
    try {
      await this.#live.api.removePost(post);
      this.#live.dispatch({ kind: "gone", post });
    } catch (error) {
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    }
  }

  /**
   * Set or unset one of my reactions: counted at once, corrected by the server's answer. Pressed again before that, only
   * what it is to be in the end is told.
   */
  async react(id: string, emoji: string): Promise<void> {
    const post = this.#live.state.posts.get(id);
    if (!post) return;
    const on = !this.#live.state.mine.get(id)?.has(emoji);
    const reactions = changed(post.reactions, emoji, on ? 1 : -1);
    this.#live.dispatch({ kind: "mine", post: id, emoji, on }, { kind: "reactions", post: id, reactions });
    const key = `${id} ${emoji}`;
    const busy = this.#wanted.has(key);
    this.#wanted.set(key, { on, guess: reactions });
    if (!busy) await this.#tell(id, emoji, key);
  }

  async #tell(id: string, emoji: string, key: string): Promise<void> {
    // Before the first press it was the other way round.
    let told = !this.#wanted.get(key)?.on;
    try {
      for (let wanted = this.#wanted.get(key); wanted && wanted.on !== told; wanted = this.#wanted.get(key)) {
        const { on, guess } = wanted;
        const answer = await this.#live.api.react(id, emoji, on);
        told = on;
        if (!answer || this.#wanted.get(key) !== wanted) continue;
        // The server knows the one true spelling of an emoji.
        if (answer.mine) this.#live.dispatch({ kind: "mine-all", post: id, mine: answer.mine });
        // Totals that arrived meanwhile by the live road are newer than this answer, or will be followed by newer ones.
        if (this.#live.state.posts.get(id)?.reactions === guess)
          this.#live.dispatch({ kind: "reactions", post: id, reactions: answer.reactions });
      }
    } catch (error) {
      this.#takeBack(id, emoji, told, this.#wanted.get(key));
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    } finally {
      this.#wanted.delete(key);
    }
  }

  /** It could not be told: it is as it was. */
  #takeBack(id: string, emoji: string, told: boolean, wanted: Wanted | undefined): void {
    const current = this.#live.state.posts.get(id)?.reactions ?? {};
    const counted = wanted && wanted.on !== told && current === wanted.guess;
    this.#live.dispatch(
      { kind: "mine", post: id, emoji, on: told },
      { kind: "reactions", post: id, reactions: counted ? changed(current, emoji, told ? 1 : -1) : current },
    );
  }

  #put(post: string, draft: Draft): void {
    this.#live.dispatch({ kind: "draft", post, draft });
  }
}

function changed(reactions: Reactions, emoji: string, by: 1 | -1): Reactions {
  const total = (reactions[emoji] ?? 0) + by;
  const rest = Object.fromEntries(Object.entries(reactions).filter(([key]) => key !== emoji));
  return total > 0 ? { ...reactions, [emoji]: total } : rest;
}

export function topicOf(post: string): Topic {
  return `post:${post}`;
}
