import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NewsPage } from "../components/news-page";
import { studio } from "../components/studio";

vi.mock("../components/studio", () => ({ studio: {}, Watch: class {} }));
vi.mock("../components/person-avatar", () => ({}));
vi.mock("../components/picture-frame", () => ({}));
vi.mock("../components/blank-canvas", () => ({}));
vi.mock("../words/more", () => ({}));

const seen = vi.fn();
let visibilityState: DocumentVisibilityState;

beforeEach(() => {
  vi.useFakeTimers();
  seen.mockClear();
  visibilityState = "visible";
  vi.stubGlobal("document", {
    get visibilityState() {
      return visibilityState;
    },
    removeEventListener: vi.fn(),
  });
  Object.assign(studio, { live: { state: { news: { lines: [], unread: 10 } } }, news: { seen } });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Look at the news for so long, and leave. */
function glance(ms: number): void {
  const page = new NewsPage();
  page.updated();
  vi.advanceTimersByTime(ms);
  page.disconnectedCallback();
}

test("the news are read when they have been looked at, once", () => {
  glance(5_000);
  expect(seen).toHaveBeenCalledOnce();
});

test("whoever glances at the news and leaves has read them", () => {
  glance(600);
  expect(seen).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(5_000);
  expect(seen).toHaveBeenCalledOnce();
});

test("on the way through nothing is read, and nothing in a page that nobody sees", () => {
  glance(100);
  const page = new NewsPage();
  page.updated();
  visibilityState = "hidden";
  vi.advanceTimersByTime(600);
  page.disconnectedCallback();
  vi.advanceTimersByTime(5_000);
  expect(seen).not.toHaveBeenCalled();
});
