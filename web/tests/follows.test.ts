import { expect, test } from "vitest";
import { fold, type Action } from "../live/fold";
import { Follows } from "../live/follows";
import type { Live } from "../live/live";
import { unreachable } from "../live/problem";
import { EMPTY, type Standing, type State } from "../live/state";
import { comment, generation, post, user } from "./made";

const THEM = user("them");

/** What following needs of the page's connection; what is sent waits for an answer. */
class Page {
  state: State = fold(EMPTY, {
    kind: "person",
    user: THEM.id,
    standing: { followed: false, followers: 0, following: 0 } as unknown as Standing,
  });
  readonly sent: string[] = [];
  readonly paths: string[] = [];
  readonly answers: { resolve: (answer?: unknown) => void; reject: (error: unknown) => void }[] = [];
  readonly said: string[] = [];
  readonly notices = { say: ({ text }: { text: string }) => this.said.push(text) };
  readonly follows = new Follows(this as unknown as Live, () => true);
  readonly api = {
    call: (method: string, path: string): Promise<unknown> => {
      this.sent.push(method);
      this.paths.push(path);
      return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
    },
  };

  letIn = (): Promise<void> => Promise.resolve();

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

test("whoever took another name is followed by what does not change", async () => {
  const page = new Page();
  void page.follows.set({ ...THEM, handle: "as-they-were-called" }, true);
  expect(page.paths).toEqual([`/api/users/${THEM.id}/follow`]);
});

test("whoever is looked at is called by their present name wherever they stand", async () => {
  const page = new Page();
  const one = { ...post("p"), author: THEM };
  const job = { ...generation("g"), author: THEM };
  page.dispatch(
    { kind: "post", post: one, mine: [] },
    { kind: "post", post: post("other"), mine: [] },
    {
      kind: "thread-page",
      post: "p",
      page: {
        comments: [comment("c", "p", 1, { author: THEM })],
        generations: [job],
        next: null,
        place: "first",
      },
    },
  );
  const others = page.state.posts.get("other");
  const looked = page.follows.look(THEM.handle);
  await settled();
  page.answers[0]!.resolve({ user: { ...THEM, handle: "as-they-are-called" }, followed: false });
  expect((await looked).handle).toBe("as-they-are-called");
  const { posts, threads, generations } = page.state;
  expect([posts.get("p"), threads.get("p")?.comments[0], generations.get("g")?.generation]).toMatchObject(
    Array.from({ length: 3 }, () => ({ author: { id: THEM.id, handle: "as-they-are-called" } })),
  );
  expect(posts.get("other")).toBe(others);
});
