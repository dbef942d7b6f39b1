/** `@livefeed/client/sharing`: one connection for all tabs of a browser. */
import { browserSurroundings, FORM, SharedTransport } from "../live/shared-transport";
import type { Share } from "./index";

/**
 * Let the tabs that give the same name share a connection, where the browser allows it (over https, or on localhost);
 * elsewhere each has its own.
 *
 * person: tells people apart, as a user's id does. Tabs of different people must not share: what one may see would be
 * shown to the other.
 */
export function sharing(person: string): Share {
  return (origin, open, events) => {
    const surroundings = browserSurroundings();
    return surroundings
      ? new SharedTransport(`livefeed ${origin} ${person} ${FORM}`, surroundings, open, events)
      : open(events);
  };
}
