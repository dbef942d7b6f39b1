import { comparePositions } from "../live/position";
import type { Position, Topic } from "../live/protocol";
import type { Told, Wanted } from "./messages";

/** Widgets of one page arrive one after the other; so long is waited for the next before the stream is opened anew. */
const GATHER_MS = 60;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** So many attempts may fail before the topics that may have ended are given up. */
const PATIENCE = 2;
/** So many may fail before it is believed that there is no way from here: blocked, and not by a policy that says so. */
const LONG_PATIENCE = 4;
/** KEPT events of a picture that is being painted: all of them. */
const REPLAY = 50;

export const TYPES = [
  "gap",
  "presence",
  "post.created",
  "post.updated",
  "post.deleted",
  "post.counters",
  "generation.created",
  "generation.queued",
  "generation.started",
  "generation.completed",
  "generation.refused",
  "generation.failed",
  "generation.aborted",
  "generation.cancelled",
  "generation.place",
  "generation.progress",
  "generation.preview",
] as const;

/** What a stream needs of an `EventSource`. */
export interface Source {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface Ears {
  told(told: Told): void;
  standing(live: boolean): void;
  /** It never opened, however often it was tried. */
  barred?(): void;
}

const CLOSED = 2;

/**
 * One server-sent stream for a changing set of topics.
 *
 * A stream's topics are in its address, so another set is another stream; it resumes where the one before stood. There
 * is never more than one.
 */
export class Stream {
  readonly #origin: string;
  readonly #ears: Ears;
  readonly #open: (address: string) => Source;
  #positions = new Map<Topic, Position | "">();
  #source: Source | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #opened = false;
  #live = false;

  constructor(
    origin: string,
    ears: Ears,
    open: (address: string) => Source = (address) => new EventSource(address),
  ) {
    this.#origin = origin;
    this.#ears = ears;
    this.#open = open;
  }

  /** Follow just these topics. A position older than where a topic stands takes it back there. */
  follow(wanted: Wanted): void {
    const next = new Map<Topic, Position | "">();
    let same = Object.keys(wanted).length === this.#positions.size;
    for (const [topic, since] of Object.entries(wanted)) {
      const stands = this.#positions.get(topic);
      const back = Boolean(stands && since && comparePositions(since, stands) < 0);
      same &&= stands !== undefined && !back;
      next.set(topic, stands && !back ? stands : since);
    }
    if (same) return;
    this.#positions = next;
    this.#later(GATHER_MS);
  }

  #later(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), delayMs);
  }

  #begin(): void {
    this.#end();
    const positions = this.#positions;
    const topics = [...positions.keys()];
    if (!topics.length) return;
    const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
    query.set("since", [...positions.values()].join());
    query.set("latest", String(REPLAY));
    query.set("presence", "count");
    const source = this.#open(`${this.#origin}/sse?${query}`);
    this.#source = source;
    source.onopen = () => {
      if (this.#source !== source) return;
      this.#failures = 0;
      this.#opened = true;
      this.#stand(true);
    };
    source.onerror = () => {
      if (this.#source !== source) return;
      this.#stand(false);
      if (source.readyState === CLOSED) this.#failed();
    };
    for (const type of TYPES) {
      source.addEventListener(type, (event) => {
        if (this.#source === source) this.#hear(type, positions, event);
      });
    }
  }

  /** positions: those that the stream began with. Until one that begins elsewhere is open, they are not that one's. */
  #hear(type: string, positions: Map<Topic, Position | "">, event: MessageEvent<string>): void {
    const stand = event.lastEventId.split(",");
    [...positions.keys()].forEach((topic, index) => stand[index] && positions.set(topic, stand[index]));
    const told = JSON.parse(event.data) as Told;
    this.#ears.told({ ...told, type, at: positions.get(told.topic) });
  }

  /** It was refused, and does not try again by itself. */
  #failed(): void {
    this.#end();
    this.#failures += 1;
    if (this.#failures >= PATIENCE) this.#giveUpJobs();
    if (this.#failures >= LONG_PATIENCE && !this.#opened) this.#ears.barred?.();
    const most = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures, 10));
    this.#later(most * (0.5 + Math.random() / 2));
  }

  /** One topic that is not there any more refuses them all; a feed stays, a picture's may go. */
  #giveUpJobs(): void {
    for (const topic of [...this.#positions.keys()]) {
      if (!topic.startsWith("generation:")) continue;
      this.#positions.delete(topic);
      this.#ears.told({ topic, type: "lost" });
    }
  }

  #end(): void {
    this.#source?.close();
    this.#source = null;
    this.#stand(false);
  }

  #stand(live: boolean): void {
    if (live === this.#live) return;
    this.#live = live;
    this.#ears.standing(live);
  }
}
