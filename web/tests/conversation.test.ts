import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Comeback } from "../live/comeback";
import { Conversation } from "../live/conversation";
import { fold, type Action } from "../live/fold";
import type { Live } from "../live/live";
import { Problem, unreachable } from "../live/problem";
import type { Comment, User } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import { comment, post, user } from "./made";

const POST = "p";
const PAGE = 3;

/** What a conversation needs of the page's connection, and a server that answers what it is told to. */
class Page {
  state: State = EMPTY;
  me: User | null = user("u2");
  connection = { phase: "live" };
  readonly said: string[] = [];
  readonly notices = { say: ({ text }: { text: string }) => this.said.push(text) };
  readonly sent: string[] = [];
  readonly followed: string[] = [];
  readonly comeback = new Comeback(() => false);
  problem: Problem | null = null;
  readonly conversation = new Conversation(this as unknown as Live);

  /** What the server has of the thread, the oldest first. */
  talk: Comment[] = [];
  reads = 0;

  readonly api = {
    post: (id: string) => Promise.resolve({ post: post(id), at: "5-0", mine: [] }),
    comments: (_post: string, before: string | null) => {
      this.reads++;
      const end = before === null ? this.talk.length : this.talk.findIndex(({ id }) => id === before);
      const comments = this.talk.slice(Math.max(0, end - PAGE), end);
      return Promise.resolve({ comments, at: "5-0", next: end > PAGE ? comments[0]!.id : null });
    },
    comment: (_post: string, text: string, _parent: null, key: string): Promise<{ comment: Comment }> => {
      this.sent.push(key);
      if (this.problem) return Promise.reject(this.problem);
      return Promise.resolve({ comment: comment("c", POST, 1, { text }) });
    },
  };

  dispatch(...actions: Action[]): void {
    this.state = actions.reduce(fold, this.state);
  }

  touch(): void {}

  follow(topic: string): () => void {
    this.followed.push(topic);
    return () => undefined;
  }

  get drafts(): readonly string[] {
    return (this.state.drafts.get(POST) ?? []).map(({ text, status }) => `${text}: ${status}`);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { onLine: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("of several who have a post open, who leaves takes nobody else's way to read it again along", async () => {
  const page = new Page();
  const { post: read } = page.api;
  page.api.post = () => Promise.reject(unreachable());
  const leave = page.conversation.open(POST);
  for (let others = 0; others < 2; others++) page.conversation.open(POST);
  leave();
  await vi.advanceTimersByTimeAsync(0);
  page.api.post = read;
  page.conversation.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.state.threads.get(POST)?.loaded).toBe(true);
  expect(page.followed).toEqual([`post:${POST}`, `post:${POST}`]);
});

test("what is said by one who is nobody yet waits, and is sent when they are somebody", async () => {
  const page = new Page();
  page.me = null;
  page.conversation.comment(POST, "hello", null);
  await vi.advanceTimersByTimeAsync(0);
  expect(page.drafts).toEqual(["hello: waiting"]);
  expect(page.sent).toEqual([]);
  page.me = user("u2");
  page.conversation.resend();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.sent).toHaveLength(1);
  expect(page.drafts).toEqual([]);
});

test("what does not reach the server waits for it, though the browser has a network", async () => {
  const page = new Page();
  page.problem = unreachable();
  page.connection = { phase: "waiting" };
  page.conversation.comment(POST, "hello", null);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.drafts).toEqual(["hello: waiting"]);
  page.problem = null;
  page.conversation.resend();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.drafts).toEqual([]);
  expect(new Set(page.sent).size).toBe(1);
});

test("while the connection stands, what did not arrive is sent again by itself, under the same key", async () => {
  const page = new Page();
  page.problem = unreachable();
  page.conversation.comment(POST, "hello", null);
  await vi.advanceTimersByTimeAsync(1_000);
  page.problem = null;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(page.sent).toHaveLength(2);
  expect(new Set(page.sent).size).toBe(1);
  expect(page.drafts).toEqual([]);
});

test("what the server refuses has failed, and waits for whoever wrote it", async () => {
  const page = new Page();
  page.problem = new Problem("too_large", "That is too long.", 413);
  page.conversation.comment(POST, "hello", null);
  await vi.advanceTimersByTimeAsync(60_000);
  page.conversation.resend();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.drafts).toEqual(["hello: failed"]);
  expect(page.sent).toHaveLength(1);
});

test("what was said by one whom the server does not know any more waits until it does", async () => {
  const page = new Page();
  page.problem = new Problem("unauthorised", "Who are you?", 401);
  page.conversation.comment(POST, "hello", null);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.drafts).toEqual(["hello: waiting"]);
  expect(page.sent).toHaveLength(1);
});

test("after a gap all that is shown of a thread is read again: what was loaded stays, what is gone leaves", async () => {
  const page = new Page();
  const ids = (): string[] => (page.state.threads.get(POST)?.comments ?? []).map(({ id }) => id);
  page.talk = Array.from({ length: 12 }, (_, index) => comment(`c${index + 1}`, POST, index + 1));
  await page.conversation.read(POST);
  await page.conversation.more(POST);
  await page.conversation.more(POST);
  expect(ids()).toEqual(["c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12"]);
  page.dispatch({ kind: "frame", now: 0, frame: { op: "gap", topic: `post:${POST}`, at: "9-0" } });
  page.reads = 0;
  page.talk = page.talk.filter(({ id }) => id !== "c4" && id !== "c6");
  page.talk.push(comment("c13", POST, 13));
  await page.conversation.read(POST);
  expect(ids()).toEqual(["c3", "c5", "c7", "c8", "c9", "c10", "c11", "c12", "c13"]);
  expect(page.state.threads.get(POST)?.next).toBe("c3");
  expect(page.reads).toBe(3);
  // Opened anew, one page is enough.
  await page.conversation.read(POST);
  expect(page.reads).toBe(4);

  page.talk = Array.from({ length: 60 }, (_, index) => comment(`n${index}`, POST, 20 + index));
  page.dispatch({ kind: "frame", now: 0, frame: { op: "gap", topic: `post:${POST}`, at: "10-0" } });
  await page.conversation.read(POST);
  expect(page.reads).toBe(4 + 10);
});
