import { afterEach, expect, test, vi } from "vitest";
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";

/** The server gives the same bytes to all, also to whoever said a part of them. Clients must pay no heed to it. */

const awareness = new Awareness(new Y.Doc());
afterEach(() => awareness.destroy());

test("a client pays no heed to what it is told of itself at its own clock, or an older one", () => {
  const other = new Awareness(new Y.Doc());
  awareness.setLocalState({ cursor: 1 });
  applyAwarenessUpdate(other, encodeAwarenessUpdate(awareness, [awareness.clientID]), "line");
  other.getStates().set(awareness.clientID, { cursor: 1, user: { id: "as the server says" } });
  const echo = encodeAwarenessUpdate(other, [awareness.clientID]);
  const noticed = vi.fn();
  awareness.on("change", noticed);
  awareness.on("update", noticed);
  for (const state of [{ cursor: 1 }, { cursor: 2 }]) {
    if (state.cursor === 2) awareness.setLocalState(state);
    noticed.mockClear();
    applyAwarenessUpdate(awareness, echo, "line");
    expect(awareness.getLocalState()).toEqual(state);
    expect(noticed).not.toHaveBeenCalled();
  }
  other.destroy();
});
