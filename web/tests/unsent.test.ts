import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Conversation } from "../live/conversation";
import { fold, type Action } from "../live/fold";
import type { Shelf } from "../live/kept-list";
import type { Live } from "../live/live";
import { Problem, unreachable } from "../live/problem";
import type { Comment, User } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import { Unsent } from "../live/unsent";
import { Drawer, LOCKED } from "./shelves";
import { comment, user } from "./made";

const ME = user("me");
const OTHER = user("other");

/** The server: what it has, by the key it came with. */
class Server {
  readonly comments = new Map<string, string>();
  problem: Problem | null = null;
  /** It takes what is said, and its answer does not arrive. */
  silent = false;

  take(author: User, text: string, key: string): Promise<{ comment: Comment }> {
    if (this.problem) return Promise.reject(this.problem);
    this.comments.set(`${author.id} ${key}`, text);
    if (this.silent) return new Promise(() => undefined);
    return Promise.resolve({ comment: comment(`c-${key}`, "p", 1, { author, text }) });
  }

  get said(): readonly string[] {
    return [...this.comments].map(([by, text]) => `${by.split(" ")[0]}: ${text}`);
  }
}

/** What a page has of its connection, and the two that say and keep. */
class Page {
  state: State = EMPTY;
  readonly notices = { say: (): void => undefined };
  readonly conversation = new Conversation(this as unknown as Live);
  readonly #listeners: (() => void)[] = [];
  readonly #unsent: Unsent;

  constructor(
    readonly server: Server,
    shelf: Shelf,
    public me: User | null = ME,
  ) {
    this.#unsent = new Unsent(this as unknown as Live, shelf, () => this.conversation.resend());
    this.#unsent.start();
  }

  get connection(): { phase: string } {
    return { phase: this.server.problem?.status === 0 ? "waiting" : "live" };
  }

  readonly api = {
    comment: (_post: string, text: string, _parent: null, key: string): Promise<{ comment: Comment }> =>
      this.server.take(this.me!, text, key),
  };

  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  dispatch(...actions: Action[]): void {
    this.state = actions.reduce(fold, this.state);
    this.#tell();
  }

  become(me: User): void {
    this.me = me;
    this.#tell();
  }

  last: User | null | undefined;

  touch(): void {
    this.#tell();
  }

  /** Another tab lets somebody else in. */
  changeHands(me: User): void {
    this.me = me;
    this.dispatch({ kind: "another" });
  }

  async say(text: string): Promise<void> {
    this.conversation.comment("p", text, null);
    await settle();
  }

  get drafts(): readonly string[] {
    return (this.state.drafts.get("p") ?? []).map(({ text, status }) => `${text}: ${status}`);
  }

  #tell(): void {
    queueMicrotask(() => this.#listeners.forEach((listener) => listener()));
  }
}

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(10);
}

let server: Server;
let drawer: Drawer;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { onLine: true });
  server = new Server();
  drawer = new Drawer();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what waits for the network waits in the next page too, and is sent when the line is back", async () => {
  server.problem = unreachable();
  await new Page(server, drawer).say("said offline");
  const page = new Page(server, drawer);
  await settle();
  expect(page.drafts).toEqual(["said offline: waiting"]);
  expect(server.said).toEqual([]);
  server.problem = null;
  page.conversation.resend();
  await settle();
  expect(server.said).toEqual(["me: said offline"]);
  expect(page.drafts).toEqual([]);
  await settle();
  expect(new Page(server, drawer).drafts).toEqual([]);
});

test("where the line is back already it is sent at once", async () => {
  server.problem = unreachable();
  await new Page(server, drawer).say("said offline");
  server.problem = null;
  new Page(server, drawer);
  await settle();
  expect(server.said).toEqual(["me: said offline"]);
});

test("what was on its way when the page was left goes once more under the same key, and is there once", async () => {
  server.silent = true;
  await new Page(server, drawer).say("hello");
  server.silent = false;
  const tabs = [new Page(server, drawer), new Page(server, drawer)];
  await settle();
  expect(server.said).toEqual(["me: hello"]);
  expect(tabs.map(({ drafts }) => drafts)).toEqual([[], []]);
  expect(new Page(server, drawer).drafts).toEqual([]);
});

test("somebody else in this browser neither sees nor sends it; who has said it does, when they are back", async () => {
  server.problem = unreachable();
  await new Page(server, drawer).say("mine");
  server.problem = null;
  const other = new Page(server, drawer, OTHER);
  await settle();
  other.conversation.resend();
  await other.say("theirs");
  expect(other.drafts).toEqual([]);
  expect(server.said).toEqual(["other: theirs"]);
  other.changeHands(ME);
  await settle();
  expect(server.said).toEqual(["other: theirs", "me: mine"]);
});

