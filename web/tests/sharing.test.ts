import { afterEach, expect, test, vi } from "vitest";
import { INITIAL } from "../live/connection";
import { shared } from "../live/sharing";
import { FORM } from "../live/shared-transport";
import type { Transport } from "../live/transport";

afterEach(() => vi.unstubAllGlobals());

test("tabs share a connection with those whose messages have the same form only", () => {
  const names: string[] = [];
  const request = (name: string): Promise<never> => {
    names.push(name);
    return new Promise(() => undefined);
  };
  vi.stubGlobal("navigator", { locks: { request } });
  vi.stubGlobal(
    "BroadcastChannel",
    class {
      constructor(name: string) {
        names.push(name);
      }
      postMessage(): void {}
      close(): void {}
    },
  );
  const sharing = shared()!;
  const own = { connection: INITIAL } as unknown as Transport;
  const events = { welcomed: vi.fn(), resume: vi.fn(), frames: vi.fn(), changed: vi.fn() };
  sharing("livefeed u1", () => own, events).start();
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect(name).toMatch(new RegExp(`^livefeed u1 ${FORM}( |$)`));
});

test("without locks or channels there is nothing to share by", () => {
  vi.stubGlobal("navigator", {});
  expect(shared()).toBe(null);
});
