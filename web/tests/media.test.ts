import { afterEach, expect, test, vi } from "vitest";
import { Media } from "../components/media";

type Listener = (event: { matches: boolean }) => void;

/** As Chromium has it: a change that somebody has read is told to nobody. */
class Query {
  readonly #listeners: Listener[] = [];
  #now = false;
  #known = false;

  get matches(): boolean {
    return (this.#known = this.#now);
  }

  addEventListener(_: "change", listener: Listener): void {
    this.#listeners.push(listener);
  }

  change(matches: boolean): void {
    this.#now = matches;
  }

  frame(): void {
    if (this.#known === this.#now) return;
    this.#known = this.#now;
    for (const listener of this.#listeners) listener({ matches: this.#now });
  }
}

afterEach(() => vi.unstubAllGlobals());

test("a change is told, though somebody asked before the frame that tells it", () => {
  const query = new Query();
  vi.stubGlobal("matchMedia", () => query);
  const media = new Media("(max-width: 999px)");
  const told: boolean[] = [];
  media.listen(() => told.push(media.matches));
  query.change(true);
  expect(media.matches).toBe(false);
  query.frame();
  expect(told).toEqual([true]);
  query.change(false);
  query.frame();
  expect(told).toEqual([true, false]);
});

test("an element is drawn anew while it is part of the page, and when it is so again", () => {
  const query = new Query();
  vi.stubGlobal("matchMedia", () => query);
  const media = new Media("(max-width: 999px)");
  const host = {
    drawn: 0,
    requestUpdate: () => (host.drawn += 1),
    addController: vi.fn(),
    removeController: vi.fn(),
    updateComplete: Promise.resolve(true),
  };
  media.redraws(host);
  const controller = host.addController.mock.calls[0]?.[0] as Record<
    "hostConnected" | "hostDisconnected",
    () => void
  >;
  const drawn = (act: () => void): number => {
    const before = host.drawn;
    act();
    return host.drawn - before;
  };
  const turned = (matches: boolean) => (): void => {
    query.change(matches);
    query.frame();
  };
  expect(drawn(controller.hostConnected)).toBe(1);
  expect(drawn(turned(true))).toBe(1);
  controller.hostDisconnected();
  expect(drawn(turned(false))).toBe(0);
  expect(drawn(controller.hostConnected)).toBe(1);
});
