/** `@livefeed/client`: what a livefeed server tells, in a browser or in Node. Documented in docs/client-js.md. */
import { attend } from "../live/attention";
import { framesOf, type Codec } from "../live/line";
import { Requests, type Fetch } from "../live/requests";
import { socketLine, type SocketMaker } from "../live/socket-line";
import { streamLine } from "../live/stream-line";
import { OwnTransport, type Transport, type TransportEvents } from "../live/transport";
import { Client } from "./client";

export type { Connection, Phase } from "../live/connection";
export type { Codec } from "../live/line";
export { comparePositions } from "../live/position";
export { Problem } from "../live/problem";
export type * from "../live/protocol";
export type { Wish } from "../live/subscriptions";
export type { Client, Follower, Following, PresenceFrame } from "./client";

/** Makes the transport that tabs share, where it can be had, from what makes one of one's own. */
export type Share = (
  origin: string,
  open: (events: TransportEvents) => Transport,
  events: TransportEvents,
) => Transport;

export interface Options {
  /** A guest's or an account's; nobody if there is none, or whom the page's cookie names. */
  readonly token?: string;
  /** `sharing(person)` of "@livefeed/client/sharing": one connection for all tabs of a browser. */
  readonly share?: Share;
  /** Where the environment has none of its own (Node 20), or another is wanted. */
  readonly WebSocket?: unknown;
  readonly fetch?: typeof fetch;
  /** How frames are written; JSON if not given. */
  readonly codec?: Codec;
}

const JSON_FRAMES: Codec = {
  subprotocol: "livefeed.v1.json",
  encode: (frame) => JSON.stringify(frame),
  decode: (message) => framesOf(JSON.parse(message as string)),
};

/**
 * Connect to a server, and stay connected until `close`.
 *
 * address: "https://host", without a path; "" for the page's own server.
 */
export function connect(address: string, options: Options = {}): Client {
  const { token, share, codec = JSON_FRAMES } = options;
  const origin = address.replace(/\/+$/, "");
  const requests = { origin, token, fetch: options.fetch as Fetch | undefined };
  const query = token ? `?token=${encodeURIComponent(token)}` : "";
  const roads = {
    socket: socketLine(
      () => (origin || location.origin).replace(/^http/, "ws") + "/ws" + query,
      codec,
      options.WebSocket as SocketMaker | undefined,
    ),
    stream: streamLine(() => requests),
  };
  let unattend = (): void => undefined;
  const own = (events: TransportEvents): Transport => new OwnTransport(roads, events);
  const open = (events: TransportEvents): Transport => {
    const transport = share ? share(origin, own, events) : own(events);
    if (globalThis.document) unattend = attend(transport);
    return transport;
  };
  return new Client(open, new Requests(requests), () => unattend());
}
