import { WebsocketProvider } from "y-websocket";
import { readAuthMessage } from "y-protocols/auth";
import * as Y from "yjs";
import type { Shelf } from "./kept-list";
import { Clearings, type Cleared } from "./room-clearings";
import { StrokeHistory } from "./room-history";
import { OwnStrokes } from "./room-own-strokes";
import { isOfMask, packStroke, unpackStroke, type Stroke } from "./strokes";
import { changeBetween, type DeltaStep, type TextChange } from "./text-change";

/** How it is painted, as the people in the room have set it. */
export interface Params {
  readonly width: number | null;
  readonly height: number | null;
  /** How far it may go from the parent, 0 to 1. */
  readonly strength: number;
  /** Null: any. */
  readonly seed: number | null;
  readonly generator: string | null;
  readonly style: string;
}

export type DocumentStatus =
  /** Not heard of the server yet. */
  | "opening"
  /** What is here and what is there is the same. */
  | "synced"
  /** The connection is away; what is done here waits. */
  | "away"
  /** The server has closed it for good. */
  | "closed";

export interface Caret {
  readonly user: string;
  readonly handle: string;
  readonly anchor: number;
  readonly head: number;
  /** Another one when its person has moved it, and the same when words before it came or went. */
  readonly place: string;
}

/** What the document needs of the world around it. */
export interface DocumentEvents {
  /** Something of it has changed. */
  changed(what: "prompt" | "params" | "strokes" | "votes" | "carets" | "status"): void;
  /** The server closed it with a code that forbids to come back. */
  closed(code: number): void;
  /** Somebody else has cleared what was drawn. */
  cleared(handle: string, what: Cleared): void;
  /** What was written here was not accepted: we may only look on. */
  denied(): void;
}

const USUAL_STRENGTH = 0.7;
const LONGEST_PAUSE_MS = 10_000;
const MESSAGE_AUTH = 2;
/** Where changes come from, so that undo takes back one's own only. */
const WRITTEN = Symbol("written");

/**
 * The shared document of a room: the words, the parameters and the finished strokes. What is done here is there at once
 * and reaches the others when the connection allows.
 *
 * Two epochs of a room never mix: for another epoch there is another document.
 */
export class RoomDocument {
  readonly epoch: string;
  status: DocumentStatus = "opening";
  /** Whether it was ever in step with the server: before that there is nothing to work on. */
  begun = false;
  /** Something done here may not have reached the server. */
  unsaved = false;
  /** Something was done here while the connection was away. */
  editedAway = false;
  readonly #events: DocumentEvents;
  readonly #doc = new Y.Doc();
  readonly #prompt: Y.Text;
  readonly #params: Y.Map<unknown>;
  readonly #strokes: Y.Array<Uint8Array>;
  readonly #votes: Y.Map<unknown>;
  readonly #provider: WebsocketProvider;
  readonly #history: StrokeHistory;
  readonly #undoPrompt: Y.UndoManager;
  readonly #clearings: Clearings;
  readonly #unpacked = new WeakMap<Uint8Array, Stroke | { readonly none: true }>();
  #parsed: readonly Stroke[] | null = null;
  /** My caret as it was told last. */
  #placed = "null";
  /** Whether anything was ever changed here. */
  #changed = false;
  #saved: ReturnType<typeof setTimeout> | undefined;
  /** Told what others have done to the words, in the order it happened. */
  rewritten: (delta: readonly DeltaStep[]) => void = () => undefined;

