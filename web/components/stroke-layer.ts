import { BRUSH, FULL, takesAway, widthAt, type Stroke } from "../live/strokes";

/** Strokes beyond the kept picture that are drawn again when one of them is taken back. */
const LOOSE = 16;
/** So many more, and the kept picture moves on. */
const STRIDE = 16;

type Context = CanvasRenderingContext2D;

/** Draw a stroke, or from its point `from` on, on a raster of this size. */
export function drawStroke(context: Context, stroke: Stroke, width: number, height: number, from = 0): void {
  const { points, diameter, colour, kind } = stroke;
  const many = points.length / 3;
  const longer = Math.max(width, height);
  const [scaleX, scaleY] = [width / FULL, height / FULL];
  context.globalCompositeOperation = takesAway(stroke) ? "destination-out" : "source-over";
  context.strokeStyle = context.fillStyle = kind === BRUSH ? colour : "#fff";
  context.lineCap = context.lineJoin = "round";
  const wide = (index: number): number => widthAt(diameter, points[3 * index + 2]!, longer);
  if (from === 0) {
    context.beginPath();
    context.arc(points[0]! * scaleX, points[1]! * scaleY, wide(0) / 2, 0, 2 * Math.PI);
    context.fill();
  }
  // Pieces of one width are one path: a mouse's stroke is drawn at once.
  for (let index = Math.max(1, from); index < many;) {
    const width = (wide(index - 1) + wide(index)) / 2;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(points[3 * index - 3]! * scaleX, points[3 * index - 2]! * scaleY);
    do {
      context.lineTo(points[3 * index]! * scaleX, points[3 * index + 1]! * scaleY);
      index++;
    } while (index < many && Math.abs((wide(index - 1) + wide(index)) / 2 - width) < 0.02 * width);
    context.stroke();
  }
}

/**
 * A raster of finished strokes. What is new is drawn on top; when something older is taken back, only what lies after a
 * kept picture of the beginning is drawn again.
 */
export class StrokeLayer {
  readonly canvas: HTMLCanvasElement;
  readonly context: Context;
  readonly #kept = document.createElement("canvas");
  readonly #keptContext: Context;
  /** How many of the strokes are in the kept picture. */
  #keptMany = 0;
  #shown: readonly Stroke[] = [];
  /** Something that is no stroke of the list lies on it. */
  #smeared = false;

  /** read: its pixels are read often, so they stay where they can be. */
  constructor(canvas: HTMLCanvasElement, read = false) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { willReadFrequently: read })!;
    this.#keptContext = this.#kept.getContext("2d")!;
  }

  /** Another size draws everything anew. Return whether it is another. */
  resize(width: number, height: number): boolean {
    if (this.canvas.width === width && this.canvas.height === height) return false;
    for (const canvas of [this.canvas, this.#kept]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#keptMany = 0;
    const shown = this.#shown;
    this.#shown = [];
    this.show(shown);
    return true;
  }

  /** Show these strokes, drawn in their order. Return whether anything was drawn. */
  show(strokes: readonly Stroke[]): boolean {
    const before = this.#shown;
    let same = 0;
    while (same < before.length && same < strokes.length && before[same] === strokes[same]) same++;
    if (same === before.length && same === strokes.length && !this.#smeared) return false;
    this.#shown = strokes;
    if (same < before.length || this.#smeared) same = this.#restore(same);
    for (const stroke of strokes.slice(same)) this.#draw(this.context, stroke);
    this.#keep();
    return true;
  }

  /** Draw something that is not finished yet right onto what is; the next `show` after `clean` takes it away. */
  smear(stroke: Stroke, from = 0): void {
    drawStroke(this.context, stroke, this.canvas.width, this.canvas.height, from);
  }

  /** What was smeared is not to stay. */
  clean(): void {
    this.#smeared = true;
  }

  /** Go back to the kept picture, or to nothing. Return how many strokes that shows. */
  #restore(same: number): number {
    const { canvas, context } = this;
    this.#smeared = false;
    context.globalCompositeOperation = "source-over";
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (this.#keptMany > same) this.#forget();
    else if (this.#keptMany) context.drawImage(this.#kept, 0, 0);
    return this.#keptMany;
  }

  #forget(): void {
    this.#keptMany = 0;
    this.#keptContext.clearRect(0, 0, this.#kept.width, this.#kept.height);
  }

  #keep(): void {
    if (this.#shown.length - this.#keptMany < LOOSE + STRIDE) return;
    const until = this.#shown.length - LOOSE;
    for (const stroke of this.#shown.slice(this.#keptMany, until)) this.#draw(this.#keptContext, stroke);
    this.#keptMany = until;
  }

  #draw(context: Context, stroke: Stroke): void {
    drawStroke(context, stroke, this.canvas.width, this.canvas.height);
  }
}