test("another tab that lets somebody else in takes nothing from who was here", async () => {
  server.problem = unreachable();
  const page = new Page(server, drawer);
  await page.say("mine");
  page.changeHands(OTHER);
  await settle();
  expect(page.drafts).toEqual([]);
  server.problem = null;
  page.conversation.resend();
  await settle();
  expect(server.said).toEqual([]);
  new Page(server, drawer);
  await settle();
  expect(server.said).toEqual(["me: mine"]);
});

test("until the server says who we are it is shown, and goes again when we are somebody else", async () => {
  server.problem = unreachable();
  await new Page(server, drawer).say("mine");
  const pages = [new Page(server, drawer, null), new Page(server, drawer, null)] as const;
  await settle();
  expect(pages.map(({ drafts }) => drafts)).toEqual([["mine: waiting"], ["mine: waiting"]]);
  server.problem = null;
  for (const [page, me, said] of [
    [pages[0], OTHER, []],
    [pages[1], ME, ["me: mine"]],
  ] as const) {
    page.become(me);
    await settle();
    page.conversation.resend();
    await settle();
    expect(page.drafts).toEqual([]);
    expect(server.said).toEqual(said);
  }
});

test("who was here last is remembered under the name they have now", async () => {
  const page = new Page(server, drawer);
  page.become({ ...ME, handle: "renamed" });
  await settle();
  expect(new Page(server, drawer, null).last).toEqual({ ...ME, handle: "renamed" });
  new Page(server, drawer, OTHER);
  await settle();
  expect(new Page(server, drawer, null).last).toEqual(OTHER);
  expect(new Page(server, LOCKED, null).last).toBeUndefined();
});

test("what is said before the server says who we are is taken for a word of who was here last", async () => {
  server.problem = unreachable();
  new Page(server, drawer);
  await settle();
  await new Page(server, drawer, null).say("said offline");
  server.problem = null;
  new Page(server, drawer, OTHER);
  await settle();
  expect(server.said).toEqual([]);
  new Page(server, drawer, ME);
  await settle();
  expect(server.said).toEqual(["me: said offline"]);
});

test("what somebody tries again before it is known who they are stays its author's", async () => {
  server.problem = new Problem("too_fast", "Wait a moment.", 429);
  await new Page(server, drawer).say("mine");
  const page = new Page(server, drawer, null);
  await settle();
  server.problem = null;
  await page.conversation.send("p", page.state.drafts.get("p")![0]!);
  page.become(OTHER);
  await settle();
  page.conversation.resend();
  await settle();
  expect(server.said).toEqual([]);
  new Page(server, drawer);
  await settle();
  expect(server.said).toEqual(["me: mine"]);
});

test("who becomes another guest in front of the page says it under the new name, also after a reload", async () => {
  server.problem = unreachable();
  const page = new Page(server, drawer);
  await page.say("mine");
  const [draft] = page.state.drafts.get("p")!;
  page.changeHands(OTHER);
  page.dispatch({ kind: "draft", post: "p", draft: { ...draft!, author: OTHER } });
  await settle();
  server.problem = null;
  new Page(server, drawer, ME);
  await settle();
  expect(server.said).toEqual([]);
  new Page(server, drawer, OTHER);
  await settle();
  expect(server.said).toEqual(["other: mine"]);
});

test("what was refused stands there until it is discarded", async () => {
  server.problem = new Problem("too_large", "That is too long.", 413);
  await new Page(server, drawer).say("hello");
  const page = new Page(server, drawer);
  await settle();
  expect(page.drafts).toEqual(["hello: failed"]);
  page.conversation.discard("p", page.state.drafts.get("p")![0]!.key);
  await settle();
  expect(new Page(server, drawer).drafts).toEqual([]);
});

test("only so much is kept, the newest", async () => {
  server.problem = unreachable();
  const page = new Page(server, drawer);
  for (let number = 0; number < 60; number++) await page.say(`number ${number}`);
  const { drafts } = new Page(server, drawer);
  expect([drafts.length, drafts[0], drafts.at(-1)]).toEqual([50, "number 10: waiting", "number 59: waiting"]);
  for (let number = 0; number < 12; number++) await page.say("x".repeat(10_000));
  expect(drawer.getItem("livefeed.unsent")!.length).toBeLessThan(110_000);
});

test("where nothing can be kept, what waits does so as long as the page lasts", async () => {
  server.problem = unreachable();
  const page = new Page(server, LOCKED);
  await page.say("hello");
  expect(page.drafts).toEqual(["hello: waiting"]);
  server.problem = null;
  page.conversation.resend();
  await settle();
  expect(server.said).toEqual(["me: hello"]);
});

test("what somebody else has written to the storage is not said", async () => {
  for (const nonsense of ["{", '[{"post": "p", "draft": {"text": "words"}}]', '[{"post": "p"}, 3, null]']) {
    drawer.setItem("livefeed.unsent", nonsense);
    const page = new Page(server, drawer);
    await settle();
    expect(page.drafts).toEqual([]);
  }
  expect(server.said).toEqual([]);
});
