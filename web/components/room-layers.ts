import { isOfMask, takesAway, type Stroke } from "../live/strokes";
import type { Size, View } from "../live/view";
import { MaskOverlay } from "./mask-overlay";
import type { RoomDesk } from "./room-desk";
import type { RoomPainter } from "./room-painter";
import { drawStroke, StrokeLayer } from "./stroke-layer";

/** The paint's raster: its longer side, px, in steps so that small changes of the window do not draw it anew. */
const RASTER = { least: 768, most: 2_048, step: 256 } as const;

export interface Canvases {
  readonly paint: HTMLCanvasElement;
  readonly others: HTMLCanvasElement;
  readonly mine: HTMLCanvasElement;
  readonly mask: HTMLCanvasElement;
}

/** What is drawn over the picture, layer by layer; of each only what differs from what it shows. */
export class RoomLayers {
  readonly #desk: RoomDesk;
  readonly #painter: RoomPainter;
  readonly #paint: StrokeLayer;
  readonly #others: CanvasRenderingContext2D;
  readonly #mine: CanvasRenderingContext2D;
  readonly #mask: MaskOverlay;
  #picture: Size = { width: 1, height: 1 };
  /** The stroke of mine that is on its layer, and how many points of it. */
  #drawn: { readonly stroke: Stroke; points: number } | null = null;
  /** Which strokes of others are on theirs. */
  #version = -1;
  /** Somebody else erases just now. */
  #erasing = false;

  constructor(desk: RoomDesk, painter: RoomPainter, canvases: Canvases) {
    this.#desk = desk;
    this.#painter = painter;
    this.#paint = new StrokeLayer(canvases.paint);
    this.#others = canvases.others.getContext("2d")!;
    this.#mine = canvases.mine.getContext("2d")!;
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
    for (const { canvas } of [this.#others, this.#mine]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#drawn = null;
    this.#version = -1;
  }

  /** A stroke of mine is in the document, or given up: what it took away on its way does not stay by itself. */
  ended(stroke: Stroke): void {
    if (takesAway(stroke)) this.#paint.clean();
  }

  /** moved: the picture lies elsewhere in the window than when it was drawn. */
  draw(view: View, window: Size, moved: boolean): void {
    const { strokes, version } = this.#desk.session.strokes;
    const finished = this.#desk.document?.strokes ?? [];
    this.#drawFinished(finished, strokes, version !== this.#version);
    if (version !== this.#version) this.#drawOthers(strokes);
    this.#version = version;
    this.#drawMine();
    this.#drawMask(finished, strokes, view, window, moved);
  }

  #drawFinished(finished: readonly Stroke[], others: readonly Stroke[], news: boolean): void {
    const erasers = others.filter((stroke) => takesAway(stroke) && !isOfMask(stroke));
    // What others erase just now is erased where the paint is; it comes back if it was given up.
    if (news && (erasers.length || this.#erasing)) this.#paint.clean();
    this.#erasing = erasers.length > 0;
    const drawn = this.#paint.show(finished.filter((stroke) => !isOfMask(stroke)));
    if (!drawn) return;
    for (const stroke of erasers) this.#paint.smear(stroke);
    // Mine, too, is erased from what was drawn anew.
    if (this.#drawn && takesAway(this.#drawn.stroke)) this.#drawn.points = 0;
  }

  #drawOthers(others: readonly Stroke[]): void {
    const { width, height } = this.#others.canvas;
    this.#others.clearRect(0, 0, width, height);
    for (const stroke of others)
      if (!isOfMask(stroke) && !takesAway(stroke)) drawStroke(this.#others, stroke, width, height);
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

  #drawMask(
    finished: readonly Stroke[],
    others: readonly Stroke[],
    view: View,
    window: Size,
    moved: boolean,
  ): void {
    const progress = [...others, ...this.#painter.strokes].filter(isOfMask);
    const changed = this.#mask.show(finished.filter(isOfMask), progress);
    if (changed || moved) this.#mask.draw(view, this.#picture, window, devicePixelRatio);
    if (changed) this.#desk.mask(this.#mask.share);
  }
}
