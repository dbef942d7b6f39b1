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

/**
 * Open lines in a worker, which takes the work of reading from the page. Where there is none, or its program cannot be
 * had, they are opened otherwise.
 */
export function workerLine(start: () => Hand, address: () => string, otherwise: OpenLine): OpenLine {
  let hand: Hand | null = null;
  let fails = false;
  let last = 0;
  const ears = new Map<number, Ears>();

  const failed = (): void => {
    fails = true;
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
      fails = true;
      return null;
    }
  };

  return (listener): Line => {
    if (!fails) hand ??= begin();
    if (!hand) return otherwise(listener);
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
