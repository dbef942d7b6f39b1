import { Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { Silence } from "./silence";

const [SYNC, AWARENESS] = [0, 1];
const [ASKED, TOLD] = [0, 1];
const papers = new Map<string, { readonly doc: Y.Doc; readonly awareness: Awareness }>();

/** Lay a document out: what a room's server would have of it. Return where somebody else writes in it. */
export function layOut(room: string, fill: (doc: Y.Doc) => void): Awareness {
  const doc = new Y.Doc();
  fill(doc);
  const awareness = new Awareness(doc);
  papers.set(room, { doc, awareness });
  return awareness;
}

/** The server's end of a document's connection: it says what was laid out, and keeps nothing. */
export class Scribe extends Silence {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null = null;
  readonly #room: string;

  static knows(url: string): boolean {
    return papers.has(roomOf(url));
  }

  constructor(url: string) {
    super();
    this.#room = roomOf(url);
    queueMicrotask(() => {
      this.readyState = Silence.OPEN;
      this.onopen?.();
    });
  }

  override send(bytes: Uint8Array): void {
    const paper = papers.get(this.#room);
    if (!paper || bytes[0] !== SYNC || bytes[1] !== ASKED) return;
    const { doc, awareness } = paper;
    const others = encodeAwarenessUpdate(awareness, [awareness.clientID]);
    this.#tell([SYNC, TOLD, ...sized(Y.encodeStateAsUpdate(doc))]);
    this.#tell([AWARENESS, ...sized(others)]);
  }

  #tell(message: readonly number[]): void {
    queueMicrotask(() => this.onmessage?.({ data: Uint8Array.from(message).buffer }));
  }
}

function roomOf(url: string): string {
  return /\/api\/rooms\/([^/]+)\/doc/.exec(url)?.[1] ?? "";
}

/** Bytes behind their number, as lib0 writes it: seven bits at a time, the last without the eighth. */
function sized(bytes: Uint8Array): readonly number[] {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  return [...length, rest, ...bytes];
}
