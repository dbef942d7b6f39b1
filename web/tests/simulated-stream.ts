/** `/sse` of the simulated server: the blocks that the real one writes, in one answer without an end. */
import type { Position, Topic } from "../live/protocol";
import type { Fetch } from "../live/requests";
import type { SimulatedConnection, SimulatedServer } from "./simulated";
import type { Part, Placed, Random } from "./simulated-shard";

/** Return a `fetch` that knows `/api/me` and `/sse`. */
export function streaming(server: SimulatedServer, random: Random): Fetch {
  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, random() * 30));
  return async (address, { signal }) => {
    await later();
    signal?.throwIfAborted();
    if (!server.up) throw new TypeError("fetch failed");
    const { pathname, searchParams } = new URL(address);
    if (pathname === "/api/me") return Response.json({ user: null });
    return new Response(new SimulatedStream(server, searchParams, random, signal ?? null).body);
  };
}

/** One stream: each block's `id` tells the positions of all its topics. */
class SimulatedStream implements SimulatedConnection {
  readonly body: ReadableStream<Uint8Array>;
  readonly #server: SimulatedServer;
  readonly #random: Random;
  readonly #positions: Map<Topic, Position | undefined>;
  #to!: ReadableStreamDefaultController<Uint8Array>;
  #up = true;
  #hangs = false;
  #out = 0;

  constructor(server: SimulatedServer, query: URLSearchParams, random: Random, signal: AbortSignal | null) {
    this.#server = server;
    this.#random = random;
    const since = query.get("since")?.split(",") ?? [];
    this.#positions = new Map(
      query.getAll("topic").map((topic, index) => [topic, since[index] || undefined]),
    );
    const latest = Number(query.get("latest") ?? 0);
    this.body = new ReadableStream({ start: (to) => void (this.#to = to), cancel: () => this.close() });
    signal?.addEventListener("abort", () => this.close());
    server.lines.add(this);
    const begun = [...this.#positions].map(([topic, at]) => {
      const options = at === undefined ? { latest } : { since: at };
      return [topic, server.shard.begin(topic, options)] as const;
    });
    const topics = Object.fromEntries(begun.map(([topic, { answer }]) => [topic, answer]));
    for (const [topic, { answer }] of begun)
      if ("at" in answer && (answer.resumed || !this.#positions.get(topic)))
        this.#positions.set(topic, answer.at);
    this.#write(this.#block("subscribed", { topics }));
    for (const [topic, { parts }] of begun) this.#write(...parts.map((part) => this.#part(topic, part)));
  }

  happened(topic: Topic, placed: Placed, to: Position): void {
    const from = this.#positions.get(topic);
    if (from !== undefined) this.#write(this.#part(topic, { from, to, events: [placed] }));
  }

  beat(cut: Position): void {
    const moved = [...this.#positions].map(([topic, from]) =>
      this.#part(topic, { from: from!, to: cut, events: [] }),
    );
    this.#write(": here\n\n", ...moved);
  }

  /** The answer comes to its end. */
  drain(): void {
    this.#end(() => this.#to.close());
  }

  hang(): void {
    this.#hangs = true;
  }

  cut(): void {
    this.#end(() => this.#to.error(new TypeError("network error")));
  }

  close(): void {
    this.#up = false;
    this.#server.lines.delete(this);
  }

  #end(how: () => void): void {
    if (!this.#up) return;
    this.close();
    how();
  }

  #part(topic: Topic, part: Part): string {
    if ("gap" in part) {
      this.#positions.set(topic, part.gap);
      return this.#block("gap", { topic, at: part.gap });
    }
    const blocks = part.events.map(({ at, event }, index) => {
      this.#positions.set(topic, index === part.events.length - 1 ? part.to : at);
      return this.#block(event.type, { topic, ...event });
    });
    this.#positions.set(topic, part.to);
    return blocks.join("") || `id: ${this.#id}\n\n`;
  }

  #block(type: string, data: object): string {
    return `event: ${type}\nid: ${this.#id}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  get #id(): string {
    return [...this.#positions.values()].map((at) => at ?? "").join();
  }

  #write(...blocks: string[]): void {
    this.#out = Math.max(this.#out, Date.now() + this.#random() * 30);
    const bytes = new TextEncoder().encode(blocks.join(""));
    setTimeout(() => this.#up && !this.#hangs && this.#to.enqueue(bytes), this.#out - Date.now());
  }
}
