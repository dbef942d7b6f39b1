import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Line } from "../embed/line";
import { USUAL } from "../embed/look";
import type { FromWidget, ToWidget, Told } from "../embed/messages";
import type { Surroundings } from "../embed/surroundings";

/** A page around a widget, and what it was told. */
class Page implements Surroundings {
  readonly look = USUAL;
  readonly said: FromWidget[] = [];
  tell: (message: ToWidget) => void = () => undefined;

  constructor(readonly fed: boolean) {}

  say(message: FromWidget): void {
    this.said.push(message);
  }

  hear(listener: (message: ToWidget) => void): void {
    this.tell = listener;
  }

  seen(): void {}
  resized(): void {}

  get followed(): readonly string[] {
    const last = this.said.filter((message) => message.op === "follow").at(-1);
    return last?.op === "follow" ? Object.entries(last.topics).map(([topic, at]) => `${topic} ${at}`) : [];
  }
}

let sources: string[] = [];
let open = 0;

beforeEach(() => {
  vi.useFakeTimers();
  sources = [];
  open = 0;
  vi.stubGlobal(
    "EventSource",
    class {
      constructor(address: string) {
        sources.push(address);
        open += 1;
      }
      addEventListener(): void {}
      close(): void {
        open -= 1;
      }
    },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function placed(fed: boolean): { page: Page; line: Line; told: Told[] } {
  const page = new Page(fed);
  const told: Told[] = [];
  const line = new Line(page, {
    told: (one) => void told.push(one),
    standing: () => undefined,
    look: () => undefined,
  });
  return { page, line, told };
}

const news = (at: string): ToWidget => ({
  op: "told",
  told: { topic: "feed:all", type: "post.created", id: at, at },
});

test("nothing is followed before anybody looks", () => {
  const { page, line } = placed(true);
  line.follow({ "feed:all": "1-0" });
  expect(page.followed).toEqual([]);
  line.seen(true);
  expect(page.followed).toEqual(["feed:all 1-0"]);
});

test("out of sight for a minute it lets go, not before, and goes on from where it then stood", () => {
  const { page, line, told } = placed(true);
  line.follow({ "feed:all": "1-0" });
  line.seen(true);
  page.tell({ op: "standing", live: true });
  line.seen(false);
  vi.advanceTimersByTime(59_000);
  expect(page.followed).toEqual(["feed:all 1-0"]);
  page.tell(news("7-0"));
  expect(told).toHaveLength(1);
  line.follow({ "feed:all": "7-0" });
  vi.advanceTimersByTime(2_000);
  expect([page.followed, line.resting]).toEqual([[], true]);
  page.tell(news("8-0"));
  expect(told).toHaveLength(1);
  line.seen(true);
  expect(page.followed).toEqual(["feed:all 7-0"]);
});

test("a glance away changes nothing", () => {
  const { page, line } = placed(true);
  line.follow({ "feed:all": "1-0" });
  line.seen(true);
  page.tell({ op: "standing", live: true });
  const said = page.said.length;
  for (let round = 0; round < 10; round++) {
    line.seen(false);
    vi.advanceTimersByTime(50_000);
    line.seen(true);
  }
  expect(page.said).toHaveLength(said);
});

test("a page that promised a stream and is silent for 4 s is not waited for", () => {
  const { page, line } = placed(true);
  line.follow({ "feed:all": "1-0" });
  line.seen(true);
  vi.advanceTimersByTime(3_900);
  expect(sources).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(sources).toHaveLength(1);
  expect(page.followed).toEqual([]);
  // What the page says afterwards would come twice.
  page.tell(news("9-0"));
  expect(open).toBe(1);
});

test("where the page can share none, or there is no page, the widget has a stream of its own", () => {
  const alone = placed(false);
  alone.line.follow({ "feed:all": "1-0" });
  alone.line.seen(true);
  vi.advanceTimersByTime(100);
  expect(open).toBe(1);
  const told = placed(true);
  told.line.follow({ "feed:tag:foxes": "2-0" });
  told.line.seen(true);
  told.page.tell({ op: "alone" });
  vi.advanceTimersByTime(100);
  expect(open).toBe(2);
  expect(new URL(sources[1]!, "https://live.example").searchParams.get("since")).toBe("2-0");
});
