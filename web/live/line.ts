import type { ClientFrame, ServerFrame } from "./protocol";

/** The two ways to a server: a WebSocket, and server-sent events where that does not get through. */
export type Road = "socket" | "stream";

/** One connection, from its opening to its end. It never comes back by itself. */
export interface Line {
  /** Whatever is sent before the server's `welcome` may be lost. */
  send(frame: ClientFrame): void;
  close(): void;
}

/** Who listens to a line. Nothing is told any more once `close` was called. */
export interface Ears {
  /** The frames of one message, in order. Empty: a sign of life. */
  frames(frames: readonly ServerFrame[]): void;
  /** It has ended, with a close code of the protocol, or 1006; the server may have said when to come back. */
  closed(code: number, retryAfterMs: number | null): void;
}

export type OpenLine = (ears: Ears) => Line;

/** How frames become the messages of a WebSocket, and back. */
export interface Codec {
  readonly subprotocol: string;
  encode(frame: ClientFrame): string | Uint8Array<ArrayBuffer>;
  decode(message: ArrayBuffer | string): ServerFrame[];
}

/** Return the frames of one decoded message: a map, or a list of maps. What has no `op` is left out. */
export function framesOf(message: unknown): ServerFrame[] {
  return (Array.isArray(message) ? message : [message]).filter(isFrame);
}

function isFrame(value: unknown): value is ServerFrame {
  return typeof value === "object" && value !== null && typeof (value as { op?: unknown }).op === "string";
}
