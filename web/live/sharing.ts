/** Whether and how the tabs of one browser share a connection. */

import { browserSurroundings, FORM, SharedTransport } from "./shared-transport";
import type { Transport, TransportEvents } from "./transport";

/** Makes a transport that the tabs of one name share. */
export type Sharing = (
  name: string,
  open: (events: TransportEvents) => Transport,
  events: TransportEvents,
) => Transport;

/** Return how to share a connection between tabs, null where it cannot be: then each tab has its own. */
export function shared(): Sharing | null {
  const surroundings = browserSurroundings();
  // Tabs that would not understand each other have nothing in common.
  return (
    surroundings &&
    ((name, open, events) => new SharedTransport(`${name} ${FORM}`, surroundings, open, events))
  );
}
