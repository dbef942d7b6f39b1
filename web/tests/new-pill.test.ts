import type { TemplateResult } from "lit";
import { beforeEach, expect, test, vi } from "vitest";
import { NewPill } from "../components/new-pill";
import { studio } from "../components/studio";
import { takeCard } from "../components/take-card";

const FEED = "feed:all";

vi.mock("../components/studio", () => ({ studio: {}, Watch: class {} }));
vi.mock("../components/picture-frame", () => ({ pictureUrl: () => "" }));
vi.mock("../components/take-card", () => ({ takeCard: vi.fn() }));

/** A pill that has the focus, and what it was heard to say. */
class Pressed extends NewPill {
  override readonly shadowRoot = { activeElement: this } as unknown as ShadowRoot;
  override readonly getRootNode = (): Node => this;
  readonly heard: string[] = [];

  override dispatchEvent(event: Event): boolean {
    return Boolean(this.heard.push(event.type));
  }

  async press(): Promise<void> {
    await pressOf(this.render())!.call(this);
  }
}
customElements.define("pressed-pill", Pressed);

/** What a press does, somewhere in what is drawn. */
function pressOf(value: unknown): (() => Promise<void>) | undefined {
  if (typeof value === "function") return value as () => Promise<void>;
  const parts = Array.isArray(value) ? value : (value as TemplateResult | undefined)?.values;
  return Array.isArray(parts) ? parts.map(pressOf).find(Boolean) : undefined;
}

let opens: boolean;

beforeEach(() => {
  vi.mocked(takeCard).mockClear();
  const feed = { blocks: [{ key: "top", posts: ["top"] }], pending: ["new"], overflow: 10 };
  Object.assign(studio, {
    feed: FEED,
    live: { state: { feeds: new Map([[FEED, feed]]), posts: new Map() } },
    wall: { openPending: () => Promise.resolve(opens) },
  });
});

test("a pill that was opened says so, and hands its focus on", async () => {
  opens = true;
  const pill = new Pressed();
  await pill.press();
  expect(pill.heard).toEqual(["opened"]);
  expect(takeCard).toHaveBeenCalledExactlyOnceWith(pill, "top");
});

test("a pill that could not be opened keeps the focus, and nobody scrolls for it", async () => {
  opens = false;
  const pill = new Pressed();
  await pill.press();
  expect(pill.heard).toEqual([]);
  expect(takeCard).not.toHaveBeenCalled();
});
