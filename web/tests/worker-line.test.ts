import { beforeEach, expect, test } from "vitest";
import type { Ears, Line } from "../live/line";
import type { ServerFrame } from "../live/protocol";
import { workerLine, type Hand, type ToWorker } from "../live/worker-line";

const FRAMES: readonly ServerFrame[] = [{ op: "pong", ref: 1 }];

class Worker implements Hand {
  onmessage: Hand["onmessage"] = null;
  onerror: Hand["onerror"] = null;
  terminated = false;
  readonly told: ToWorker[] = [];
  postMessage(message: ToWorker): void {
    this.told.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
}

class Listener implements Ears {
  readonly heard: unknown[] = [];
  frames(frames: readonly ServerFrame[]): void {
    this.heard.push(frames);
  }
  closed(code: number, retryAfterMs: number | null): void {
    this.heard.push({ code, retryAfterMs });
  }
}

const OTHER: Line = { send: () => undefined, close: () => undefined };
let worker: Worker;
let begun: number;
/** Who listens to the line that was last opened otherwise. */
let other: Ears;

const open = (start: () => Hand) =>
  workerLine(
    start,
    () => "ws://here/ws",
    (ears) => {
      other = ears;
      return OTHER;
    },
  );
const started = (): Hand => {
  begun++;
  return worker;
};

beforeEach(() => {
  worker = new Worker();
  begun = 0;
});

test("what is sent goes to the worker, what it hears comes to whose line it is", () => {
  const line = open(started);
  const [first, second] = [new Listener(), new Listener()];
  line(first).send({ op: "ping", ref: 1 });
  line(second);
  worker.onmessage?.({ data: { op: "frames", line: 2, frames: FRAMES } });
  worker.onmessage?.({ data: { op: "closed", line: 1, code: 4000, retryAfterMs: 5 } });
  expect(begun).toBe(1);
  expect(worker.told).toEqual([
    { op: "open", line: 1, address: "ws://here/ws" },
    { op: "send", line: 1, frame: { op: "ping", ref: 1 } },
    { op: "open", line: 2, address: "ws://here/ws" },
  ]);
  expect([first.heard, second.heard]).toEqual([[{ code: 4000, retryAfterMs: 5 }], [FRAMES]]);
});

test("nothing is told any more of a line that was closed", () => {
  const listener = new Listener();
  const own = open(started)(listener);
  own.close();
  own.send({ op: "ping", ref: 1 });
  worker.onmessage?.({ data: { op: "frames", line: 1, frames: FRAMES } });
  expect(listener.heard).toEqual([]);
  expect(worker.told.map(({ op }) => op)).toEqual(["open", "close"]);
});

test("a worker that cannot be had ends its lines, and the next ones go another way", () => {
  const line = open(started);
  const listener = new Listener();
  line(listener);
  worker.onerror?.({});
  expect(listener.heard).toEqual([{ code: 1006, retryAfterMs: null }]);
  expect(worker.terminated).toBe(true);
  expect(line(listener)).toBe(OTHER);
});

test("a worker is tried again once another way has stood, and not for ever", () => {
  const line = open(started);
  const listener = new Listener();
  const isOther = (): boolean => line(listener) === OTHER;
  for (const isLast of [false, false, true]) {
    expect(isOther()).toBe(false);
    worker.onerror?.({});
    expect(isOther()).toBe(true);
    other.closed(1006, null);
    expect(isOther()).toBe(true);
    other.frames(FRAMES);
    expect(listener.heard.at(-1)).toEqual(FRAMES);
    if (isLast) expect(isOther()).toBe(true);
  }
});

test("where there are no workers, lines are opened without one", () => {
  const none = open(() => {
    throw new ReferenceError("Worker is not defined");
  });
  expect(none(new Listener())).toBe(OTHER);
});
