import { isUpright } from "../live/words";

/** A hair less than the column, because a browser breaks lines a little differently than it measures them. */
const SAFETY_PX = 0.5;
/** A context keeps what it has measured: after so many texts another one is taken. */
const MOST_MEASURED = 200;

let context: CanvasRenderingContext2D | null = null;
let measured = 0;

/** Return how many lines (1 or 2) a title takes in a width. */
export function linesOf(title: string, width: number, size: number): number {
  const font = isUpright(title)
    ? `500 ${size + 1}px Figtree, sans-serif`
    : `italic 420 ${size}px Newsreader, serif`;
  return measure(title, font) > width - SAFETY_PX ? 2 : 1;
}

/** Return the width of a label in the smallest text, px. */
export function widthOf(label: string): number {
  return Math.ceil(measure(label, "12px Figtree, sans-serif"));
}

/** Longer than this nobody waits for the fonts. */
const FONTS_MS = 400;
let waiting: Promise<void> | undefined;
let here = false;

/** The fonts of the titles are here (or 400 ms are over): before, measuring would be guessing. */
export function fontsReady(): Promise<void> {
  return (waiting ??= fonts().then(() => {
    here = true;
  }));
}

/** Whether that is so now. */
export function areFontsReady(): boolean {
  return here;
}

async function fonts(): Promise<void> {
  const wanted = Promise.all([
    document.fonts.load("italic 420 17px Newsreader"),
    document.fonts.load("500 14px Figtree"),
  ]);
  await Promise.race([wanted, new Promise((resolve) => setTimeout(resolve, FONTS_MS))]).catch(
    () => undefined,
  );
}

function measure(text: string, font: string): number {
  if (!context || ++measured > MOST_MEASURED) {
    context = document.createElement("canvas").getContext("2d");
    measured = 1;
  }
  if (!context) return Infinity;
  context.font = font;
  return context.measureText(text).width;
}
