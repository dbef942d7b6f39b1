import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ahead, askAhead } from "../live/ahead";
import { Api } from "../live/api";
import { asProblem } from "../live/problem";

const PATH = "/api/feeds/all?limit=30";
const KEPT_MS = 10_000;
let asked: string[];
let answer: () => Promise<Response>;

function page(...paths: readonly string[]): void {
  const links = paths.map((path) => ({ getAttribute: () => path }));
  vi.stubGlobal("document", { querySelectorAll: () => links });
  askAhead();
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answer = () => Promise.resolve(Response.json({ posts: [], next: `${asked.length}` }));
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
    asked.push(`${init?.method ?? "GET"} ${path}`);
    return answer();
  });
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what the head names is asked for before anybody comes for it, and once", async () => {
  page(PATH);
  expect(asked).toEqual([`GET ${PATH}`]);
  const api = new Api(ahead);
  expect(await api.feed("all", null, 30)).toMatchObject({ next: "1" });
  expect(asked.length).toBe(1);
  expect(await api.feed("all", null, 30)).toMatchObject({ next: "2" });
});

test("other paths and commands are asked for when somebody does", async () => {
  page(PATH);
  await ahead(PATH, { method: "DELETE" });
  await ahead("/api/me", { method: "GET" });
  expect(asked.slice(1)).toEqual([`DELETE ${PATH}`, "GET /api/me"]);
});

test("an answer that nobody came for in time tells of what was long ago", async () => {
  page(PATH);
  vi.advanceTimersByTime(KEPT_MS);
  await new Api(ahead).feed("all", null, 30);
  expect(asked.length).toBe(2);
});

test("what fails ahead is told to who comes for it, and asked anew by the next", async () => {
  answer = () => Promise.reject(new TypeError("away"));
  page(PATH);
  const api = new Api(ahead);
  const problem = await api.feed("all", null, 30).catch(asProblem);
  expect(problem).toMatchObject({ code: "unreachable" });
  answer = () => Promise.resolve(Response.json({ posts: [] }));
  expect(await api.feed("all", null, 30)).toEqual({ posts: [] });
});
