import { expect, test, vi } from "vitest";
import { Problem, unreachable } from "../live/problem";
import { Ballot, type Choice } from "../live/room-ballot";

/** A server that answers when it is told to, and what became of each vote. */
class Server {
  readonly heard: Choice[] = [];
  readonly told: string[] = [];
  problem: Problem | null = null;
  hold: Promise<void> = Promise.resolve();

  readonly ballot = new Ballot({
    send: async (choice) => {
      this.heard.push(choice);
      await this.hold;
      if (this.problem) throw this.problem;
    },
    waits: ({ variation }) => this.told.push(`${variation} waits`),
    accepted: ({ variation }) => this.told.push(`${variation} accepted`),
    refused: ({ variation }, { code }) => this.told.push(`${variation} refused: ${code}`),
  });
}

const on = (variation: string): Choice => ({ variation, on: true });

test("a vote without a network is kept and sent when there is one", async () => {
  const server = new Server();
  server.problem = unreachable();
  await server.ballot.cast(on("a"));
  expect(server.told).toEqual(["a waits"]);
  expect(server.ballot.wish).toEqual(on("a"));
  server.problem = null;
  await server.ballot.send();
  expect(server.told).toEqual(["a waits", "a accepted"]);
  await server.ballot.send();
  expect(server.heard).toHaveLength(2);
});

test("it is tried again by itself", async () => {
  vi.useFakeTimers();
  try {
    const server = new Server();
    server.problem = unreachable();
    await server.ballot.cast(on("a"));
    server.problem = null;
    await vi.runAllTimersAsync();
    expect(server.told).toEqual(["a waits", "a accepted"]);
  } finally {
    vi.useRealTimers();
  }
});

test("what the server refuses is told at once, and not sent again", async () => {
  const server = new Server();
  server.problem = new Problem("conflict", "It is published.", 409);
  await server.ballot.cast(on("a"));
  expect(server.told).toEqual(["a refused: conflict"]);
  expect(server.ballot.wish).toBeNull();
});

test("who thinks better of it while it is on its way has the last wish sent after the first", async () => {
  const server = new Server();
  let answer = (): void => undefined;
  server.hold = new Promise((resolve) => (answer = resolve));
  const first = server.ballot.cast(on("a"));
  void server.ballot.cast(on("b"));
  void server.ballot.cast(on("c"));
  answer();
  await first;
  expect(server.heard).toEqual([on("a"), on("c")]);
  expect(server.told).toEqual(["c accepted"]);
});

test("a vote that I must not cast any more is neither sent nor heard of", async () => {
  const server = new Server();
  server.problem = unreachable();
  await server.ballot.cast(on("a"));
  server.ballot.drop();
  server.problem = null;
  await server.ballot.send();
  expect(server.heard).toHaveLength(1);
  let answer = (): void => undefined;
  server.hold = new Promise((resolve) => (answer = resolve));
  const cast = server.ballot.cast(on("b"));
  server.ballot.drop();
  server.problem = new Problem("forbidden", "No.", 403);
  answer();
  await cast;
  expect(server.told).toEqual(["a waits"]);
});
