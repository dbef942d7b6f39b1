import type { Ears, Line, OpenLine } from "./line";
import type { ClientFrame, ServerFrame } from "./protocol";

export type ToWorker =
  | { readonly op: "open"; readonly line: number; readonly address: string }
  | { readonly op: "send"; readonly line: number; readonly frame: ClientFrame }
  | { readonly op: "close"; readonly line: number };

export type FromWorker =
  | { readonly op: "frames"; readonly line: number; readonly frames: readonly ServerFrame[] }
  | {
      readonly op: "closed";
      readonly line: number;
      readonly code: number;
      readonly retryAfterMs: number | null;
    };

/** What is needed of a `Worker`. */
export interface Hand {
  onmessage: ((event: { data: FromWorker }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  postMessage(message: ToWorker): void;
  terminate(): void;
}

/** So often a worker may fail; then it is not tried again. */
const MOST_FAILURES = 3;

/**
 * Open lines in a worker, which takes the work of reading from the page. Where there is none, they are opened otherwise;
 * where its program cannot be had, until one of those has stood: what kept it away may have been the network.
 */
export function workerLine(start: () => Hand, address: () => string, otherwise: OpenLine): OpenLine {
  let hand: Hand | null = null;
  let failures = 0;
  let around = false;
  let last = 0;
  const ears = new Map<number, Ears>();

  const failed = (): void => {
    failures += 1;
    around = true;
    hand?.terminate();
    hand = null;
    const open = [...ears.values()];
    ears.clear();
    for (const one of open) one.closed(1006, null);
  };

  const begin = (): Hand | null => {
    try {
      const begun = start();
      begun.onmessage = ({ data }) => {
        const listener = ears.get(data.line);
        if (data.op === "frames") return listener?.frames(data.frames);
        ears.delete(data.line);
        listener?.closed(data.code, data.retryAfterMs);
      };
      begun.onerror = failed;
      return begun;
    } catch {
      failures = MOST_FAILURES;
      around = true;
      return null;
    }
  };

  return (listener): Line => {
    if (!around) hand ??= begin();
    if (!hand) {
      return otherwise({
        frames: (frames) => {
          around = failures >= MOST_FAILURES;
          listener.frames(frames);
        },
        closed: (code, retryAfterMs) => listener.closed(code, retryAfterMs),
      });
    }
    const worker = hand;
    const line = ++last;
    ears.set(line, listener);
    worker.postMessage({ op: "open", line, address: address() });
    return {
      send: (frame) => {
        if (ears.has(line)) worker.postMessage({ op: "send", line, frame });
      },
      close: () => {
        if (ears.delete(line)) worker.postMessage({ op: "close", line });
      },
    };
  };
}
