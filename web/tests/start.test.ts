import { afterEach, expect, test, vi } from "vitest";
import { studio } from "../components/studio";
import { EMPTY, type Draft } from "../live/state";
import { fetchSoon } from "../pages/start";
import { user } from "./made";
import { Drawer } from "./shelves";

/** What the page asks for; while its line is lost, nothing comes. */
const line = vi.hoisted(() => ({
  lost: false,
  asked: [] as string[],
  came: [] as string[],
  fetch(part: string): object {
    line.asked.push(part);
    if (line.lost) throw new Error(`${part} is out of reach`);
    line.came.push(part);
    return {};
  },
}));

vi.mock("../components/studio", async () => {
  const { Comeback } = await import("../live/comeback");
  const live = {
    comeback: new Comeback(() => true),
    connection: { phase: "live" },
    dispatch: vi.fn(),
    listen: vi.fn(),
    touch: vi.fn(),
  };
  return { studio: { live, conversation: { resend: vi.fn() } } };
});
vi.mock("../components/measure", () => ({}));
vi.mock("../components/picture-frame", () => ({}));
vi.mock("../components/live-region", () => line.fetch("live-region"));
vi.mock("../components/post-view", () => line.fetch("post-view"));
vi.mock("../components/create-sheet", () => line.fetch("create-sheet"));
vi.mock("../components/unsent", async (original) => ({ ...line.fetch("unsent"), ...(await original()) }));

afterEach(() => vi.unstubAllGlobals());

test("what can wait and is lost with the line comes with it, once, and takes up what an earlier page kept", async () => {
  vi.useFakeTimers();
  const me = user("me");
  const draft: Draft = { key: "k", text: "kept", parent: null, status: "waiting", problem: "", author: me };
  const shelf = new Drawer();
  shelf.setItem("livefeed.unsent", JSON.stringify([{ post: "p", draft }]));
  vi.stubGlobal("localStorage", shelf);
  Object.assign(studio.live, { me, state: EMPTY });
  line.lost = true;
  fetchSoon();
  studio.live.comeback.came();
  await vi.dynamicImportSettled();
  expect(line.asked).toEqual([]);
  vi.runAllTimers();
  vi.useRealTimers();
  await vi.dynamicImportSettled();
  expect([line.asked.length, line.came.length]).toEqual([4, 0]);

  line.lost = false;
  for (let comeback = 0; comeback < 2; comeback++) {
    studio.live.comeback.came();
    await vi.dynamicImportSettled();
  }
  expect(line.came.sort()).toEqual(["create-sheet", "live-region", "post-view", "unsent"]);
  expect(studio.live.dispatch).toHaveBeenCalledExactlyOnceWith({ kind: "draft", post: "p", draft });
  expect(studio.conversation.resend).toHaveBeenCalledOnce();
  expect(studio.live.listen, "once here, and once by what keeps them").toHaveBeenCalledTimes(2);
});
