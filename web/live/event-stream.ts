import { EventBlocks, type EventBlock } from "./event-blocks";
import { comparePositions } from "./position";
import { problemFrom, type Problem } from "./problem";
import type { KeptEvent, LatestValue, Position, ServerFrame, Subscribed, Topic } from "./protocol";
import type { Fetch } from "./requests";

/** Where a followed topic stands, and which requests have not been answered yet. */
interface Place {
  readonly at: Position | null;
  /** KEPT events to replay when there is no position yet; of a stream's topics the most counts. */
  readonly latest: number;
  readonly refs: readonly number[];
  /** Its position was asked for just now, and is nobody's snapshot. */
  readonly placed: boolean;
}

export interface StreamEars {
  frames(frames: readonly ServerFrame[]): void;
  /** It has ended; the stream does not come back by itself. */
  closed(code: number, retryAfterMs: number | null): void;
}

type Told = { readonly topic: Topic; readonly at?: Position } & Partial<KeptEvent & LatestValue>;

/** What one turn asks for and leaves is one stream; so is what follows within a moment. */
const GATHER_MS = 60;
/** Addresses are read up to 8 KB by most servers and proxies. */
const LONGEST_ADDRESS = 7_000;
const UNAUTHORISED = 4501;
const DRAINING = 4000;
const LOST = 1006;
/** What a stream says of its own ending when it does not say when to come back; the server's `retry`. */
const RETRY_MS = 2_000;

/**
 * One server-sent stream for a changing set of topics, told as frames.
 *
 * A stream's topics are in its address, so another set is another stream; it resumes where the one before stood.
 * fetch and not EventSource: that one hides the answer's status and `Retry-After`, and Node has none.
 */
export class EventStream {
  readonly #address: string;
  readonly #ears: StreamEars;
  readonly #fetch: Fetch;
  readonly #places = new Map<Topic, Place>();
  #control: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** address: of `/sse`, with whatever is the same for all its streams, to which `topic=` is added. */
  constructor(address: string, ears: StreamEars, fetcher: Fetch) {
    this.#address = address;
    this.#ears = ears;
    this.#fetch = fetcher;
  }

  has(topic: Topic): boolean {
    return this.#places.has(topic);
  }

  /** Whether everything that was asked is answered. */
  get settled(): boolean {
    return this.#timer === undefined && [...this.#places.values()].every(({ refs }) => !refs.length);
  }

  /**
   * Follow a topic afresh. Several windows may ask in one moment, each for itself: the stream then begins where the first
   * of them has to, and answers them all. left: where another stream stood, which had it until now.
   */
  follow(topic: Topic, since: Position | null, latest: number, ref: number, left?: Place): void {
    const asked = { at: since, latest, refs: [ref], placed: false };
    const waiting = [left, this.#places.get(topic)].flatMap((place) => (place?.refs.length ? place : []));
    this.#places.set(
      topic,
      waiting.reduceRight((place, before) => together(before, place), asked),
    );
    this.#later();
  }

