import { decode, encode } from "@msgpack/msgpack";
import type { ClientFrame, ServerFrame } from "./protocol";

export const SUBPROTOCOL = "livefeed.v1.msgpack";

export function encodeFrame(frame: ClientFrame): Uint8Array<ArrayBuffer> {
  return encode(frame, { ignoreUndefined: true });
}

/** Return the frames of one WebSocket message: a map, or a list of maps. What has no `op` is left out. */
export function decodeMessage(message: ArrayBuffer | string): ServerFrame[] {
  const value: unknown = typeof message === "string" ? JSON.parse(message) : decode(message);
  const frames: unknown[] = Array.isArray(value) ? value : [value];
  return frames.filter(isFrame);
}

function isFrame(value: unknown): value is ServerFrame {
  return typeof value === "object" && value !== null && typeof (value as { op?: unknown }).op === "string";
}
