import { expect, test } from "vitest";
import { fold, type Action } from "../live/fold";
import { Follows } from "../live/follows";
import type { Live } from "../live/live";
import { unreachable } from "../live/problem";
import { EMPTY, type Standing, type State } from "../live/state";
import { user } from "./made";

const THEM = user("them");

/** What following needs of the page's connection; what is sent waits for an answer. */
class Page {
  state: State = fold(EMPTY, {
    kind: "person",
    user: THEM.id,
    standing: { followed: false, followers: 0, following: 0 } as unknown as Standing,
  });
  readonly sent: string[] = [];
  readonly answers: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  readonly said: string[] = [];
  readonly notices = { say: ({ text }: { text: string }) => this.said.push(text) };
  readonly follows = new Follows(this as unknown as Live, () => true);
  readonly api = {
    call: (method: string): Promise<void> => {
      this.sent.push(method);
      return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
    },
  };

  dispatch(...actions: Action[]): void {
    this.state = actions.reduce(fold, this.state);
  }

  get followed(): boolean | undefined {
    return this.state.people.get(THEM.id)?.followed;
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("two quick presses are told one after the other, so that the last one holds", async () => {
  const page = new Page();
  void page.follows.set(THEM, true);
  void page.follows.set(THEM, false);
  expect(page.sent).toEqual(["PUT"]);
  expect(page.followed).toBe(false);
  page.answers[0]!.resolve();
  await settled();
  expect(page.sent).toEqual(["PUT", "DELETE"]);
});

test("of many presses only what it is to be in the end is told", async () => {
  const page = new Page();
  for (const on of [true, false, true]) void page.follows.set(THEM, on);
  page.answers[0]!.resolve();
  await settled();
  expect(page.sent).toEqual(["PUT"]);
  expect(page.followed).toBe(true);
  void page.follows.set(THEM, false);
  expect(page.sent).toEqual(["PUT", "DELETE"]);
});

test("what could not be told is as the server knows it", async () => {
  const page = new Page();
  void page.follows.set(THEM, true);
  void page.follows.set(THEM, false);
  page.answers[0]!.resolve();
  await settled();
  page.answers[1]!.reject(unreachable());
  await settled();
  expect(page.followed).toBe(true);
  expect(page.said).toHaveLength(1);
});
