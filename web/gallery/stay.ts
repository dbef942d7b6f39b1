import { halfWritten } from "../components/half-written";
import { studio } from "../components/studio";
import type { Connection } from "../live/connection";
import { fold } from "../live/fold";
import { EMPTY, type State } from "../live/state";
import { answer } from "./answers";
import { Silence } from "./silence";
import { Scribe } from "./scribe";

export const LIVE: Connection = {
  phase: "live",
  attempt: 0,
  lostAt: null,
  closeCode: null,
  road: "socket",
  notBefore: 0,
};

let connection = LIVE;
let state = EMPTY;

/** Return how the page is made to stand again as it does now: what it knows, its connection, its wall. */
export function remembered(): () => void {
  const before = { state, connection, feed: studio.feed };
  return () => {
    ({ state, connection } = before);
    studio.feed = before.feed;
    studio.live.touch();
  };
}

/** Let the page's connection stand so. */
export function standing(other: Partial<Connection>): void {
  connection = { ...LIVE, ...other };
  studio.live.touch();
}

/** Let something not have been read yet. */
export function unknown(what: keyof State): void {
  state = { ...state, [what]: EMPTY[what] };
  studio.live.touch();
}

/**
 * No connection, no request, no other address, and no state that goes over into the next one while it is looked at.
 * What is asked is answered from the fixtures.
 */
export function stayHere(): void {
  const { live, router } = studio;
  Object.defineProperty(live, "connection", { get: () => connection });
  Object.defineProperty(live, "state", { get: () => state });
  live.dispatch = (...actions) => {
    const before = state;
    state = actions.filter(({ kind }) => kind !== "settle").reduce(fold, state);
    if (state !== before) live.touch();
  };
  router.go = router.replace = router.leavePost = () => undefined;
  globalThis.WebSocket = new Proxy(Silence, {
    construct: (_, [url]: [string]) => (Scribe.knows(url) ? new Scribe(url) : new Silence()),
  }) as unknown as typeof WebSocket;
  const elsewhere = globalThis.fetch.bind(globalThis);
  globalThis.fetch = (input, init) =>
    String(input).startsWith("/api/")
      ? Promise.resolve(answer(init?.method ?? "GET", String(input)))
      : elsewhere(input, init);
  // What is written in one state is not half written in the next one.
  halfWritten.keep = () => undefined;
  keepTitle();
  mayTell();
}

/** Pages and sheets name themselves; here there are many of them. */
function keepTitle(): void {
  const title = "Gallery · livefeed";
  document.title = title;
  Object.defineProperty(document, "title", { get: () => title, set: () => undefined });
}

/** The system was not asked yet, whatever it was told elsewhere: so there is something to be asked. */
function mayTell(): void {
  if (!("Notification" in globalThis)) return;
  Object.defineProperty(Notification, "permission", { get: () => "default" });
  Notification.requestPermission = () => Promise.resolve("default");
}
