import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { GenerationRequest } from "../live/api";
import { Easel } from "../live/easel";
import { fold, type Action } from "../live/fold";
import type { Live } from "../live/live";
import type { Generation, Topic, User } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import { events, generation, post, user } from "./made";

const FEED = "feed:all";
const WORDS: GenerationRequest = { prompt: "", width: 768, height: 768, seed: 1, publish: true };

/** What an easel needs of the page's connection. */
class Page {
  state: State = EMPTY;
  me: User | null = user("me");
  readonly followed = new Set<Topic>();
  readonly notices = { say: () => undefined };
  readonly #listeners: (() => void)[] = [];
  /** What the server says that runs, and how often it was asked. */
  running: readonly Generation[] = [];
  asked = 0;
  #made = 0;
  readonly easel = new Easel(this as unknown as Live);

  readonly api = {
    generate: (): Promise<{ id: string; topic: Topic }> => {
      const id = `g${++this.#made}`;
      return Promise.resolve({ id, topic: `generation:${id}` });
    },
    running: (): Promise<{ generations: readonly Generation[] }> => {
      this.asked += 1;
      return Promise.resolve({ generations: this.running });
    },
  };

  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  dispatch(...actions: Action[]): void {
    this.state = actions.reduce(fold, this.state);
    for (const listener of this.#listeners) listener();
  }

  follow(topic: Topic): () => void {
    this.followed.add(topic);
    return () => this.followed.delete(topic);
  }

  tell(id: string, type: string, data: unknown): void {
    const frame = events(`generation:${id}`, ["5-0", type, data]);
    this.dispatch({ kind: "frame", frame, now: 0 });
  }
}

const kept = new Map<string, string>();

beforeEach(() => {
  vi.useFakeTimers();
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a picture that is posted is not followed any more, nor is its request kept for ever", async () => {
  const page = new Page();
  for (let job = 0; job < 30; job++) {
    const id = await page.easel.paint({ ...WORDS, prompt: `picture ${job}` }, FEED);
    page.tell(id, "generation.completed", { media: post("p").media, post: post(id) });
    await vi.advanceTimersByTimeAsync(2_000);
  }
  expect([...page.followed]).toEqual([]);
  expect(page.easel.requests.size).toBeLessThanOrEqual(20);
});

test("jobs that failed are followed as long as they are among mine: they may be tried again", async () => {
  const page = new Page();
  for (let job = 0; job < 30; job++) {
    const id = await page.easel.paint({ ...WORDS, prompt: `picture ${job}` }, FEED);
    page.tell(id, "generation.failed", { code: "busy" });
  }
  expect([...page.followed]).toEqual(page.state.own.map((id) => `generation:${id}`));
  expect([...page.easel.requests.keys()]).toEqual(page.state.own);
  expect(page.followed.size).toBe(20);
});

test("what runs of mine comes to the easel, wherever it was asked for; nobody else's does", async () => {
  const page = new Page();
  page.running = [
    generation("hers", { author: user("her") }),
    generation("mine", { author: user("me"), publish: false }),
  ];
  await page.easel.recall(FEED);
  expect(page.state.own).toEqual(["mine"]);
  expect([...page.followed]).toEqual(["generation:mine"]);
});

test("another tab of the same person knows at once what was asked for, one of somebody else does not", async () => {
  const [asking, same, other] = [new Page(), new Page(), new Page()];
  other.me = user("other");
  await asking.easel.paint(WORDS, FEED);
  for (const page of [same, other]) {
    page.running = [generation("g1", { author: user("me") })];
    for (const [key, newValue] of kept) await page.easel.heard({ key, newValue }, FEED);
  }
  expect(same.state.own).toEqual(["g1"]);
  expect(other.asked).toBe(0);
  await same.easel.heard({ key: "livefeed.theme", newValue: "me dark" }, FEED);
  expect(same.asked).toBe(1);
});
