import { Drawing, edgeBetween } from "../live/drawing";
import { meets } from "../live/erasing";
import { newKey } from "../live/key";
import { takesAway, type Stroke } from "../live/strokes";
import type { RoomDesk } from "./room-desk";

/** Pieces of a stroke and places of the pointer are told at most so often. */
const TELL_MS = 50;
/** The picture's px that a point must be away from the last one, on the screen. */
const LEAST_PX = 1.2;

/** A place on the picture, 0 to 1 inside it, and how hard the pen is pressed. */
export interface Touch {
  readonly x: number;
  readonly y: number;
  readonly pressure: number;
}

/**
 * My hand: makes strokes of touches, tells the others of them while they grow, and puts them into the document. A stroke
 * ends where it leaves the picture, and another begins where it comes back.
 */
export class RoomPainter {
  drawing: Drawing | null = null;
  /** The document has my stroke now, or it is given up. */
  ended: (stroke: Stroke) => void = () => undefined;
  readonly #desk: RoomDesk;
  #down = false;
  #last: Touch | null = null;
  /** Whether what I erase has met anything, and how many of its points were asked about. */
  #met = true;
  #asked = 0;
  #toldAt = 0;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #place: Touch | null = null;

  constructor(desk: RoomDesk) {
    this.#desk = desk;
  }

  get down(): boolean {
    return this.#down;
  }

  begin(touch: Touch): void {
    this.#desk.document?.beginGesture();
    this.#down = true;
    this.#last = null;
    this.move(touch, 1);
  }

  /** size: the picture's longer side on the screen, px. */
  move(touch: Touch, size: number): void {
    this.#hover(touch);
    if (!this.#down) return;
    const before = this.#last;
    this.#last = touch;
    const inside = isInside(touch);
    const [from, to] = [before && ([before.x, before.y] as const), [touch.x, touch.y] as const];
    if (inside && !this.drawing) {
      this.#start();
      if (from && before && !isInside(before)) this.#add(edgeBetween(to, from), touch.pressure, size);
    }
    if (inside) this.#add(to, touch.pressure, size);
    else if (this.drawing && from) {
      this.#add(edgeBetween(from, to), touch.pressure, size);
      this.#finish();
    }
  }

  end(): void {
    this.#down = false;
    this.#finish();
    this.#tell();
  }

  /** It was no stroke, but the beginning of a pinch. */
  cancel(): void {
    this.#down = false;
    const { drawing } = this;
    this.drawing = null;
    if (!drawing) return;
    const piece = drawing.told ? drawing.piece(true) : null;
    if (piece) this.#desk.session.stroke(piece);
    this.ended(drawing);
  }

  /** I may not draw any more: what I drew until now is kept for me. */
  refuse(): void {
    this.#down = false;
    const { drawing } = this;
    this.drawing = null;
    if (drawing?.points.length) this.#desk.keep([drawing.finished()]);
    if (drawing) this.ended(drawing);
    this.#tell();
  }

  /** The pointer has left. */
  leave(): void {
    this.#place = null;
    if (!this.#down) this.#tell();
  }

  /** What is being drawn, with its own kind of thing. */
  get strokes(): readonly Stroke[] {
    return this.drawing?.points.length ? [this.drawing] : [];
  }

  #start(): void {
    const { kind, tools } = this.#desk;
    if (kind === null) return;
    this.drawing = new Drawing(newKey().slice(0, 12), kind, tools.colour, tools.diameter);
    this.#met = !takesAway(this.drawing);
    this.#asked = 0;
  }

  /** An eraser over nothing makes no stroke: neither is it told, nor does it come into the document. */
  #counts(drawing: Drawing): boolean {
    const points = drawing.points.length / 3;
    if (this.#met || points === this.#asked) return this.#met;
    const { document, picture } = this.#desk;
    this.#met = meets(drawing, document?.strokes ?? [], picture, this.#asked);
    this.#asked = points;
    return this.#met;
  }

  #add([x, y]: readonly [number, number], pressure: number, size: number): void {
    const { drawing } = this;
    if (!drawing) return;
    if (drawing.full) {
      this.#finish();
      this.#start();
    }
    this.drawing?.add(x, y, pressure, LEAST_PX / size);
  }

  #finish(): void {
    const { drawing } = this;
    this.drawing = null;
    if (!drawing?.points.length) return;
    if (!this.#desk.mayEdit) this.#desk.keep([drawing.finished()]);
    else if (this.#counts(drawing)) {
      for (let piece = drawing.piece(true); piece; piece = piece.done ? null : drawing.piece(true))
        this.#desk.session.stroke(piece);
      this.#desk.document?.draw(drawing.finished());
    }
    this.ended(drawing);
  }

  #hover(touch: Touch): void {
    this.#place = isInside(touch) ? touch : null;
    const wait = this.#toldAt + TELL_MS - performance.now();
    if (wait <= 0) this.#tell();
    else this.#telling ??= setTimeout(() => this.#tell(), wait);
  }

  #shown = false;

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#toldAt = performance.now();
    const { session, tools } = this.#desk;
    const { drawing } = this;
    const piece = drawing && this.#counts(drawing) ? drawing.piece(false) : null;
    if (piece) session.stroke(piece);
    const place = this.#place;
    if (!place && !this.#shown) return;
    this.#shown = place !== null;
    session.cursor(
      place && {
        x: rounded(place.x),
        y: rounded(place.y),
        tool: tools.tool,
        ...(this.#down ? { down: true } : {}),
      },
    );
  }
}

function isInside({ x, y }: Touch): boolean {
  return x >= 0 && x <= 1 && y >= 0 && y <= 1;
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
