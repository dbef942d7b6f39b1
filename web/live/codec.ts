import { decode, encode } from "@msgpack/msgpack";
import { framesOf, type Codec } from "./line";

/** MessagePack: the same frames, and pictures as bytes. */
export const MESSAGE_PACK: Codec = {
  subprotocol: "livefeed.v1.msgpack",
  encode: (frame) => encode(frame, { ignoreUndefined: true }),
  decode: (message) => framesOf(typeof message === "string" ? JSON.parse(message) : decode(message)),
};
