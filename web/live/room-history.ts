import * as Y from "yjs";
import { digestOf, MOST_STROKES, type OwnStrokes } from "./room-own-strokes";

/** Where strokes come from that are taken back by the one who drew them. */
const MINE = Symbol("mine");
/** What was drawn before this page was opened is taken back by this history, not by Yjs's. */
const EARLIER = Symbol("earlier");

interface TakenBack {
  readonly bytes: Uint8Array;
  readonly index: number;
}

/**
 * What I have drawn, to be taken back and done again, the last first: what this page has seen by Yjs's own undo, and
 * when that is used up, what I drew here before the page was opened.
 */
export class StrokeHistory {
  readonly #doc: Y.Doc;
  readonly #strokes: Y.Array<Uint8Array>;
  readonly #own: OwnStrokes;
  readonly #here: Y.UndoManager;
  /** Digests from before this page, the newest last; what was taken back has left. */
  readonly #earlier: string[];
  readonly #takenBack: TakenBack[] = [];
  readonly #digests = new WeakMap<Uint8Array, string>();
  /** What was drawn on this page, the newest last. */
  #drawn: Uint8Array[] = [];
  /** Where each stroke is, by its digest; null when they have changed since. */
  #places: ReadonlyMap<string, number> | null = null;

  /** Rises with everything that is done here: what was done last is what `undo` takes back. */
  steps = 0;

  constructor(doc: Y.Doc, strokes: Y.Array<Uint8Array>, own: OwnStrokes) {
    this.#doc = doc;
    this.#strokes = strokes;
    this.#own = own;
    this.#earlier = [...own.digests];
    this.#here = new Y.UndoManager(strokes, {
      trackedOrigins: new Set([MINE]),
      // One gesture is one step, however long it takes: `begin` ends the step before.
      captureTimeout: Number.MAX_SAFE_INTEGER,
    });
    strokes.observe(() => (this.#places = null));
  }

  /** What is done from now on is taken back by itself. */
  begin(): void {
    this.#here.stopCapturing();
  }

  draw(bytes: Uint8Array): void {
    this.steps++;
    this.#takenBack.length = 0;
    this.#doc.transact(() => this.#strokes.push([bytes]), MINE);
    this.#own.remember(bytes);
    this.#drawn = [...this.#drawn.slice(1 - MOST_STROKES), bytes];
  }

  /** What was drawn on this page and is in the document, the newest last; at most MOST_STROKES. */
  get drawn(): readonly Uint8Array[] {
    return this.#drawn.filter((bytes) => this.holds(bytes));
  }

  holds(bytes: Uint8Array): boolean {
    return this.#where().has(this.#digest(bytes));
  }

  /** Take away, in one step, all strokes of which this is true, whoever drew them. Return how many. */
  clear(goes: (bytes: Uint8Array) => boolean): number {
    const all = this.#strokes.toArray();
    const going = all.map((bytes, index) => (goes(bytes) ? index : -1)).filter((index) => index >= 0);
    if (!going.length) return 0;
    this.steps++;
    this.#takenBack.length = 0;
    this.begin();
    this.#doc.transact(() => {
      for (const index of going.reverse()) this.#strokes.delete(index);
    }, MINE);
    this.begin();
    return going.length;
  }

  get canUndo(): boolean {
    return this.#here.canUndo() || this.#lastEarlier() !== null;
  }

  get canRedo(): boolean {
    return this.#takenBack.length > 0 || this.#here.canRedo();
  }

  undo(): void {
    this.steps++;
    if (this.#here.canUndo()) {
      this.#here.undo();
      return;
    }
    const last = this.#lastEarlier();
    if (!last) return;
    const { entry, index } = last;
    this.#earlier.splice(entry, 1);
    this.#takenBack.push({ bytes: this.#strokes.get(index), index });
    this.#doc.transact(() => this.#strokes.delete(index), EARLIER);
  }

  /** What was taken back last comes first. */
  redo(): void {
    const last = this.#takenBack.pop();
    if (!last) {
      this.#here.redo();
      return;
    }
    this.#earlier.push(this.#digest(last.bytes));
    const index = Math.min(last.index, this.#strokes.length);
    this.#doc.transact(() => this.#strokes.insert(index, [last.bytes]), EARLIER);
  }

  /** Where the newest of my earlier strokes is that is (or is again) in the document; null when there is none. */
  #lastEarlier(): { readonly entry: number; readonly index: number } | null {
    for (let entry = this.#earlier.length - 1; entry >= 0; entry--) {
      const index = this.#where().get(this.#earlier[entry]!);
      if (index !== undefined) return { entry, index };
    }
    return null;
  }

  #where(): ReadonlyMap<string, number> {
    return (this.#places ??= new Map(
      this.#strokes.toArray().map((bytes, index) => [this.#digest(bytes), index]),
    ));
  }

  #digest(bytes: Uint8Array): string {
    if (!(bytes instanceof Uint8Array)) return "";
    const digest = this.#digests.get(bytes) ?? digestOf(bytes);
    this.#digests.set(bytes, digest);
    return digest;
  }
}
