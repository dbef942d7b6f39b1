import type { GenerationRequest } from "./api";
import { serverNow } from "./clock";
import { newKey } from "./key";
import type { Live } from "./live";
import { asProblem, Problem } from "./problem";
import type { Generation, Topic } from "./protocol";
import type { Job } from "./state";
import { store } from "./storage";

/** Under this the browser's other tabs are told of a new job: whose it is, and which. */
const ASKED = "livefeed.jobs";
/** How far a remix goes from its parent unless something else is chosen. */
export const USUAL_STRENGTH = 0.6;
/** How long "drying" stands, so that the light has passed over the picture. */
const DRYING_MS = 1_100;
/** KEPT events of a job that a fresh subscription replays: a whole life has fewer. */
export const JOB_EVENTS = 20;

/** My own jobs: asking for pictures, calling them off, and finding those again that were asked for elsewhere. */
export class Easel {
  readonly #live: Live;
  #attempt = { body: "", key: "" };
  readonly #drying = new Set<string>();
  readonly #leave = new Map<string, () => void>();
  /** What each job of mine was asked with, for "Try again" and "Change the words". */
  readonly requests = new Map<string, GenerationRequest>();

  /** Called when a picture of mine is done: it is a post, or for me alone. */
  done: (job: Job) => void = () => undefined;

  constructor(live: Live) {
    this.#live = live;
    live.listen(() => this.#dry());
  }

  /**
   * Ask for a picture and return its id. The same request again after a failure has the same key, so it
   * is painted once. Raises Problem.
   */
  async paint(request: GenerationRequest, feed: Topic): Promise<string> {
    const author = this.#live.me;
    if (!author) throw new Problem("nobody", "You are being let in. Try again in a moment.", 0);
    const body = JSON.stringify(request);
    if (this.#attempt.body !== body) this.#attempt = { body, key: newKey() };
    const { id, topic } = await this.#live.api.generate(request, this.#attempt.key);
    this.#attempt = { body: "", key: "" };
    this.requests.set(id, request);
    this.#own({ ...request, id, topic, author, state: "queued", created: serverNow() }, feed);
    // Where storage is forbidden the others learn of it when they are loaded again.
    store(ASKED, `${author.id} ${id}`);
    return id;
  }

  /** The same picture once more: the same words, size, style, seed, and by the same hand. */
  async again(job: Job, feed: Topic): Promise<void> {
    const request = this.requests.get(job.generation.id) ?? requestOf(job.generation);
    try {
      await this.paint(request, feed);
      this.forget(job.generation.id, feed);
    } catch (error) {
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    }
  }

  async cancel(id: string): Promise<void> {
    try {
      await this.#live.api.cancel(id);
    } catch (error) {
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    }
  }

  /** Take a job that is over off my easel. */
  forget(id: string, feed: Topic): void {
    this.#leave.get(id)?.();
    this.#leave.delete(id);
    this.#live.dispatch(
      { kind: "own", generation: id, on: false },
      { kind: "retire", topic: feed, generations: [id] },
    );
  }

  /** Bring what runs of mine to the easel, wherever it was asked for: before a reload, in another tab, elsewhere. */
  async recall(feed: Topic): Promise<void> {
    if (!this.#live.me) return;
    try {
      const { generations } = await this.#live.api.running();
      const mine = generations.filter(({ author }) => author.id === this.#live.me?.id);
      for (const generation of mine) this.#own(generation, feed);
    } catch {
      // They are painted all the same, and the news tell what became of them.
    }
  }

  /** A value in the browser's storage was changed by another tab: it may have asked for a picture of mine. */
  async heard({ key, newValue }: Pick<StorageEvent, "key" | "newValue">, feed: Topic): Promise<void> {
    const me = this.#live.me?.id;
    if (me && key === ASKED && newValue?.startsWith(`${me} `)) await this.recall(feed);
  }

  /** We have become somebody else, whose jobs these are not. */
  another(): void {
    for (const leave of this.#leave.values()) leave();
    this.#leave.clear();
    this.requests.clear();
    this.#attempt = { body: "", key: "" };
  }

  /** A finished picture dries for a moment, then it is the post. */
  #dry(): void {
    for (const [id, job] of this.#live.state.generations) {
      if (job.stage !== "finishing" || this.#drying.has(id)) continue;
      this.#drying.add(id);
      setTimeout(() => this.#settle(id), DRYING_MS);
    }
  }

  #settle(id: string): void {
    this.#drying.delete(id);
    this.#live.dispatch({ kind: "settle", generation: id });
    const job = this.#live.state.generations.get(id);
    if (job?.stage === "posted" && this.#live.state.own.includes(id)) this.done(job);
    this.#letGo();
  }

  /** Leave the topics of what is posted, and of what is not among mine any more, of which no request is kept either. */
  #letGo(): void {
    const { own, generations } = this.#live.state;
    for (const [id, leave] of this.#leave) {
      if (own.includes(id) && generations.get(id)?.stage !== "posted") continue;
      this.#leave.delete(id);
      leave();
    }
    for (const id of this.requests.keys()) if (!own.includes(id)) this.requests.delete(id);
  }

  #own(generation: Generation, feed: Topic): void {
    this.#live.dispatch(
      { kind: "generation", generation, easel: feed },
      { kind: "own", generation: generation.id, on: true },
    );
    if (!this.#leave.has(generation.id)) {
      this.#leave.set(generation.id, this.#live.follow(generation.topic, { latest: JOB_EVENTS }));
    }
    this.#letGo();
  }
}

/** Return what a picture was asked for with, of what the server tells of it. */
export function requestOf(generation: Generation): GenerationRequest {
  const { prompt, width, height, parent, strength, generator, style, seed, publish } = generation;
  return {
    prompt,
    width,
    height,
    publish: publish ?? true,
    seed: seed ?? anySeed(),
    ...(generator ? { generator } : {}),
    ...(style ? { style } : {}),
    ...(parent ? { parent, strength: strength ?? USUAL_STRENGTH } : {}),
  };
}

/** Return a seed; the page draws it, not the server, so that "Try again" can give the same one. */
export function anySeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
