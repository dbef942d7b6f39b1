import type { Road } from "./line";
import { INITIAL } from "./unconnected";

export { INITIAL };

/**
 * The life of the connection, as a pure state machine: `advance` moves it and says what to do.
 * No clock, no randomness and no socket in here; they come in as arguments.
 */

export type Phase =
  /** Not started, or stopped by us. */
  | "idle"
  /** A socket is being opened. */
  | "connecting"
  /** Welcomed; subscriptions are being resumed. */
  | "catching-up"
  | "live"
  /** Lost; the timer runs until the next attempt. */
  | "waiting"
  /** The browser says there is no network: no attempts until it says otherwise. */
  | "offline"
  /** Nobody has looked for long: let go, to come back by position. */
  | "resting"
  /** The server closed with 4500–4599: trying again would fail in the same way. */
  | "refused";

export interface Connection {
  readonly phase: Phase;
  /** Failed attempts in a row. */
  readonly attempt: number;
  /** When the connection was lost (ms), null while it stands or has not been there yet. */
  readonly lostAt: number | null;
  readonly closeCode: number | null;
  /** The way that is taken, or will be next. */
  readonly road: Road;
  /** The server has asked not to be tried before (ms); 0 if it has not. */
  readonly notBefore: number;
}

export type Input =
  | { readonly kind: "start" }
  | { readonly kind: "welcomed" }
  | { readonly kind: "caught-up" }
  /** retryAfterMs: the server has said when to come back. hung: nothing was heard; we hung up. */
  | {
      readonly kind: "closed";
      readonly code: number;
      readonly retryAfterMs?: number | null;
      readonly hung?: boolean;
    }
  | { readonly kind: "drain"; readonly afterMs: number }
  | { readonly kind: "timer" }
  /** Somebody looks: do not wait any longer, unless the server has asked for it. */
  | { readonly kind: "look" }
  | { readonly kind: "online" }
  | { readonly kind: "offline" }
  /** A WebSocket was tried beside the stream, and got through. */
  | { readonly kind: "socket-works" }
  | { readonly kind: "rest" }
  | { readonly kind: "stop" };

export type Effect =
  { readonly kind: "connect" } | { readonly kind: "close" } | { readonly kind: "wait"; readonly ms: number };

export const FIRST_DELAY_MS = 400;
export const LONGEST_DELAY_MS = 15_000;
/** So many WebSockets in a row may fail to open before the other road is tried. */
const PATIENCE = 2;

/** Return the pause before attempt `attempt` (1 is the first), between half and all of an exponential step. */
export function delayMs(attempt: number, random: number): number {
  const step = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, attempt - 1));
  return Math.round(step * (0.5 + random / 2));
}

/**
 * Move the connection by one input.
 *
 * random: in [0, 1), spreads the attempts of many browsers. now: ms.
 */
export function advance(
  connection: Connection,
  input: Input,
  random: number,
  now: number,
): readonly [Connection, readonly Effect[]] {
  switch (input.kind) {
    case "start":
      if (connection.phase === "resting") return connect({ ...connection, lostAt: now });
      return connection.phase === "idle" || connection.phase === "refused"
        ? connect(connection)
        : stay(connection);
    case "welcomed":
      return connection.phase === "connecting"
        ? [{ ...connection, phase: "catching-up", attempt: 0, closeCode: null }, []]
        : stay(connection);
    case "caught-up":
      return connection.phase === "catching-up"
        ? [{ ...connection, phase: "live", lostAt: null }, []]
        : stay(connection);
    case "closed":
      return lost(connection, input, random, now);
    case "drain":
      return isUp(connection)
        ? [connection, [{ kind: "wait", ms: Math.max(0, input.afterMs) }]]
        : stay(connection);
    case "timer":
      return expired(connection);
    case "look":
      return connection.phase === "waiting" && now >= connection.notBefore
        ? connect(connection)
        : stay(connection);
    case "online":
      return online(connection, now);
    case "offline":
      return isOut(connection)
        ? stay(connection)
        : [
            { ...connection, phase: "offline", attempt: 0, lostAt: connection.lostAt ?? now },
            [{ kind: "close" }],
          ];
    case "socket-works":
      return isUp(connection) && connection.road === "stream"
        ? [{ ...connection, phase: "connecting", road: "socket" }, [{ kind: "close" }, { kind: "connect" }]]
        : stay(connection);
    case "rest":
      return connection.phase === "idle" || connection.phase === "refused"
        ? stay(connection)
        : [{ ...INITIAL, road: connection.road, phase: "resting" }, [{ kind: "close" }]];
    case "stop":
      return [{ ...INITIAL, road: connection.road }, [{ kind: "close" }]];
  }
}

function stay(connection: Connection): readonly [Connection, readonly Effect[]] {
  return [connection, []];
}

/** Whether frames can be sent. */
export function isUp(connection: Connection): boolean {
  return connection.phase === "live" || connection.phase === "catching-up";
}

/** Whether nobody wants a connection, or none can be had. */
function isOut({ phase }: Connection): boolean {
  return phase === "idle" || phase === "refused" || phase === "resting";
}

function connect(connection: Connection): readonly [Connection, readonly Effect[]] {
  return [{ ...connection, phase: "connecting" }, [{ kind: "connect" }]];
}

/** While the connection stands, the timer is that of a drain: leave this server for another. */
function expired(connection: Connection): readonly [Connection, readonly Effect[]] {
  if (connection.phase === "waiting") return connect(connection);
  if (isUp(connection))
    return [{ ...connection, phase: "connecting" }, [{ kind: "close" }, { kind: "connect" }]];
  return stay(connection);
}

/** There is a network again: try at once, unless the server has asked for time. */
function online(connection: Connection, now: number): readonly [Connection, readonly Effect[]] {
  const { phase, notBefore } = connection;
  if (phase !== "offline" && phase !== "waiting") return stay(connection);
  if (now >= notBefore) return connect(connection);
  return phase === "waiting"
    ? stay(connection)
    : [{ ...connection, phase: "waiting" }, [{ kind: "wait", ms: notBefore - now }]];
}

function lost(
  connection: Connection,
  { code, retryAfterMs, hung }: Extract<Input, { kind: "closed" }>,
  random: number,
  now: number,
): readonly [Connection, readonly Effect[]] {
  if (isOut(connection) || connection.phase === "offline") return stay(connection);
  const lostAt = connection.lostAt ?? now;
  if (code >= 4500 && code <= 4599) {
    return [{ ...connection, phase: "refused", lostAt, closeCode: code }, []];
  }
  const attempt = connection.attempt + 1;
  const opened = connection.phase !== "connecting";
  const road = opened ? connection.road : nextRoad(connection.road, attempt, hung ?? false);
  // The other road is tried soon: while this one is barred, waiting would not open it.
  const pause = road === "stream" && road !== connection.road ? 1 : attempt;
  return [
    {
      phase: "waiting",
      attempt,
      lostAt,
      closeCode: code,
      road,
      notBefore: retryAfterMs ? now + retryAfterMs : 0,
    },
    [{ kind: "wait", ms: (retryAfterMs ?? 0) + delayMs(pause, random) }],
  ];
}

/** A road that did not open: a WebSocket is given a second chance if it was refused at once; then they take turns. */
function nextRoad(road: Road, attempt: number, hung: boolean): Road {
  if (road === "stream") return "socket";
  return hung || attempt >= PATIENCE ? "stream" : "socket";
}
