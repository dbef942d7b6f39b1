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
  /** The server closed with 4500–4599: trying again would fail in the same way. */
  | "refused";

export interface Connection {
  readonly phase: Phase;
  /** Failed attempts in a row. */
  readonly attempt: number;
  /** When the connection was lost (ms), null while it stands or has not been there yet. */
  readonly lostAt: number | null;
  readonly closeCode: number | null;
}

export type Input =
  | { readonly kind: "start" }
  | { readonly kind: "welcomed" }
  | { readonly kind: "caught-up" }
  | { readonly kind: "closed"; readonly code: number }
  | { readonly kind: "drain"; readonly afterMs: number }
  | { readonly kind: "timer" }
  | { readonly kind: "online" }
  | { readonly kind: "offline" }
  | { readonly kind: "stop" };

export type Effect =
  { readonly kind: "connect" } | { readonly kind: "close" } | { readonly kind: "wait"; readonly ms: number };

export const INITIAL: Connection = { phase: "idle", attempt: 0, lostAt: null, closeCode: null };

export const FIRST_DELAY_MS = 400;
export const LONGEST_DELAY_MS = 15_000;

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
      return lost(connection, input.code, random, now);
    case "drain":
      return isUp(connection)
        ? [connection, [{ kind: "wait", ms: Math.max(0, input.afterMs) }]]
        : stay(connection);
    case "timer":
      return expired(connection);
    case "online":
      return connection.phase === "offline" || connection.phase === "waiting"
        ? connect(connection)
        : stay(connection);
    case "offline":
      return connection.phase === "idle" || connection.phase === "refused"
        ? stay(connection)
        : [
            { ...connection, phase: "offline", attempt: 0, lostAt: connection.lostAt ?? now },
            [{ kind: "close" }],
          ];
    case "stop":
      return [{ ...INITIAL }, [{ kind: "close" }]];
  }
}

function stay(connection: Connection): readonly [Connection, readonly Effect[]] {
  return [connection, []];
}

function isUp(connection: Connection): boolean {
  return connection.phase === "live" || connection.phase === "catching-up";
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

function lost(
  connection: Connection,
  code: number,
  random: number,
  now: number,
): readonly [Connection, readonly Effect[]] {
  if (connection.phase === "idle" || connection.phase === "offline" || connection.phase === "refused") {
    return stay(connection);
  }
  const lostAt = connection.lostAt ?? now;
  if (code >= 4500 && code <= 4599) {
    return [{ ...connection, phase: "refused", lostAt, closeCode: code }, []];
  }
  const attempt = connection.attempt + 1;
  return [
    { phase: "waiting", attempt, lostAt, closeCode: code },
    [{ kind: "wait", ms: delayMs(attempt, random) }],
  ];
}
