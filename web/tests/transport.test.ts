import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attend, REST_MS } from "../live/attention";
import { Client } from "../client/client";
import type { OpenLine } from "../live/line";
import { Requests } from "../live/requests";
import { OwnTransport } from "../live/transport";
import { drawn, pass, SimulatedServer } from "./simulated";

beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

interface Way {
  readonly server: SimulatedServer;
  readonly client: Client;
  readonly told: string[];
  readonly transport: OwnTransport;
  /** Whether WebSockets get through. */
  readonly network: { socket: boolean };
  /** Which roads were tried, in order. */
  readonly tried: string[];
}

/** A client that follows one topic, with a network in which WebSockets may be blocked. */
function way(socket: boolean): Way {
  const server = new SimulatedServer(drawn(7));
  const told: string[] = [];
  const tried: string[] = [];
  const road =
    (name: string, passes: () => boolean): OpenLine =>
    (ears) => {
      tried.push(name);
      if (passes()) return server.open(ears);
      const timer = setTimeout(() => ears.closed(1006, null), 5);
      return { send: () => undefined, close: () => clearTimeout(timer) };
    };
  const network = { socket };
  const transports: OwnTransport[] = [];
  const client = new Client(
    (events) => {
      const roads = { socket: road("socket", () => network.socket), stream: road("stream", () => true) };
      transports.push(new OwnTransport(roads, events));
      return transports[0]!;
    },
    new Requests({ origin: "", fetch: () => Promise.reject(new Error("no requests here")) }),
  );
  client.follow("feed:all", { event: ({ id }) => told.push(id) }, { since: server.cut });
  return { server, client, told, transport: transports[0]!, network, tried };
}

test("where WebSockets are blocked the stream is taken within two seconds; when they open again nothing is lost", async () => {
  const one = way(false);
  await pass(2_000);
  expect(one.tried).toEqual(["socket", "socket", "stream"]);
  expect(one.client.phase).toBe("live");
  const published = [one.server.publish("feed:all").id];
  one.network.socket = true;
  await pass(30_000);
  expect(one.client.connection.road).toBe("stream");
  published.push(one.server.publish("feed:all").id);
  await pass(35_000);
  expect(one.client.connection).toMatchObject({ road: "socket", phase: "live" });
  published.push(one.server.publish("feed:all").id);
  await pass(1_000);
  expect(one.told).toEqual(published);
  expect(one.server.lines.size).toBe(1);
});

test("while they stay blocked, WebSockets are tried ever more seldom, and the stream goes on meanwhile", async () => {
  const one = way(false);
  await pass(2_000);
  const phases = new Set<string>();
  one.client.listen(({ phase }) => phases.add(phase));
  await pass(15 * 60_000);
  expect(one.tried.slice(3)).toEqual(["socket", "socket", "socket"]); // after 1, 3 and 7 minutes
  expect([...phases]).toEqual([]);
});

test("a line that falls silent is asked, and left when it does not answer", async () => {
  const one = way(true);
  await pass(1_000);
  expect(one.client.phase).toBe("live");
  for (const line of one.server.lines) line.hang();
  one.server.publish("feed:all");
  await pass(60_000);
  expect(one.tried.length).toBeGreaterThan(1);
  expect(one.client.phase).toBe("live");
  expect(one.told).toHaveLength(1);
});

test("a page that is hidden for five minutes rests, a shorter while changes nothing, and looking wakes it", async () => {
  const one = way(true);
  await pass(1_000);
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
  const end = attend(one.transport, page as unknown as Document);
  const turn = (state: string): void => {
    page.visibilityState = state;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  turn("hidden");
  await pass(REST_MS - 1_000);
  turn("visible");
  await pass(2_000);
  expect(one.tried).toHaveLength(1);
  turn("hidden");
  await pass(REST_MS + 1_000);
  expect(one.client.phase).toBe("resting");
  expect(one.server.lines.size).toBe(0);
  const missed = one.server.publish("feed:all");
  turn("visible");
  await pass(1_000);
  expect(one.client.phase).toBe("live");
  expect(one.told).toEqual([missed.id]);
  page.dispatchEvent(new Event("freeze"));
  expect(one.client.phase).toBe("resting");
  end();
  vi.unstubAllGlobals();
});
