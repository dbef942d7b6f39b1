import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Conversation } from "../live/conversation";
import { fold, type Action } from "../live/fold";
import type { Live } from "../live/live";
import { Problem, unreachable } from "../live/problem";
import type { Comment, User } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import { comment, user } from "./made";

const POST = "p";

/** What a conversation needs of the page's connection, and a server that answers what it is told to. */
class Page {
  state: State = EMPTY;
  me: User | null = user("u2");
  connection = { phase: "live" };
  readonly said: string[] = [];
  readonly notices = { say: ({ text }: { text: string }) => this.said.push(text) };
  readonly sent: string[] = [];
  problem: Problem | null = null;
  readonly conversation = new Conversation(this as unknown as Live);

  readonly api = {
    comment: (_post: string, text: string, _parent: null, key: string): Promise<{ comment: Comment }> => {
      this.sent.push(key);
      if (this.problem) return Promise.reject(this.problem);
      return Promise.resolve({ comment: comment("c", POST, 1, { text }) });
    },
  };

  dispatch(...actions: Action[]): void {
    this.state = actions.reduce(fold, this.state);
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