  /**
   * base: the address of the room's part of the API, `wss://…/api/rooms/{id}`. me: my id. shelf: keeps what is mine.
   * isHidden: whether I hide; asked at each connect.
   */
  constructor(
    base: string,
    epoch: string,
    events: DocumentEvents,
    me: string,
    shelf: Shelf,
    isHidden: () => boolean,
  ) {
    this.epoch = epoch;
    this.#events = events;
    this.#prompt = this.#doc.getText("prompt");
    this.#params = this.#doc.getMap("params");
    this.#strokes = this.#doc.getArray("strokes");
    this.#votes = this.#doc.getMap("votes");
    this.#history = new StrokeHistory(this.#doc, this.#strokes, new OwnStrokes(shelf, base, me));
    this.#undoPrompt = new Y.UndoManager(this.#prompt, { trackedOrigins: new Set([WRITTEN]) });
    this.#provider = new WebsocketProvider(base, "doc", this.#doc, {
      params: {
        epoch,
        get hidden() {
          return String(isHidden());
        },
      },
      connect: false,
      // Tabs of one browser may be different people, or of different epochs.
      disableBc: true,
      maxBackoffTime: LONGEST_PAUSE_MS,
      shouldReconnect: ({ code }) => !isFinal(code),
    });
    this.#clearings = new Clearings(this.#provider.awareness, (user, handle, what) => {
      if (user !== me) events.cleared(handle, what);
    });
    this.#listen();
    if (navigator.onLine) this.#provider.connect();
    else this.#become("away");
  }

  destroy(): void {
    window.removeEventListener("online", this.#online);
    window.removeEventListener("offline", this.#offline);
    clearTimeout(this.#saved);
    this.#provider.destroy();
    this.#provider.awareness.destroy();
    this.#doc.destroy();
  }

  get text(): string {
    return this.#prompt.toString();
  }

  /** Change the words as somebody here has changed them; undone by that person's own undo. */
  write(change: TextChange): void {
    this.#doc.transact(() => {
      if (change.remove) this.#prompt.delete(change.index, change.remove);
      if (change.insert) this.#prompt.insert(change.index, change.insert);
    }, WRITTEN);
  }

  /** Take back (or do again) what was written here last. Return the change, so that the caret can follow. */
  undoWriting(again: boolean): TextChange | null {
    const before = this.text;
    if (again) this.#undoPrompt.redo();
    else this.#undoPrompt.undo();
    return changeBetween(before, this.text);
  }

  get params(): Params {
    const value = (key: string): unknown => this.#params.get(key);
    const figure = (key: string): number | null => {
      const number = value(key);
      return typeof number === "number" && Number.isFinite(number) ? number : null;
    };
    return {
      width: figure("width"),
      height: figure("height"),
      strength: Math.min(1, Math.max(0, figure("strength") ?? USUAL_STRENGTH)),
      seed: figure("seed"),
      generator: typeof value("generator") === "string" ? String(value("generator")) : null,
      style: typeof value("style") === "string" ? String(value("style")) : "",
    };
  }

  /** Set some of the parameters; null takes one away. */
  set(params: Partial<Params>): void {
    this.#doc.transact(() => {
      for (const [key, value] of Object.entries(params)) {
        if (value === null || value === undefined) this.#params.delete(key);
        else if (this.#params.get(key) !== value) this.#params.set(key, value);
      }
    });
  }

  /** The finished strokes in their order; what does not parse is left out. */
  get strokes(): readonly Stroke[] {
    this.#parsed ??= this.#strokes
      .toArray()
      .map((bytes) => this.#unpack(bytes))
      .filter((stroke) => stroke !== null);
    return this.#parsed;
  }

  /** What is drawn from now on is taken back by itself. */
  beginGesture(): void {
    this.#history.begin();
  }

  draw(stroke: Stroke): void {
    this.#history.draw(packStroke(stroke));
  }

  /** What I have drawn on this page and not taken back, the oldest first; the newest 200. */
  get drawn(): readonly Stroke[] {
    return this.#history.drawn.map((bytes) => this.#unpack(bytes)).filter((stroke) => stroke !== null);
  }

  /** Whether a stroke is in it, to the last byte. */
  holds(stroke: Stroke): boolean {
    return this.#history.holds(packStroke(stroke));
  }

  /** Take away what was drawn, whoever drew it; one step to take back. Return how many strokes. */
  clear(what: Cleared): number {
    const gone = this.#history.clear((bytes) => {
      const stroke = this.#unpack(bytes);
      return what === "all" || (stroke !== null && isOfMask(stroke) === (what === "mask"));
    });
    if (gone) this.#clearings.tell(what);
    return gone;
  }

  /** Of each voter's id the variation, as the server shows it here; what counts are its own votes. */
  get votes(): ReadonlyMap<string, string> {
    const votes = [...this.#votes.entries()];
    return new Map(votes.filter((vote): vote is [string, string] => typeof vote[1] === "string"));
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Rises with everything that is drawn, cleared or taken back here. */
  get steps(): number {
    return this.#history.steps;
  }

  /** Take back what I drew last, also before this page was opened. */
  undo(): void {
    this.#history.undo();
  }

  redo(): void {
    this.#history.redo();
  }

  /** Tell the others where my caret is; null when it is nowhere. */
  placeCaret(selection: { readonly anchor: number; readonly head: number } | null): void {
    const at = (index: number): unknown =>
      Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(this.#prompt, index));
    const cursor = selection && { anchor: at(selection.anchor), head: at(selection.head) };
    const placed = JSON.stringify(cursor);
    if (placed === this.#placed) return;
    this.#placed = placed;
    this.#provider.awareness.setLocalStateField("cursor", cursor);
  }

  /** The others' carets in the words. */
  get carets(): readonly Caret[] {
    const carets: Caret[] = [];
    for (const [client, state] of this.#provider.awareness.getStates()) {
      const caret = client === this.#doc.clientID ? null : this.#caret(state as Partial<AwarenessState>);
      if (caret) carets.push(caret);
    }
    return carets;
  }

  #caret({ user, cursor }: Partial<AwarenessState>): Caret | null {
    if (!user?.id || !cursor?.anchor || !cursor.head) return null;
    const [anchor, head] = [this.#place(cursor.anchor), this.#place(cursor.head)];
    return anchor === null || head === null
      ? null
      : { user: user.id, handle: user.handle ?? "", anchor, head, place: JSON.stringify(cursor.head) };
  }

  /** What others say of places is checked by trying. */
  #place(json: unknown): number | null {
    try {
      const position = Y.createRelativePositionFromJSON(json);
      const place = Y.createAbsolutePositionFromRelativePosition(position, this.#doc);
      return place?.type === this.#prompt ? place.index : null;
    } catch {
      return null;
    }
  }

  #listen(): void {
    window.addEventListener("online", this.#online);
    window.addEventListener("offline", this.#offline);
    this.#prompt.observe((event, transaction) => {
      if (transaction.origin !== WRITTEN) this.rewritten(event.delta);
      this.#events.changed("prompt");
    });
    this.#params.observe(() => this.#events.changed("params"));
    this.#strokes.observe(() => {
      this.#parsed = null;
      this.#events.changed("strokes");
    });
    this.#votes.observe(() => this.#events.changed("votes"));
    this.#doc.on("update", (_update: Uint8Array, origin: unknown) => {
      if (origin !== this.#provider) this.#edited();
    });
    this.#tellOwnOnly();
    this.#provider.awareness.on("change", () => this.#events.changed("carets"));
    this.#provider.on("sync", (synced) => synced && this.#become("synced"));
    this.#provider.on("status", ({ status }) => {
      if (status === "disconnected" && this.status !== "closed") this.#become("away");
    });
    this.#provider.on("closed", ({ code }) => {
      this.#become("closed");
      this.#events.closed(code);
    });
    this.#provider.messageHandlers[MESSAGE_AUTH] = (_encoder, decoder) =>
      readAuthMessage(decoder, this.#doc, () => {
        // Who only looks on tells, when it comes back, what it knows: nothing of it is lost.
        if (this.#changed) this.#events.denied();
      });
  }

  /** The provider tells the server what it has just heard from it, of everybody: of me is enough. */
  #tellOwnOnly(): void {
    const { awareness, _awarenessUpdateHandler: tell } = this.#provider;
    const own = awareness.clientID;
    awareness.off("update", tell);
    awareness.on("update", (change: Record<"added" | "updated" | "removed", number[]>, origin: unknown) => {
      const [added, updated, removed] = (["added", "updated", "removed"] as const).map((kind) =>
        change[kind].filter((client) => client === own),
      ) as [number[], number[], number[]];
      if (added.length + updated.length + removed.length) tell({ added, updated, removed }, origin);
    });
  }

  /** The protocol has no receipt: what was handed to an open line a moment ago, and is not in its way, has arrived. */
  #edited(): void {
    this.#changed = true;
    this.editedAway ||= this.status !== "synced";
    this.#setUnsaved(true);
    clearTimeout(this.#saved);
    this.#saved = setTimeout(() => {
      if (this.status === "synced" && !this.#provider.ws?.bufferedAmount) this.#setUnsaved(false);
      else if (this.status === "synced") this.#edited();
    }, SAVED_MS);
  }

  #setUnsaved(unsaved: boolean): void {
    if (unsaved === this.unsaved) return;
    this.unsaved = unsaved;
    this.#events.changed("status");
  }

  #become(status: DocumentStatus): void {
    if (status === "synced") this.begun = true;
    if (status === "synced" && this.unsaved) this.#edited();
    if (status === this.status) return;
    this.status = status;
    this.#events.changed("status");
  }

  readonly #online = (): void => {
    if (this.status !== "closed") this.#provider.connect();
  };
  readonly #offline = (): void => {
    this.#provider.disconnect();
    if (this.status !== "closed") this.#become("away");
  };

  #unpack(bytes: Uint8Array): Stroke | null {
    if (!(bytes instanceof Uint8Array)) return null;
    const known = this.#unpacked.get(bytes);
    if (known) return "none" in known ? null : known;
    const stroke = unpackStroke(bytes);
    this.#unpacked.set(bytes, stroke ?? { none: true });
    return stroke;
  }
}

interface AwarenessState {
  readonly user: { readonly id?: string; readonly handle?: string };
  readonly cursor: { readonly anchor: unknown; readonly head: unknown } | null;
}

const SAVED_MS = 600;

/** The house's close codes: 4500 to 4599 end the same way when tried again. */
export function isFinal(code: number): boolean {
  return code >= 4500 && code <= 4599;
}
