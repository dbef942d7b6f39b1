/**
 * How the page is connected: by a line of its own, or by one that the tabs of a person share. The first feed is drawn
 * without it, so it is fetched while the server is asked who we are.
 */

import { attend } from "./attention";
import { lazily } from "./lazily";
import { shared } from "./sharing";
import { socketLine } from "./socket-line";
import { OwnTransport, type Transport, type TransportEvents } from "./transport";
import { workerLine, type Hand } from "./worker-line";

/** A connection that was begun, and what ends it. */
export interface Connected {
  readonly transport: Transport;
  leave(): void;
}

/**
 * Connect to the server of a WebSocket's address, and let the connection rest while nobody looks at the page. The tabs
 * of one `name` share theirs where the browser allows it; tabs of different people must not have the same.
 */
export function connected(address: string, name: string, events: TransportEvents): Connected {
  const roads = {
    socket: workerLine(
      () => new Worker(new URL("./socket-worker.ts", import.meta.url)) as unknown as Hand,
      () => address,
      lazily(async () => socketLine(() => address, (await import("./codec")).MESSAGE_PACK)),
    ),
    stream: lazily(async () => (await import("./stream-line")).streamLine(() => ({ origin: "" }))),
  };
  const own = (its: TransportEvents): Transport => new OwnTransport(roads, its);
  const transport = shared()?.(name, own, events) ?? own(events);
  const unattend = attend(transport);
  return {
    transport,
    leave: () => {
      unattend();
      transport.stop();
    },
  };
}
