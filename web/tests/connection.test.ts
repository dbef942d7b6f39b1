import { describe, expect, test } from "vitest";
import {
  advance,
  delayMs,
  INITIAL,
  LONGEST_DELAY_MS,
  type Connection,
  type Effect,
  type Input,
} from "../live/connection";

/** Feed inputs to a machine that starts at rest; return where it is and everything it asked for. */
function run(...inputs: Input[]): { connection: Connection; effects: Effect[] } {
  const effects: Effect[] = [];
  let connection = INITIAL;
  inputs.forEach((input, index) => {
    const [next, asked] = advance(connection, input, 0.5, 1000 + index);
    connection = next;
    effects.push(...asked);
  });
  return { connection, effects };
}

const LIVE: Input[] = [{ kind: "start" }, { kind: "welcomed" }, { kind: "caught-up" }];

test("a start connects, a welcome catches up, and then it is live", () => {
  expect(run({ kind: "start" })).toMatchObject({
    connection: { phase: "connecting" },
    effects: [{ kind: "connect" }],
  });
  expect(run(...LIVE).connection).toMatchObject({ phase: "live", lostAt: null, attempt: 0 });
});

test("a lost connection waits, then tries again, and remembers when it was lost", () => {
  const { connection, effects } = run(...LIVE, { kind: "closed", code: 1006 });
  expect(connection).toMatchObject({ phase: "waiting", attempt: 1, lostAt: 1003 });
  expect(effects.at(-1)).toMatchObject({ kind: "wait" });
  const again = run(...LIVE, { kind: "closed", code: 1006 }, { kind: "timer" });
  expect(again.connection).toMatchObject({ phase: "connecting", lostAt: 1003 });
  expect(again.effects.at(-1)).toEqual({ kind: "connect" });
});

test("the time of the loss stays the first one until it is live again", () => {
  const closed: Input = { kind: "closed", code: 1006 };
  expect(run(...LIVE, closed, { kind: "timer" }, closed).connection.lostAt).toBe(1003);
  expect(run(...LIVE, closed, { kind: "timer" }, { kind: "welcomed" }).connection.lostAt).toBe(1003);
  expect(
    run(...LIVE, closed, { kind: "timer" }, { kind: "welcomed" }, { kind: "caught-up" }).connection.lostAt,
  ).toBeNull();
});

describe("close codes", () => {
  test.each([4000, 4001, 4002, 4099, 4499, 4600, 1001, 1006])("%i is tried again", (code) => {
    expect(run(...LIVE, { kind: "closed", code }).connection.phase).toBe("waiting");
  });
  test.each([4500, 4501, 4503, 4599])("%i is not", (code) => {
    const { connection, effects } = run(
      ...LIVE,
      { kind: "closed", code },
      { kind: "timer" },
      { kind: "online" },
    );
    expect(connection).toMatchObject({ phase: "refused", closeCode: code });
    expect(effects).toEqual([{ kind: "connect" }]);
  });
});

test("a drain leaves after the given time and connects elsewhere", () => {
  const { connection, effects } = run(...LIVE, { kind: "drain", afterMs: 700 }, { kind: "timer" });
  expect(effects.slice(1)).toEqual([{ kind: "wait", ms: 700 }, { kind: "close" }, { kind: "connect" }]);
  expect(connection.phase).toBe("connecting");
});

test("without a network nothing is tried until there is one", () => {
  const off = run(...LIVE, { kind: "offline" }, { kind: "timer" }, { kind: "closed", code: 1006 });
  expect(off.connection).toMatchObject({ phase: "offline", lostAt: 1003 });
  expect(off.effects.at(-1)).toEqual({ kind: "close" });
  expect(run(...LIVE, { kind: "offline" }, { kind: "online" }).effects.at(-1)).toEqual({ kind: "connect" });
});

test("coming online while waiting tries at once", () => {
  expect(run(...LIVE, { kind: "closed", code: 1006 }, { kind: "online" }).connection.phase).toBe(
    "connecting",
  );
});

test("the pauses grow, never beyond the longest, and are spread over half of it", () => {
  expect(delayMs(1, 0)).toBeLessThan(delayMs(2, 0));
  expect(delayMs(50, 0.999)).toBeLessThanOrEqual(LONGEST_DELAY_MS);
  expect(delayMs(50, 0)).toBe(LONGEST_DELAY_MS / 2);
});

const REFUSED: Input = { kind: "closed", code: 1006 };

test("where WebSockets do not open, the second time is followed by the other road; then they take turns", () => {
  const roads = [1, 2, 3, 4].map((tries) => {
    const inputs = Array.from({ length: tries }, () => [REFUSED, { kind: "timer" } as const]).flat();
    return run({ kind: "start" }, ...inputs).connection.road;
  });
  expect(roads).toEqual(["socket", "stream", "socket", "stream"]);
});

test("a WebSocket that hangs is not given a second chance", () => {
  expect(run({ kind: "start" }, { ...REFUSED, hung: true }).connection.road).toBe("stream");
});

test("a road that has been open is taken again, and a lost line is no reason for the other one", () => {
  expect(run(...LIVE, REFUSED, { kind: "timer" }).connection.road).toBe("socket");
  const streaming: Input[] = [
    { kind: "start" },
    { ...REFUSED, hung: true },
    { kind: "timer" },
    ...LIVE.slice(1),
  ];
  expect(run(...streaming, REFUSED, { kind: "timer" }).connection.road).toBe("stream");
  expect(run(...streaming, { kind: "socket-works" })).toMatchObject({
    connection: { road: "socket", phase: "connecting" },
  });
});

test("Retry-After is obeyed, whoever looks and whatever the network says", () => {
  const busy: Input = { kind: "closed", code: 1006, retryAfterMs: 5_000 };
  const { connection, effects } = run(...LIVE, busy);
  expect(effects.at(-1)).toMatchObject({ kind: "wait", ms: 5_000 + delayMs(1, 0.5) });
  expect(connection.notBefore).toBe(6_003);
  expect(run(...LIVE, busy, { kind: "look" }, { kind: "online" }).connection.phase).toBe("waiting");
  expect(run(...LIVE, REFUSED, { kind: "look" }).connection.phase).toBe("connecting");
  const back = run(...LIVE, busy, { kind: "offline" }, { kind: "online" });
  expect(back.effects.at(-1)).toEqual({ kind: "wait", ms: 4_998 });
});

test("who rests has no connection, hears of no network, and comes back when asked", () => {
  const resting = run(...LIVE, { kind: "rest" });
  expect(resting.effects.at(-1)).toEqual({ kind: "close" });
  for (const input of [REFUSED, { kind: "offline" }, { kind: "online" }, { kind: "timer" }] satisfies Input[])
    expect(run(...LIVE, { kind: "rest" }, input).connection.phase).toBe("resting");
  expect(run(...LIVE, { kind: "rest" }, { kind: "start" }).connection).toMatchObject({
    phase: "connecting",
    lostAt: 1004,
  });
});
