import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Called } from "../live/called";
import { unreachable } from "../live/problem";
import type { User } from "../live/protocol";
import { user } from "./made";

const named = (...handles: string[]): User[] => handles.map((handle) => ({ ...user(handle), handle }));
const handles = (people: readonly User[]): string[] => people.map(({ handle }) => handle);

const asked: string[] = [];
let answers: { resolve: (people: User[]) => void; reject: (error: unknown) => void }[] = [];
let came = 0;
let called: Called;

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = came = 0;
  answers = [];
  called = new Called(
    (begun) => {
      asked.push(begun);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
    () => came++,
  );
});

afterEach(() => void vi.useRealTimers());

test("while letters follow each other only the last beginning is asked for, and once", async () => {
  for (const begun of ["f", "fr", "fri", "frie", "frie"]) expect(called.by(begun)).toEqual([]);
  await vi.runAllTimersAsync();
  expect(asked).toEqual(["frie"]);
  answers[0]!.resolve(named("friendly-ocean"));
  await vi.runAllTimersAsync();
  expect(came).toBe(1);
  expect(handles(called.by("frie"))).toEqual(["friendly-ocean"]);
  await vi.runAllTimersAsync();
  expect(asked).toHaveLength(1);
});

test("those who are known already are there at the next letter, if a word of theirs begins so", async () => {
  called.by("oc");
  await vi.runAllTimersAsync();
  answers[0]!.resolve(named("octopus", "friendly-ocean", "oce"));
  await vi.runAllTimersAsync();
  expect(handles(called.by("oce"))).toEqual(["friendly-ocean", "oce"]);
  expect(called.by("cean")).toEqual([]);
});

test("one letter and nobody being named any more ask for nothing", async () => {
  called.by("f");
  called.by("fr");
  called.stop();
  await vi.runAllTimersAsync();
  expect(asked).toEqual([]);
});

test("an answer that comes after another question, or after the end, changes nothing", async () => {
  called.by("fr");
  await vi.runAllTimersAsync();
  called.by("ot");
  await vi.runAllTimersAsync();
  answers[1]!.resolve(named("otter"));
  answers[0]!.resolve(named("friend"));
  await vi.runAllTimersAsync();
  expect(handles(called.by("ot"))).toEqual(["otter"]);
  called.by("ow");
  await vi.runAllTimersAsync();
  called.stop();
  answers[2]!.resolve(named("owl"));
  await vi.runAllTimersAsync();
  expect(came).toBe(1);
});

test("without an answer those who are known stay, and the next letter asks", async () => {
  called.by("fr");
  await vi.runAllTimersAsync();
  answers[0]!.reject(unreachable());
  await vi.runAllTimersAsync();
  expect(came).toBe(0);
  called.by("fri");
  await vi.runAllTimersAsync();
  expect(asked).toEqual(["fr", "fri"]);
});
