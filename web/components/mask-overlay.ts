import { outlinesOf, shareOf, type Outline } from "../live/contour";
import type { Stroke } from "../live/strokes";
import type { Size, View } from "../live/view";
import { drawStroke, StrokeLayer } from "./stroke-layer";

/** The longer side of the raster that the outline is taken from, px. */
const RASTER = 384;
const HATCH_PX = 8;
/** From the upright. */
const HATCH_DEGREES = 35;

/** The mask as a white hatch with a dashed edge, in px of the window: equally fine at every zoom. */
export class MaskOverlay {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  /** The finished strokes, and with those in progress. */
  readonly #finished = new StrokeLayer(document.createElement("canvas"), true);
  readonly #all = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
  #outlines: readonly Outline[] = [];
  #hatch: CanvasPattern | null = null;
  /** How many strokes in progress are shown. */
  #inProgress = 0;
  /** How much of the picture is masked, 0 to 1. */
  share = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d")!;
  }

  resize(picture: Size): void {
    const scale = RASTER / Math.max(picture.width, picture.height);
    const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
    this.#finished.resize(width, height);
    // Of another size everything is another, whatever changed.
    if (this.#all.canvas.width !== width || this.#all.canvas.height !== height) this.#inProgress = -1;
    this.#all.canvas.width = width;
    this.#all.canvas.height = height;
  }

  /**
   * Take in the finished strokes and those in progress. Return whether it must be drawn again.
   *
   * grown: a stroke in progress is longer than it was.
   */
  show(strokes: readonly Stroke[], progress: readonly Stroke[], grown: boolean): boolean {
    const changed = this.#finished.show(strokes);
    if (!changed && !grown && progress.length === this.#inProgress) return false;
    this.#inProgress = progress.length;
    const { width, height } = this.#finished.canvas;
    if (!width || !height) return false;
    let raster = this.#finished.context;
    if (progress.length) {
      raster = this.#all;
      raster.globalCompositeOperation = "copy";
      raster.drawImage(this.#finished.canvas, 0, 0);
      for (const stroke of progress) drawStroke(raster, stroke, width, height);
    }
    if (!strokes.length && !progress.length) {
      this.#outlines = [];
      this.share = 0;
      return true;
    }
    const { data } = raster.getImageData(0, 0, width, height);
    this.#outlines = outlinesOf(data, width, height, 4, 3);
    this.share = shareOf(data, 4, 3);
    return true;
  }

  /**
   * Draw it where the picture lies.
   *
   * density: device px per px of the window. growing: it changes again in a moment, so its edge is a plain line: dashes
   * along thousands of points are what takes longest.
   */
  draw(view: View, picture: Size, window: Size, density: number, growing: boolean): void {
    const [canvas, context] = [this.#canvas, this.#context];
    const [width, height] = [Math.round(window.width * density), Math.round(window.height * density)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      this.#hatch = null;
    } else context.clearRect(0, 0, width, height);
    if (!this.#outlines.length) return;
    const path = this.#path(view, picture, density);
    context.fillStyle = "rgb(12 13 12 / 0.26)";
    context.fill(path, "evenodd");
    this.#hatch ??= hatchOf(context, density);
    context.fillStyle = this.#hatch;
    context.fill(path, "evenodd");
    context.setLineDash([]);
    context.lineJoin = growing ? "bevel" : "round";
    if (!growing) {
      context.strokeStyle = "rgb(12 13 12 / 0.5)";
      context.lineWidth = 3.4 * density;
      context.stroke(path);
      context.setLineDash([7 * density, 5 * density]);
    }
    context.strokeStyle = "#fff";
    context.lineWidth = 2 * density;
    context.stroke(path);
  }

  #path(view: View, picture: Size, density: number): Path2D {
    const scale = ((view.scale * picture.width) / this.#finished.canvas.width) * density;
    const [x, y] = [view.x * density, view.y * density];
    const path = new Path2D();
    for (const outline of this.#outlines) {
      for (let index = 0; index < outline.length; index += 2) {
        const [toX, toY] = [x + outline[index]! * scale, y + outline[index + 1]! * scale];
        if (index) path.lineTo(toX, toY);
        else path.moveTo(toX, toY);
      }
      path.closePath();
    }
    return path;
  }
}

function hatchOf(context: CanvasRenderingContext2D, density: number): CanvasPattern {
  const tile = document.createElement("canvas");
  tile.width = Math.round(HATCH_PX * density);
  tile.height = 8;
  const lines = tile.getContext("2d")!;
  lines.fillStyle = "rgb(255 255 255 / 0.86)";
  lines.fillRect(0, 0, 1.5 * density, tile.height);
  const pattern = context.createPattern(tile, "repeat")!;
  pattern.setTransform(new DOMMatrix().rotate(HATCH_DEGREES));
  return pattern;
}
