import type { Line, OpenLine } from "./line";

/** A line whose program is fetched first. What is sent meanwhile is lost, as before any `welcome`. */
export function lazily(load: () => Promise<OpenLine>): OpenLine {
  return (ears) => {
    let line: Line | null = null;
    let closed = false;
    load().then(
      (open) => {
        if (!closed) line = open(ears);
      },
      () => {
        if (!closed) ears.closed(1006, null);
      },
    );
    return {
      send: (frame) => line?.send(frame),
      close: () => {
        closed = true;
        line?.close();
      },
    };
  };
}
