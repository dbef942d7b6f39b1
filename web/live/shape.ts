/**
 * How the pictures of a block hang, whatever they show: so little of a block is needed for its place on the wall that it
 * can be kept for thousands of pictures.
 */

import { hangInRow, layOut, rowOf, type Grid, type Layout } from "./masonry";

/** Of each picture in turn: width and height, px, and its title: how many lines, and 4 more if these stand upright. */
export type Shape = Uint16Array;

export interface Sized {
  readonly width: number;
  readonly height: number;
}

/** What a shape knows of one picture. */
export interface Outline extends Sized {
  /** Of the title. */
  readonly lines: number;
  /** Titles in upright letters have higher lines. */
  readonly upright: boolean;
}

const NUMBERS = 3;
const UPRIGHT = 4;
const UNKNOWN: Outline = { width: 1, height: 1, lines: 1, upright: false };
/** What stands under a title, px: the meta row, and on a phone the reactions. */
const UNDER = { wide: 8 + 7 + 24, phone: 11 + 8 + 24 + 10 + 36 } as const;
const LINE = { wide: 22, phone: 26, uprightMore: 4 } as const;

export function shapeOf(outlines: readonly Outline[]): Shape {
  const numbers = outlines.flatMap(({ width, height, lines, upright }) => [
    width,
    height,
    lines + (upright ? UPRIGHT : 0),
  ]);
  return Uint16Array.from(numbers);
}

/** Return what a shape knows of the picture with this number. */
export function outlineOf(shape: Shape | undefined, index: number): Outline {
  const [width, height, title] = shape?.subarray(index * NUMBERS, (index + 1) * NUMBERS) ?? [];
  if (!width || !height || !title) return UNKNOWN;
  return { width, height, lines: title % UPRIGHT, upright: title >= UPRIGHT };
}

/** Return the height of a line of a title under a picture, px. */
export function lineHeight(upright: boolean, phone: boolean): number {
  return (phone ? LINE.phone : LINE.wide) + (upright ? LINE.uprightMore : 0);
}

/** Where the pictures of a block hang, and the room for their labels. */
export interface Hung extends Layout {
  /** Heights of the labels under the pictures by id, px. */
  readonly labels: ReadonlyMap<string, number>;
  /** Width of the labels beside the pictures, px; 0: they stand under them. */
  readonly beside: number;
}

export function hungAs(ids: readonly string[], shape: Shape, grid: Grid, phone: boolean): Hung {
  const outlines = ids.map((_, index) => outlineOf(shape, index));
  const row = rowOf(outlines.map(ratioOf), grid);
  const items = outlines.map((outline, index) => {
    const under = outline.lines * lineHeight(outline.upright, phone) + (phone ? UNDER.phone : UNDER.wide);
    return { id: ids[index]!, ratio: ratioOf(outline), label: row?.beside ? 0 : under };
  });
  const labels = new Map(items.map(({ id, label }) => [id, label]));
  return { ...(row ? hangInRow(items, row) : layOut(items, grid)), labels, beside: row?.beside ?? 0 };
}

/** Return how wide the title under each picture of a block may be, px. */
export function titleWidths(pictures: readonly Sized[], grid: Grid, phone: boolean): readonly number[] {
  const row = rowOf(pictures.map(ratioOf), grid);
  return pictures.map((_, index) => (row?.widths[index] ?? grid.columnWidth) - (phone ? 36 : 2));
}

function ratioOf({ width, height }: Sized): number {
  return width / height;
}
