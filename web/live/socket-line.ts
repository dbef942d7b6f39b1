import type { Codec, Ears, Line, OpenLine } from "./line";

/** What a line needs of a `WebSocket`, so that Node's packages will do as well. */
export interface Socket {
  binaryType: string;
  readonly readyState: number;
  onmessage: ((event: { data: ArrayBuffer | string }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export type SocketMaker = new (address: string, subprotocols: string[]) => Socket;

const OPEN = 1;
/** A message that is no message of ours. */
const BAD_FRAME = 4500;

/** Open WebSockets to an address; `maker` is the environment's own unless another is given. */
export function socketLine(address: () => string, codec: Codec, maker?: SocketMaker): OpenLine {
  return (ears) => new SocketLine(address(), codec, maker ?? (WebSocket as unknown as SocketMaker), ears);
}

class SocketLine implements Line {
  readonly #codec: Codec;
  readonly #socket: Socket;

  constructor(address: string, codec: Codec, maker: SocketMaker, ears: Ears) {
    this.#codec = codec;
    this.#socket = new maker(address, [codec.subprotocol]);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onmessage = ({ data }) => this.#receive(data, ears);
    this.#socket.onclose = ({ code }) => ears.closed(code, null);
    // Node's packages throw what nobody listens to; `onclose` follows and says all there is.
    this.#socket.onerror = () => undefined;
  }

  send(frame: Parameters<Codec["encode"]>[0]): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(this.#codec.encode(frame));
  }

  close(): void {
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }

  #receive(data: ArrayBuffer | string, ears: Ears): void {
    let frames;
    try {
      frames = this.#codec.decode(data);
    } catch {
      this.close();
      return ears.closed(BAD_FRAME, null);
    }
    ears.frames(frames);
  }
}
