import type { Transport } from "./transport";

/** A page that nobody has looked at for so long lets go of its connection. */
export const REST_MS = 5 * 60_000;

/** Let a connection rest while nobody looks at the page, and call it back when somebody does. Return how to end that. */
export function attend(transport: Transport, page: Document = document): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = (): void => {
    clearTimeout(timer);
    transport.rest();
  };
  const turn = (): void => {
    clearTimeout(timer);
    if (page.visibilityState === "hidden") timer = setTimeout(rest, REST_MS);
    else if (transport.connection.phase === "resting") transport.start();
    else transport.look();
  };
  // A page that is left or frozen cannot lead the others; it may come back.
  const listeners: readonly (readonly [EventTarget, string, () => void])[] = [
    [page, "visibilitychange", turn],
    [page, "freeze", rest],
    [page, "resume", turn],
    [globalThis, "pagehide", rest],
    [globalThis, "pageshow", turn],
  ];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  if (page.visibilityState === "hidden") turn();
  return () => {
    clearTimeout(timer);
    for (const [target, type, listener] of listeners) target.removeEventListener(type, listener);
  };
}
