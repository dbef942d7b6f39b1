/** Whether and how the tabs of one browser share a connection. */

import type { Transport, TransportEvents } from "./transport";

/** Makes a transport that the tabs of one name share. */
export type Sharing = (
  name: string,
  open: (events: TransportEvents) => Transport,
  events: TransportEvents,
) => Transport;

/** Return how to share a connection between tabs, null where it cannot be: then each tab has its own. */
export async function shared(): Promise<Sharing | null> {
  try {
    const { browserSurroundings, FORM, SharedTransport } = await import("./shared-transport");
    const surroundings = browserSurroundings();
    if (!surroundings) return null;
    // Tabs that would not understand each other have nothing in common.
    return (name, open, events) => new SharedTransport(`${name} ${FORM}`, surroundings, open, events);
  } catch {
    return null; // its program could not be fetched
  }
}
