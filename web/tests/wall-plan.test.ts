import { expect, test, vi } from "vitest";
import { WallPlan } from "../components/wall-plan";
import { fold } from "../live/fold";
import type { Grid } from "../live/masonry";
import { EMPTY, type State } from "../live/state";
import { post } from "./made";

vi.mock("../components/measure", () => ({ linesOf: (title: string) => (title.includes("long") ? 2 : 1) }));

const FEED = "feed:all";
const GRID: Grid = { columns: 2, columnWidth: 300 };
const WINDOW = 500;
const PAGES = 40;

/** A wall of pages of four, of which one has a title of two lines. */
function hung(): State {
  let state = EMPTY;
  for (let page = 0; page < PAGES; page++) {
    const ids = ["a", "b", "c", "d"].map((name) => `${name}${page}`);
    const posts = ids.map((id) => post(id, id.startsWith("b") ? { prompt: "a long one" } : {}));
    state = fold(state, {
      kind: "feed-page",
      topic: FEED,
      page: {
        posts,
        generations: [],
        next: "more",
        mine: {},
        place: page ? "older" : "first",
        before: `${page}`,
      },
    });
  }
  return state;
}

function laid(plan: WallPlan, state: State, grid = GRID): WallPlan {
  plan.lay(state.feeds.get(FEED)!.blocks, grid, false, state);
  return plan;
}

const state = hung();

test("until somebody looks, what is in the window at the top is drawn", () => {
  const drawn = laid(new WallPlan(WINDOW), state).stretches([]);
  expect(drawn.map(({ kind }) => kind)).toEqual(["block", "room"]);
});

test("room stands for what is not drawn, as high as that", () => {
  const plan = laid(new WallPlan(WINDOW), state);
  const whole = plan.planned.at(-1)!.top + plan.planned.at(-1)!.height;
  plan.look(12_000, WINDOW, 0);
  const stretches = plan.stretches(["a30"]);
  const heights = stretches.map((one) => (one.kind === "room" ? one.height : one.planned.height));
  const gaps = 26 * (stretches.length - 1);
  expect(heights.reduce((sum, height) => sum + height, gaps)).toBe(whole);
  const keys = stretches.flatMap((one) => (one.kind === "block" ? [one.key] : []));
  expect(keys[0]).toBe("a0");
  expect(keys).toContain("a30");
  expect(keys.length).toBeLessThan(8);
});

test("what is laid aside and comes back hangs where it hung, also in another width meanwhile", () => {
  const plan = laid(new WallPlan(WINDOW), state);
  plan.look(plan.planned.at(-1)!.top, WINDOW, 0);
  const before = plan.planned.map(({ top, height }) => [top, height]);
  const shapes = plan.leaving();
  expect(shapes.size).toBeGreaterThan(10);
  expect([...shapes.keys()]).not.toContain("a0");
  const aside = fold(state, { kind: "lay-aside", topic: FEED, shapes });
  expect(laid(plan, aside).planned.map(({ top, height }) => [top, height])).toEqual(before);
  expect(plan.leaving().size).toBe(0);
  // Who comes to the wall anew finds it as it was.
  expect(laid(new WallPlan(WINDOW), aside).planned.map(({ top, height }) => [top, height])).toEqual(before);
  const wider = laid(new WallPlan(WINDOW), state, { columns: 3, columnWidth: 280 });
  expect(laid(plan, aside, { columns: 3, columnWidth: 280 }).planned.map(({ top }) => top)).toEqual(
    wider.planned.map(({ top }) => top),
  );
});

test("the nearest is read again first", () => {
  const plan = laid(new WallPlan(WINDOW), state);
  plan.look(plan.planned.at(-1)!.top, WINDOW, 0);
  laid(plan, fold(state, { kind: "lay-aside", topic: FEED, shapes: plan.leaving() }));
  expect(plan.nearing()).toEqual([]);
  plan.look(plan.find("a20")!.top, WINDOW, 0);
  const keys = plan.nearing();
  expect(keys[0]).toBe("a20");
  expect(keys.slice(1, 3).sort()).toEqual(["a19", "a21"]);
});
