import { Cursors } from "./cursors";
import { EMPTY_ROOM, faced, foldRoom, leading, type RoomAction, type RoomState } from "./fold-room";
import { newKey } from "./key";
import type { Live } from "./live";
import { LiveStrokes } from "./live-strokes";
import { asProblem, type Problem } from "./problem";
import type { Post, Topic, TopicFrame } from "./protocol";
import { RoomApi } from "./room-api";
import { Ballot } from "./room-ballot";
import { RoomJobs } from "./room-jobs";
import { RoomParent } from "./room-parent";
import type { CursorSignal, RoomSnapshot, StrokeSignal, Variation } from "./room-protocol";
import type { Draft } from "./state";
import { say } from "../words/words";

const TYPING_EVERY_MS = 3_000;
const TICK_MS = 1_000;
/** A room that could not be read is asked for again after so long, doubled each time up to a limit. */
const AGAIN_MS = 1_000;
const LONGEST_AGAIN_MS = 15_000;

/**
 * The room that the page shows, beside its document: who is here, what is said, what was painted and voted for. State is
 * a fold over the topic's frames; pointers and strokes in progress are fleeting and kept aside.
 */
export class RoomSession {
  readonly id: string;
  readonly topic: Topic;
  readonly api: RoomApi;
  readonly cursors = new Cursors();
  readonly strokes = new LiveStrokes();
  state: RoomState = EMPTY_ROOM;
  /** Why the room cannot be shown. */
  problem: Problem | null = null;
  /** What the caller does is on its way. */
  painting = false;
  publishing = false;
  /** Told when a pointer or a stroke has moved: not the state's listeners, sixty times a second. */
  stirred: () => void = () => undefined;

  readonly #live: Live;
  readonly #listeners = new Set<() => void>();
  readonly #jobs: RoomJobs;
  readonly #ballot: Ballot;
  /** My vote as the server has it, while another wish is on its way. */
  #votedBefore: string | null = null;
  #leave: () => void = () => undefined;
  readonly #parent: RoomParent;
  #tick: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #resend: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #typedAt = 0;
  #left = false;
  #paintKey = newKey();
  #publishAttempt = { body: "", key: "" };

