import { ReactiveElement, type TemplateResult } from "lit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OwnPicture } from "../components/own-picture";
import { studio } from "../components/studio";
import { Comeback } from "../live/comeback";
import { unreachable } from "../live/problem";
import { EMPTY } from "../live/state";
import { generation, post } from "./made";

vi.mock("../words/more", () => ({}));
vi.mock("../components/studio", () => ({ studio: { live: {} }, Watch: class {} }));
vi.mock("../components/generation-card", () => ({}));
vi.mock("../components/picture-frame", () => ({ pictureUrl: () => "" }));
vi.mock("../components/generator-list", () => ({
  GeneratorList: class {
    readonly all = [];
  },
}));

/** What the page says of the picture, where there is no document to draw it in. */
class Said extends OwnPicture {
  override readonly isConnected = true;
  words = "";

  protected override createRenderRoot(): never {
    return this as never;
  }

  protected override update(changed: Map<PropertyKey, unknown>): void {
    this.words = wordsOf(this.render());
    ReactiveElement.prototype["update"].call(this, changed);
  }
}
customElements.define("said-own-picture", Said);

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(" ");
  return typeof value === "object" && value ? wordsOf((value as TemplateResult).values ?? []) : String(value);
}

const WAITING = "Fetching your picture…";
const LINELESS = "There is no line just now. This fills in by itself when it is back.";
/** The page's connection to a server that has the picture. */
const live = {
  me: null as unknown,
  state: EMPTY,
  comeback: new Comeback(() => true),
  letIn: vi.fn(),
  api: { generation: vi.fn() },
};
let picture: Said;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { title: "" });
  const made = generation("g", { prompt: "a lamp for myself", media: post("p").media });
  live.me = null;
  live.comeback = new Comeback(() => true);
  live.letIn.mockReset().mockResolvedValue(undefined);
  live.api.generation.mockReset().mockResolvedValue({ generation: made, at: "1-0" });
  Object.assign(studio.live, live);
  picture = new Said();
  picture.generation = "g";
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function hung(): Promise<void> {
  picture.connectedCallback();
  await vi.advanceTimersByTimeAsync(0);
}

test("whose maker is not let in yet is waited for, said to be out of reach, and there with the line", async () => {
  let refuse: (why: unknown) => void = () => undefined;
  live.letIn.mockReturnValueOnce(new Promise((_, reject) => (refuse = reject)));
  await hung();
  expect(picture.words).toContain(WAITING);
  refuse(unreachable());
  await vi.advanceTimersByTimeAsync(0);
  expect(picture.words).toContain(LINELESS);
  expect(live.api.generation).not.toHaveBeenCalled();
  live.comeback.came();
  await vi.advanceTimersByTimeAsync(0);
  expect(picture.words).toContain("a lamp for myself");
  expect(picture.words).not.toContain(LINELESS);
});

test("what a line that stands has lost is asked for again, until it is here or nobody looks", async () => {
  live.api.generation.mockRejectedValueOnce(unreachable());
  await hung();
  expect(picture.words).toContain(LINELESS);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(picture.words).toContain("a lamp for myself");
  live.comeback.came();
  await vi.advanceTimersByTimeAsync(0);
  expect(live.api.generation).toHaveBeenCalledTimes(2);

  live.api.generation.mockRejectedValue(unreachable());
  picture.generation = "other";
  await vi.advanceTimersByTimeAsync(0);
  expect(picture.words).toContain(LINELESS);
  picture.disconnectedCallback();
  live.comeback.came();
  await vi.advanceTimersByTimeAsync(0);
  expect(live.api.generation).toHaveBeenCalledTimes(3);
});