  /** Return where it stood; another stream may have to answer who waits there. */
  leave(topic: Topic): Place | undefined {
    const place = this.#places.get(topic);
    if (this.#places.delete(topic)) this.#later();
    return place;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#control?.abort();
  }

  /** The stream as it was ends at once: it must not move the position of a topic that is asked for anew. */
  #later(): void {
    this.#control?.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#begin();
    }, GATHER_MS);
  }

  async #begin(): Promise<void> {
    const control = new AbortController();
    this.#control = control;
    this.#refuseTheExcess();
    try {
      if (this.#places.size) await this.#run(control.signal);
    } catch {
      if (!control.signal.aborted) this.#end(LOST, null);
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    if (!(await this.#placeHeads(signal))) return;
    const topics = [...this.#places.keys()];
    const replays = [...this.#places.values()].map(({ at, latest }) => (at === null ? latest : 0));
    const response = await this.#open(topics, Math.max(...replays), signal);
    if (!response.ok) return this.#refused(topics, await problemOf(response), signal);
    for await (const blocks of blocksOf(response)) {
      if (signal.aborted) return;
      this.#ears.frames(this.#hear(topics, blocks));
    }
    if (!signal.aborted) this.#end(DRAINING, RETRY_MS * Math.random());
  }

  /**
   * `latest` counts for all topics of a stream that have no position. So where some are to begin with a replay, those
   * that are to begin now are first asked where that is. Return whether to go on.
   */
  async #placeHeads(signal: AbortSignal): Promise<boolean> {
    const fresh = [...this.#places].filter(([, { at }]) => at === null);
    const topics = fresh.filter(([, { latest }]) => latest === 0).map(([topic]) => topic);
    if (!topics.length || topics.length === fresh.length) return true;
    const answer = await this.#ask(topics, signal);
    if ("problem" in answer) {
      await this.#refused(topics, answer.problem, signal);
      return false;
    }
    for (const [topic, told] of Object.entries(answer.topics)) {
      const place = this.#places.get(topic);
      if (place && "at" in told) this.#places.set(topic, { ...place, at: told.at, placed: true });
    }
    return true;
  }

  /** Open a stream for as long as it takes to say where its topics begin. */
  async #ask(
    topics: readonly Topic[],
    signal: AbortSignal,
  ): Promise<{ topics: Record<Topic, Subscribed> } | { problem: Problem }> {
    const response = await this.#open(topics, 0, signal);
    if (!response.ok) return { problem: await problemOf(response) };
    for await (const blocks of blocksOf(response)) {
      const subscribed = blocks.find(({ event }) => event === "subscribed");
      if (subscribed) return JSON.parse(subscribed.data) as { topics: Record<Topic, Subscribed> };
    }
    throw new Error("The stream ended before it began.");
  }

  #open(topics: readonly Topic[], latest: number, signal: AbortSignal): Promise<Response> {
    const since = topics.map((topic) => this.#places.get(topic)?.at ?? "").join();
    const query = topics.map((topic) => `&topic=${encodeTopic(topic)}`).join("");
    const replay = latest ? `&latest=${latest}` : "";
    return this.#fetch(`${this.#address}${query}${replay}&since=${since}`, {
      signal,
      headers: { Accept: "text/event-stream" },
    });
  }

  /** One topic that may not be followed refuses them all: find which, leave them out, and begin again. */
  async #refused(topics: readonly Topic[], problem: Problem, signal: AbortSignal): Promise<void> {
    if (problem.status !== 400 && problem.status !== 404) {
      const code = problem.status === 401 ? UNAUTHORISED : LOST;
      return this.#end(code, problem.retryAfterS === null ? null : problem.retryAfterS * 1000);
    }
    const guilty = await this.#guilty(topics, problem, signal);
    if (signal.aborted) return;
    for (const [topic, { code, sentence }] of guilty) this.#refuse(topic, code, sentence);
    if (guilty.length) this.#later();
    else this.#end(LOST, null);
  }

  /** Halve until each refused topic stands alone. topics: refused together, with this problem. */
  async #guilty(
    topics: readonly Topic[],
    problem: Problem,
    signal: AbortSignal,
  ): Promise<(readonly [Topic, Problem])[]> {
    const [only] = topics;
    if (topics.length === 1 && only !== undefined) return [[only, problem]];
    const found: (readonly [Topic, Problem])[] = [];
    const middle = Math.ceil(topics.length / 2);
    for (const half of [topics.slice(0, middle), topics.slice(middle)]) {
      const answer = await this.#ask(half, signal);
      if ("problem" in answer) found.push(...(await this.#guilty(half, answer.problem, signal)));
    }
    return found;
  }

  /** An address can be too long: those that came last are refused, as beyond the server's own bound. */
  #refuseTheExcess(): void {
    let length = this.#address.length + 40;
    for (const [topic, place] of [...this.#places]) {
      length += encodeTopic(topic).length + "&topic=".length + (place.at?.length ?? 30) + 1;
      if (length <= LONGEST_ADDRESS) continue;
      this.#refuse(topic, "too_many_topics", "");
    }
  }

  /** Give a topic up: tell all who have asked for it, or, if none is waiting, that it ends. */
  #refuse(topic: Topic, code: string, message: string): void {
    const refs = this.#places.get(topic)?.refs;
    if (!refs) return;
    this.#places.delete(topic);
    const topics = { [topic]: { error: code } };
    this.#ears.frames(
      refs.length
        ? refs.map((ref) => ({ op: "subscribed", ref, topics }))
        : [{ op: "error", topic, code, message }],
    );
  }

  #hear(topics: readonly Topic[], blocks: readonly EventBlock[]): ServerFrame[] {
    return blocks.flatMap((block) => this.#frames(topics, block));
  }

  /** Return a block as frames: what happened on its own topic, and moves of the others' positions. */
  #frames(topics: readonly Topic[], { event, id, data }: EventBlock): ServerFrame[] {
    const told = data ? (JSON.parse(data) as Told) : null;
    if (event === "subscribed" && told && !told.topic) {
      return this.#subscribed((told as unknown as { topics: Record<Topic, Subscribed> }).topics);
    }
    const frames: ServerFrame[] = [];
    id.split(",").forEach((to, index) => {
      const topic = topics[index];
      const place = topic === undefined ? undefined : this.#places.get(topic);
      if (topic === undefined || !place || !to || to === place.at) return;
      this.#places.set(topic, { ...place, at: to });
      if (event === "gap" && !told?.id && topic === told?.topic) return;
      const events = told?.id && told.topic === topic ? [kept(told)] : [];
      frames.push({ op: "events", topic, from: place.at ?? to, to, events });
    });
    if (!told || told.id) return frames;
    if (told.rev) frames.push({ op: "latest", topic: told.topic, values: [told as LatestValue] });
    else if (event === "gap") frames.push({ op: "gap", topic: told.topic, at: told.at! });
    else if (event === "presence") frames.push({ op: "presence", ...told } as unknown as ServerFrame);
    return frames;
  }

  /** Answer those who have asked; what was followed before has only gone on. */
  #subscribed(topics: Readonly<Record<Topic, Subscribed>>): ServerFrame[] {
    const answers = new Map<number, Record<Topic, Subscribed>>();
    for (const [topic, told] of Object.entries(topics)) {
      const place = this.#places.get(topic);
      if (!place || !("at" in told)) continue;
      for (const ref of place.refs) {
        const resumed = told.resumed && !place.placed;
        answers.set(ref, { ...answers.get(ref), [topic]: { at: told.at, resumed } });
      }
      const at = told.resumed || place.at === null ? told.at : place.at;
      this.#places.set(topic, { ...place, at, refs: [], placed: false });
    }
    return [...answers].map(([ref, answer]) => ({ op: "subscribed", ref, topics: answer }));
  }

  #end(code: number, retryAfterMs: number | null): void {
    if (this.#closed) return;
    this.close();
    this.#ears.closed(code, retryAfterMs);
  }
}

/** Return a place for all who wait at two: it begins with the replay that some want, else at the older position. */
function together(one: Place, other: Place): Place {
  const begins = [one, other].map((place) => (place.placed ? { ...place, at: null } : place));
  const latest = Math.max(...begins.map((place) => (place.at === null ? place.latest : 0)));
  const [at = null] = latest ? [] : begins.flatMap((place) => place.at ?? []).sort(comparePositions);
  return { at, latest, refs: [...one.refs, ...other.refs], placed: false };
}

function kept({ id, type, time, data }: Partial<KeptEvent>): KeptEvent {
  return { id: id!, type: type!, time: time!, data };
}

/** Colons stay: a third of every address would be their escapes. */
function encodeTopic(topic: Topic): string {
  return encodeURIComponent(topic).replaceAll("%3A", ":");
}

async function problemOf(response: Response): Promise<Problem> {
  return problemFrom(response.status, await response.text());
}

/** Return the blocks of an answer as they arrive; leaving the loop cancels the request. Empty: a sign of life. */
async function* blocksOf(response: Response): AsyncGenerator<EventBlock[]> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  const blocks = new EventBlocks();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield blocks.read(decoder.decode(value, { stream: true }));
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}