  constructor(live: Live, id: string) {
    this.#live = live;
    this.id = id;
    this.topic = `room:${id}`;
    this.api = new RoomApi(live.api, id);
    this.#jobs = new RoomJobs(live);
    this.#parent = new RoomParent(
      live,
      () => this.#parentGone(),
      () => void this.reload(),
    );
    this.#ballot = new Ballot({
      send: ({ variation, on }) => this.api.vote(variation, on),
      waits: () => this.dispatch({ kind: "vote-waits", waits: true }),
      accepted: () => this.dispatch({ kind: "vote-waits", waits: false }),
      refused: (choice, problem) => this.#voteRefused(choice.variation, problem),
    });
  }

  /** Come in, by the invitation if there is one, and follow what happens. */
  async open(invite: string | null): Promise<void> {
    this.#tick ??= setInterval(() => this.#passed(), TICK_MS);
    try {
      await this.#live.letIn();
      if (invite) await this.#join(invite);
      if (this.#left) return;
      const snapshot = await this.api.read();
      if (this.#left) return;
      this.problem = null;
      this.#attempt = 0;
      this.#receive(snapshot);
      this.#follow(snapshot.at);
    } catch (error) {
      this.problem = asProblem(error);
      this.#notify();
      if (this.problem.passing && !this.#left) this.#again(invite);
    }
  }

  /** Come in by an invitation. One that was ended tells nothing to whoever is in already. */
  async #join(invite: string): Promise<void> {
    try {
      await this.api.join(invite);
    } catch (error) {
      if (asProblem(error).status !== 404) throw error;
      await this.api.read();
    }
  }

  close(): void {
    this.#left = true;
    clearInterval(this.#tick);
    clearTimeout(this.#retry);
    clearTimeout(this.#resend);
    this.#leave();
    this.#parent.close();
    this.#ballot.drop();
    this.#jobs.close();
  }

  /** Read everything again: something was missed. Return what was read, null when it cannot be. */
  async reload(): Promise<RoomSnapshot | null> {
    try {
      const snapshot = await this.api.read();
      if (this.#left) return null;
      this.#receive(snapshot);
      return snapshot;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 404 || problem.status === 403) this.dispatch({ kind: "revoked" });
      return null;
    }
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispatch(...actions: RoomAction[]): void {
    const next = actions.reduce(foldRoom, this.state);
    if (next === this.state) return;
    const before = this.state;
    this.state = next;
    if (before.variations !== next.variations) this.#jobs.hold(next);
    if (!this.#left) this.#parent.follow(next.room?.post?.id ?? "");
    if (before.members !== next.members) this.#endStrokes(before, next);
    if (!before.demoted && next.demoted) {
      this.#ballot.drop();
      this.dispatch({ kind: "vote-waits", waits: false });
    }
    if (before.roster !== next.roster) {
      this.cursors.keep((id) => next.roster.some(({ user }) => user.id === id));
      this.stirred();
    }
    this.#notify();
  }

  get me(): string {
    return this.#live.me?.id ?? "";
  }

  get mayEdit(): boolean {
    return !this.state.revoked && (this.isOwner || this.state.room?.role === "editor");
  }

  get isOwner(): boolean {
    return this.state.room?.role === "owner";
  }

  cursor(at: CursorSignal | null): void {
    // The wire's data is a map or, for "left", nothing.
    this.#live.signal(this.topic, "cursor", at);
  }

  stroke(piece: StrokeSignal): void {
    this.#live.signal(this.topic, "stroke", piece);
  }

  typing(): void {
    const now = Date.now();
    if (now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#live.signal(this.topic, "typing");
  }

  say(text: string): void {
    const author = this.#live.me;
    if (!author) return;
    this.#typedAt = 0;
    void this.send({ key: newKey(), author, text, parent: null, status: "sending", problem: "" });
  }

  async send(draft: Draft): Promise<void> {
    this.dispatch({ kind: "draft", draft: { ...draft, status: "sending", problem: "" } });
    try {
      const { message } = await this.api.say(draft.text, draft.key);
      this.dispatch({ kind: "message", message, key: draft.key });
    } catch (error) {
      const problem = asProblem(error);
      if (!this.state.drafts.some(({ key }) => key === draft.key)) return;
      const status = problem.status === 0 ? "waiting" : "failed";
      this.dispatch({ kind: "draft", draft: { ...draft, status, problem: problem.sentence } });
      clearTimeout(this.#resend);
      // The server may come back before the connection is known to have broken.
      if (status === "waiting") this.#resend = setTimeout(() => this.caughtUp(), AGAIN_MS);
    }
  }

  /** Send what waited for the network, and read what could not be read. */
  caughtUp(): void {
    for (const draft of this.state.drafts) if (draft.status === "waiting") void this.send(draft);
    void this.#ballot.send();
  }

  /** What the document shows of the votes. */
  mirror(votes: ReadonlyMap<string, string>): void {
    this.dispatch({ kind: "mirror", votes });
  }

  async older(): Promise<void> {
    if (!this.state.older) return;
    await this.#try(async () => {
      const { messages, next } = await this.api.messages(this.state.older ?? "");
      this.dispatch({ kind: "older", messages, next: next ?? null });
    });
  }

  async react(message: string, emoji: string): Promise<void> {
    const on = !this.state.mine.get(message)?.has(emoji);
    this.dispatch({ kind: "react", message, emoji, on });
    const done = await this.#try(() => this.api.react(message, emoji, on));
    if (!done) this.dispatch({ kind: "react", message, emoji, on: !on });
  }

  /** Have the document painted as it stands; asked again after a failure it is painted once. */
  async paint(): Promise<Variation | null> {
    if (this.painting) return null;
    this.painting = true;
    this.#notify();
    let made: Variation | null = null;
    await this.#try(async () => {
      const { variation } = await this.api.paint(this.#paintKey);
      this.#paintKey = newKey();
      this.dispatch({ kind: "variation", variation });
      made = variation;
    });
    this.painting = false;
    this.#notify();
    return made;
  }

  /** Vote for a variation, or take that back. Without a network it is kept, and sent when there is one. */
  async vote(variation: string): Promise<void> {
    const before = this.state.votes.get(this.me) ?? null;
    if (!this.#ballot.wish) this.#votedBefore = before;
    const choice = { variation, on: before !== variation };
    this.dispatch({ kind: "vote", user: this.me, ...choice });
    await this.#ballot.cast(choice);
  }

  #voteRefused(variation: string, problem: Problem): void {
    const before = this.#votedBefore;
    this.dispatch(
      before === null
        ? { kind: "vote", user: this.me, variation, on: false }
        : { kind: "vote", user: this.me, variation: before, on: true },
      { kind: "vote-waits", waits: false },
    );
    this.#live.notices.say({ title: say("strip.vote-refused"), text: problem.sentence, tone: "bad" });
  }

  /** Post a finished variation. Return the post, null when it was not to be. */
  async publish(variation: string, caption: string): Promise<Post | null> {
    if (this.publishing) return null;
    const body = JSON.stringify([variation, caption]);
    if (this.#publishAttempt.body !== body) this.#publishAttempt = { body, key: newKey() };
    this.publishing = true;
    this.#notify();
    let made: Post | null = null;
    await this.#try(async () => {
      const { post } = await this.api.publish(variation, caption, this.#publishAttempt.key);
      this.dispatch({ kind: "published", post });
      made = post;
    });
    this.publishing = false;
    this.#notify();
    return made;
  }

  /** Leave for good. Throws a Problem. */
  async leave(): Promise<void> {
    await this.api.remove(this.#live.me?.handle ?? "");
    this.close();
  }

  async cancel(variation: string): Promise<void> {
    await this.#try(() => this.#live.api.cancel(variation));
  }

  /** The variation that publishing is about: the one with the most votes. */
  get leading(): Variation | null {
    return leading(this.state);
  }

  #receive(snapshot: RoomSnapshot): void {
    const wish = snapshot.room.role === "viewer" ? null : this.#ballot.wish;
    this.dispatch(
      { kind: "snapshot", snapshot, me: this.me },
      // What the server has not heard of stands all the same.
      ...(wish ? [{ kind: "vote", user: this.me, ...wish } as const] : []),
    );
    this.#jobs.hold(this.state);
  }

  #parentGone(): void {
    this.dispatch({ kind: "parent-gone" });
    const { me } = this.#live;
    if (me) this.#live.setMe(faced(this.state, me));
  }

  #follow(at: string): void {
    const stopHearing = this.#live.overhear(this.topic, {
      frames: (frames) => this.#heard(frames),
      refused: () => void this.#refused(),
    });
    const stopFollowing = this.#live.follow(this.topic, { since: at, presence: "roster" });
    this.#leave = () => {
      this.cursor(null);
      stopFollowing();
      stopHearing();
    };
  }

  /** The topic has ended for us: the rights are gone, unless the server still shows us the room. */
  async #refused(): Promise<void> {
    const read = await this.reload();
    if (!read || this.#left) return;
    this.#leave();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#follow(read.at), AGAIN_MS);
  }

  #heard(frames: readonly TopicFrame[]): void {
    const now = Date.now();
    const me = this.me;
    for (const frame of frames) {
      if (frame.op === "signals") this.#fleeting(frame, performance.now());
      this.dispatch({ kind: "frame", frame, now, me });
    }
  }

  #fleeting(frame: TopicFrame & { op: "signals" }, now: number): void {
    let stirred = false;
    for (const { user, type, data } of frame.signals) {
      if (user.id === this.me) continue;
      if (type === "cursor") this.cursors.hear(user, data as CursorSignal | null, now);
      else if (type === "stroke" && this.state.members.get(user.id)?.role !== "viewer")
        this.strokes.hear(user.id, data as StrokeSignal, now);
      else continue;
      stirred = true;
    }
    if (stirred) this.stirred();
  }

  /** Whoever may not paint any more has no stroke in progress: it will not be finished. */
  #endStrokes(before: RoomState, next: RoomState): void {
    const paints = (state: RoomState, id: string): boolean => {
      const role = state.members.get(id)?.role;
      return role !== undefined && role !== "viewer";
    };
    for (const id of before.members.keys())
      if (paints(before, id) && !paints(next, id)) this.strokes.endOf(id);
    this.stirred();
  }

  #passed(): void {
    this.dispatch({ kind: "tick", now: Date.now() });
    const { version } = this.strokes;
    this.strokes.expire(performance.now(), () => true);
    if (version !== this.strokes.version || this.cursors.size) this.stirred();
  }

  #again(invite: string | null): void {
    clearTimeout(this.#retry);
    const pause = Math.min(LONGEST_AGAIN_MS, AGAIN_MS * 2 ** this.#attempt++);
    this.#retry = setTimeout(() => void this.open(invite), pause);
  }

  async #try(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
      return false;
    }
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
