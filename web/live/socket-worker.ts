/** Holds WebSockets beside the page: what bursts in is read and merged here, and reaches the page ten times a second. */

import { Bursts } from "./bursts";
import { MESSAGE_PACK } from "./codec";
import type { Line } from "./line";
import type { ServerFrame } from "./protocol";
import { socketLine } from "./socket-line";
import type { FromWorker, ToWorker } from "./worker-line";

/** What a page does with its worker, without the types of all that workers can. */
interface Page {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: FromWorker): void;
}

const page = globalThis as unknown as Page;
const lines = new Map<number, Line>();

page.onmessage = ({ data }) => {
  if (data.op === "open") lines.set(data.line, opened(data.line, data.address));
  else if (data.op === "send") lines.get(data.line)?.send(data.frame);
  else close(data.line);
};

function opened(line: number, address: string): Line {
  const bursts = new Bursts<ServerFrame>((frames) => page.postMessage({ op: "frames", line, frames }), waits);
  return socketLine(
    () => address,
    MESSAGE_PACK,
  )({
    frames: (frames) => bursts.add(frames),
    closed: (code, retryAfterMs) => {
      bursts.show();
      lines.delete(line);
      page.postMessage({ op: "closed", line, code, retryAfterMs });
    },
  });
}

function close(line: number): void {
  lines.get(line)?.close();
  lines.delete(line);
}

/** What the page itself would hold back. In a room people see each other's hands: nothing waits there. */
function waits(frame: ServerFrame): boolean {
  return (frame.op === "events" || frame.op === "latest") && !frame.topic.startsWith("room:");
}
