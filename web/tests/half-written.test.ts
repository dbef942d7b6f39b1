import { expect, test } from "vitest";
import { HalfWritten } from "../live/half-written";
import { shelf } from "../live/kept-list";
import { Drawer, LOCKED } from "./shelves";
import { comment } from "./made";

const A = "post:a";
const B = "post:b";

/** One tab, and the pages that are opened in it one after the other. */
class Tab {
  readonly drawer = new Drawer();
  me: string | null = "me";

  page(): HalfWritten {
    return new HalfWritten(this.drawer, () => this.me);
  }
}

function texts(written: HalfWritten, ...places: string[]): (string | null)[] {
  return places.map((place) => written.at(place)?.text ?? null);
}

test("what is half written about one picture is not about another, and waits for its own", () => {
  const written = new Tab().page();
  const answered = comment("c", "b", 1, { parent: "top" });
  written.keep(B, "what I think of B", answered);
  expect(written.at(A)).toBe(null);
  written.keep(A, "and of A");
  expect(texts(written, A, B)).toEqual(["and of A", "what I think of B"]);
  expect(written.at(B)?.answering).toEqual({ id: "c", author: answered.author, parent: "top" });
  expect(written.at(A)?.answering).toBe(null);
});

test("it outlives the page, with what it answers, until it is said", () => {
  const tab = new Tab();
  const before = tab.page();
  before.keep(A, "half a", comment("c", A, 1));
  before.keep(A, "half a word", comment("c", A, 1));
  before.keep(B, "said");
  before.drop(B);
  const after = tab.page();
  expect(texts(after, A, B)).toEqual(["half a word", null]);
  expect(after.at(A)?.answering?.id).toBe("c");
});

test("nobody is shown what somebody else has begun, and it is still theirs when they are back", () => {
  const tab = new Tab();
  const written = tab.page();
  written.keep(A, "mine");
  const { hand } = written;
  tab.me = "other";
  expect(written.hand).not.toBe(hand);
  expect(texts(written, A)).toEqual([null]);
  written.keep(A, "theirs");
  written.drop(A);
  expect(texts(tab.page(), A)).toEqual([null]);
  tab.me = "me";
  expect(texts(tab.page(), A)).toEqual(["mine"]);
});

test("before anybody knows who we are, what was begun here is shown, and what is begun is of whoever we are", () => {
  const tab = new Tab();
  tab.page().keep(A, "mine");
  tab.me = null;
  const written = tab.page();
  written.keep(A, "mine, and more");
  written.keep(B, "nobody's");
  tab.me = "other";
  expect(texts(written, A, B)).toEqual([null, "nobody's"]);
  tab.me = "me";
  expect(texts(written, A, B)).toEqual(["mine, and more", "nobody's"]);
});

test("who becomes somebody else in front of the page goes on writing", () => {
  const tab = new Tab();
  const written = tab.page();
  written.keep(A, "mine");
  tab.me = "renewed";
  const { hand } = written;
  written.handOver("me", "renewed");
  expect(written.hand).not.toBe(hand);
  expect(texts(written, A)).toEqual(["mine"]);
  expect(texts(tab.page(), A)).toEqual(["mine"]);
});

test("only so much is kept, the newest", () => {
  const tab = new Tab();
  const written = tab.page();
  for (let post = 0; post < 100; post++) written.keep(`post:${post}`, `about ${post}`);
  expect(texts(written, "post:79", "post:80", "post:99")).toEqual([null, "about 80", "about 99"]);
  for (let post = 0; post < 20; post++) written.keep(`post:${post}`, "x".repeat(10_000));
  expect([...tab.drawer.items.values()].join().length).toBeLessThan(50_000);
  expect(texts(tab.page(), "post:19", "post:0").map((text) => text?.length)).toEqual([10_000, undefined]);
});

test("where storage is forbidden or full, words wait as long as the page lasts", () => {
  const written = new HalfWritten(LOCKED, () => "me");
  written.keep(A, "mine");
  expect(texts(written, A)).toEqual(["mine"]);
  Object.defineProperty(globalThis, "sessionStorage", {
    configurable: true,
    get: () => {
      throw new DOMException("forbidden", "SecurityError");
    },
  });
  expect(shelf("sessionStorage").getItem("anything")).toBe(null);
  Reflect.deleteProperty(globalThis, "sessionStorage");
});

test.each(["{", "null", '"words"', '[null, 1, {"place": 3}, {"place": "post:a", "text": "no person"}]'])(
  "what somebody else has written to the storage is no words: %s",
  (nonsense) => {
    const tab = new Tab();
    tab.drawer.setItem("livefeed.half-written", nonsense);
    const written = tab.page();
    expect(texts(written, A)).toEqual([null]);
    written.keep(A, "mine");
    expect(texts(tab.page(), A)).toEqual(["mine"]);
  },
);
