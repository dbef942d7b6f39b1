import type { LiveStroke } from "../live/live-strokes";
import { isOfMask, takesAway, type Stroke } from "../live/strokes";
import type { Size, View } from "../live/view";
import { MaskOverlay } from "./mask-overlay";
import type { RoomDesk } from "./room-desk";
import type { RoomPainter } from "./room-painter";
import { drawStroke, StrokeLayer } from "./stroke-layer";

/** The paint's raster: its longer side, px, in steps so that small changes of the window do not draw it anew. */
const RASTER = { least: 768, most: 2_048, step: 256 } as const;

/**
 * Outlining and hatching the mask is the dearest of all. While strokes of it grow it is done at most so often (ms), and
 * where it makes frames late, so seldom that it takes no more than a part of the time.
 */
const MASK_PACE = { least: 60, most: 300, part: 1 / 4 } as const;

export interface Canvases {
  readonly paint: HTMLCanvasElement;
  readonly others: HTMLCanvasElement;
  readonly mine: HTMLCanvasElement;
  readonly kept: HTMLCanvasElement;
  readonly mask: HTMLCanvasElement;
}

/** What is drawn over the picture, layer by layer; of each only what differs from what it shows. */
export class RoomLayers {
  readonly #desk: RoomDesk;
  readonly #painter: RoomPainter;
  readonly #paint: StrokeLayer;
  readonly #othersLayer: CanvasRenderingContext2D;
  readonly #mine: CanvasRenderingContext2D;
  readonly #kept: CanvasRenderingContext2D;
  /** What was not taken, as it was drawn last. */
  #keptShown: readonly Stroke[] = [];
  readonly #mask: MaskOverlay;
  #picture: Size = { width: 1, height: 1 };
  /** The stroke of mine that is on its layer, and how many points of it. */
  #drawn: { readonly stroke: Stroke; points: number } | null = null;
  /** The state of the others' strokes that was drawn. */
  #version = -1;
  /** How much of each of the others' strokes is on their layer, and of their erasers on the paint. */
  readonly #others = new Progress();
  readonly #erasers = new Progress();
  /** The finished strokes, taken apart: of the paint and of the mask. */
  #sorted: {
    readonly of: readonly Stroke[];
    readonly paint: readonly Stroke[];
    readonly mask: readonly Stroke[];
  } = {
    of: [],
    paint: [],
    mask: [],
  };
  /** Points of my mask stroke that are shown, and whether a mask in progress has grown since it was drawn. */
  #masked = 0;
  #maskGrew = false;
  #maskedAt = 0;
  #maskEvery: number = MASK_PACE.least;
  /** The mask was drawn in the frame before: how late this one is, is its price. */
  #pricing = false;

  constructor(desk: RoomDesk, painter: RoomPainter, canvases: Canvases) {
    this.#desk = desk;
    this.#painter = painter;
    this.#paint = new StrokeLayer(canvases.paint);
    this.#othersLayer = canvases.others.getContext("2d")!;
    this.#mine = canvases.mine.getContext("2d")!;
    this.#kept = canvases.kept.getContext("2d")!;
    this.#mask = new MaskOverlay(canvases.mask);
  }

  /** The rasters are as fine as the whole picture is on this screen; zooming in stretches them. scale: device px. */
  resize(picture: Size, scale: number): void {
    this.#picture = picture;
    const longer = Math.max(picture.width, picture.height);
    const stepped = Math.ceil((longer * scale) / RASTER.step) * RASTER.step;
    const side = Math.min(RASTER.most, Math.max(RASTER.least, stepped || 0));
    const width = Math.round((picture.width * side) / longer);
    const height = Math.round((picture.height * side) / longer);
    this.#mask.resize(picture);
    if (!this.#paint.resize(width, height)) return;
    for (const { canvas } of [this.#othersLayer, this.#mine, this.#kept]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#drawn = null;
    this.#keptShown = [];
    this.#others.forget();
    this.#erasers.forget();
    this.#version = -1;
  }

  /** A stroke of mine is in the document, or given up: what it took away on its way does not stay by itself. */
  ended(stroke: Stroke): void {
    if (takesAway(stroke)) this.#paint.clean();
  }

  /**
   * Draw what differs. Return whether something waits for a later frame.
   *
   * moved: the picture lies elsewhere in the window than when it was drawn.
   */
  draw(view: View, window: Size, moved: boolean): boolean {
    const { strokes } = this.#desk.session;
    const finished = this.#desk.document?.strokes ?? [];
    if (this.#sorted.of !== finished) {
      const paint = finished.filter((stroke) => !isOfMask(stroke));
      this.#sorted = { of: finished, paint, mask: finished.filter(isOfMask) };
    }
    const news = strokes.version !== this.#version;
    this.#version = strokes.version;
    const live = [...strokes.all];
    const ofPaint = live.filter(({ stroke }) => !isOfMask(stroke));
    this.#drawFinished(ofPaint.filter(({ stroke }) => takesAway(stroke)));
    if (news) this.#drawOthers(ofPaint.filter(({ stroke }) => !takesAway(stroke)));
    this.#drawMine();
    this.#drawKept();
    const masking = live.map(({ stroke }) => stroke).filter(isOfMask);
    return this.#drawMask(masking, news, view, window, moved);
  }

  /** What others erase just now is erased where the paint is; it comes back if it was given up. */
  #drawFinished(erasers: readonly LiveStroke[]): void {
    if (!this.#erasers.holds(erasers)) this.#paint.clean();
    if (this.#paint.show(this.#sorted.paint)) {
      this.#erasers.forget();
      // Mine, too, is erased from what was drawn anew.
      if (this.#drawn && takesAway(this.#drawn.stroke)) this.#drawn.points = 0;
    }
    this.#erasers.grow(erasers, (stroke, from) => this.#paint.smear(stroke, from));
  }

  #drawOthers(others: readonly LiveStroke[]): void {
    const { width, height } = this.#othersLayer.canvas;
    if (!this.#others.holds(others)) {
      this.#othersLayer.globalCompositeOperation = "source-over";
      this.#othersLayer.clearRect(0, 0, width, height);
      this.#others.forget();
    }
    this.#others.grow(others, (stroke, from) => drawStroke(this.#othersLayer, stroke, width, height, from));
  }

  /** Only what has been added since the last frame. */
  #drawMine(): void {
    const { width, height } = this.#mine.canvas;
    const { drawing } = this.#painter;
    if (this.#drawn && this.#drawn.stroke !== drawing) {
      this.#mine.globalCompositeOperation = "source-over";
      this.#mine.clearRect(0, 0, width, height);
      this.#drawn = null;
    }
    if (!drawing?.points.length || isOfMask(drawing)) return;
    this.#drawn ??= { stroke: drawing, points: 0 };
    const many = drawing.points.length / 3;
    if (many === this.#drawn.points) return;
    if (takesAway(drawing)) this.#paint.smear(drawing, this.#drawn.points);
    else drawStroke(this.#mine, drawing, width, height, this.#drawn.points);
    this.#drawn.points = many;
  }

  /** What the room did not take. */
  #drawKept(): void {
    const { kept } = this.#desk;
    if (kept === this.#keptShown) return;
    this.#keptShown = kept;
    const { width, height } = this.#kept.canvas;
    this.#kept.clearRect(0, 0, width, height);
    for (const stroke of kept) drawStroke(this.#kept, stroke, width, height);
  }

  #drawMask(others: readonly Stroke[], news: boolean, view: View, window: Size, moved: boolean): boolean {
    const mine = this.#painter.strokes.filter(isOfMask);
    const points = mine[0]?.points.length ?? 0;
    this.#maskGrew ||= points !== this.#masked || (news && others.length > 0);
    this.#masked = points;
    const since = performance.now() - this.#maskedAt;
    if (this.#pricing)
      this.#maskEvery = Math.min(MASK_PACE.most, Math.max(MASK_PACE.least, since / MASK_PACE.part));
    const grown = this.#maskGrew && since >= this.#maskEvery;
    const growing = others.length + mine.length > 0;
    const changed = this.#mask.show(this.#sorted.mask, [...others, ...mine], grown);
    this.#pricing = changed && growing;
    if (changed || moved) this.#mask.draw(view, this.#picture, window, devicePixelRatio, growing);
    if (changed) {
      this.#desk.mask(this.#mask.share);
      this.#maskedAt = performance.now();
    }
    if (grown) this.#maskGrew = false;
    // The price of a frame is known in the next one.
    return this.#maskGrew || this.#pricing;
  }
}

/** How much of each stroke in progress is on a layer: only what is new is drawn on top. */
class Progress {
  #drawn = new Map<LiveStroke, { readonly revision: number; points: number }>();

  /** Whether what was drawn still holds: none of it has ended or was told anew. */
  holds(strokes: readonly LiveStroke[]): boolean {
    for (const [stroke, { revision }] of this.#drawn)
      if (stroke.revision !== revision || !strokes.includes(stroke)) return false;
    return true;
  }

  forget(): void {
    this.#drawn.clear();
  }

  /** Draw what has been added to each, from its point `from` on. */
  grow(strokes: readonly LiveStroke[], draw: (stroke: Stroke, from: number) => void): void {
    for (const live of strokes) {
      const many = live.stroke.points.length / 3;
      const from = this.#drawn.get(live)?.points ?? 0;
      if (many === from) continue;
      draw(live.stroke, from);
      this.#drawn.set(live, { revision: live.revision, points: many });
    }
  }
}
