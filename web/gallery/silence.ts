/** A connection that is for ever being opened. */
export class Silence extends EventTarget {
  static readonly CONNECTING = WebSocket.CONNECTING;
  static readonly OPEN = WebSocket.OPEN;
  readyState: number = Silence.CONNECTING;
  binaryType = "arraybuffer";
  readonly bufferedAmount: number = 0;
  send(_: unknown): void {}
  close(): void {}
}
