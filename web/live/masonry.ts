/**
 * Where the pictures of one block hang. A block has its own columns and, once laid out, keeps them until
 * the width changes; so nothing on the wall moves when another block opens.
 */

export interface Item {
  readonly id: string;
  /** Width by height of the picture. */
  readonly ratio: number;
  /** Height of the label under the picture for a column width, px. */
  readonly label: number;
}

export interface Place {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Height of the picture alone, px. */
  readonly height: number;
}

export interface Layout {
  readonly places: readonly Place[];
  readonly height: number;
}

export interface Grid {
  readonly columns: number;
  readonly columnWidth: number;
}

/** Pictures that hang in one row, all of one height. */
export interface Row {
  /** Of the pictures, px. */
  readonly height: number;
  readonly widths: readonly number[];
  /** Room for its label at the side of each picture, px; 0: labels stand under the pictures. */
  readonly beside: number;
}

export const COLUMN_GAP = 22;
export const ROW_GAP = 26;
/** The last picture of a column may lose this share of its height so that the block closes flush. */
const CROP = 0.08;
/** A picture taller than this times its width is shown cropped in the feed. */
const TALLEST = 1.6;
/**
 * Heights of pictures in a row of fewer than there are columns, in widths of a column: at most; from where on their labels
 * stand beside them, if they can; and then at most and at least.
 */
const LARGEST = 1.8;
const BESIDE_ABOVE = 1.5;
const BESIDE_HEIGHT = 1.25;
const LEAST_HEIGHT = 0.9;
/** A label beside a picture needs so much, px. */
const LEAST_BESIDE = 220;

/** Return how many columns fit a container, and how wide they are. */
export function gridFor(containerWidth: number): Grid {
  const columns = [560, 820, 1080, 1360, 1760].filter((limit) => containerWidth >= limit).length + 1;
  const columnWidth = (containerWidth - COLUMN_GAP * (columns - 1)) / columns;
  return { columns, columnWidth: Math.floor(columnWidth * 100) / 100 };
}

/**
 * Return how fewer pictures hang than there are columns, null if they are not fewer. They fill their row all the same: of
 * one height, and larger; where that would be too large, with their labels at their sides.
 */
export function rowOf(ratios: readonly number[], grid: Grid): Row | null {
  const count = ratios.length;
  if (!count || count >= grid.columns) return null;
  const shown = ratios.map((ratio) => Math.max(ratio, 1 / TALLEST));
  const room = grid.columns * (grid.columnWidth + COLUMN_GAP) - COLUMN_GAP * count;
  const all = shown.reduce((sum, ratio) => sum + ratio, 0);
  const full = room / all;
  const besides = Math.min(BESIDE_HEIGHT * grid.columnWidth, (room - count * LEAST_BESIDE) / all);
  const beside = full > BESIDE_ABOVE * grid.columnWidth && besides >= LEAST_HEIGHT * grid.columnWidth;
  const height = Math.round(beside ? besides : Math.min(full, LARGEST * grid.columnWidth));
  const widths = shown.map((ratio) => hundredths(ratio * height));
  const left = room - widths.reduce((sum, width) => sum + width, 0);
  return { height, widths, beside: beside ? hundredths(left / count) : 0 };
}

/** Place items in a row of their own. */
export function hangInRow(items: readonly Item[], { height, widths, beside }: Row): Layout {
  let x = 0;
  const places = items.map(({ id }, index) => {
    const width = widths[index] ?? 0;
    const place = { id, x: hundredths(x), y: 0, width, height };
    x += width + beside + COLUMN_GAP;
    return place;
  });
  return { places, height: height + Math.max(0, ...items.map(({ label }) => label)) };
}

/** Place items in order, each in the column that is shortest so far, then close the block as flush as allowed. */
export function layOut(items: readonly Item[], grid: Grid): Layout {
  const bottoms = new Array<number>(grid.columns).fill(0);
  const columns: Place[][] = bottoms.map(() => []);
  const labels = new Map(items.map((item) => [item.id, item.label]));
  for (const item of items) {
    const column = shortest(bottoms);
    const top = bottoms[column] ?? 0;
    const height = Math.round(grid.columnWidth * Math.min(TALLEST, 1 / item.ratio));
    const x = Math.round(column * (grid.columnWidth + COLUMN_GAP) * 100) / 100;
    columns[column]?.push({ id: item.id, x, y: top, width: grid.columnWidth, height });
    bottoms[column] = top + height + item.label + ROW_GAP;
  }
  const closed = close(columns, labels);
  const order = new Map(items.map((item, index) => [item.id, index]));
  const places = closed.flat().sort((left, right) => (order.get(left.id) ?? 0) - (order.get(right.id) ?? 0));
  return { places, height: Math.max(0, ...places.map((place) => endOf(place, labels))) };
}

/** Return the places whose picture or label reaches between two heights; labels: heights of what is under, by id, px. */
export function within(
  { places, labels }: Layout & { readonly labels: ReadonlyMap<string, number> },
  from: number,
  to: number,
): readonly Place[] {
  return places.filter((place) => place.y < to && endOf(place, labels) > from);
}

function close(columns: readonly Place[][], labels: ReadonlyMap<string, number>): Place[][] {
  const lasts = columns.map((column) => column.at(-1)).filter((place) => place !== undefined);
  if (lasts.length < columns.length) return columns.map((column) => [...column]);
  const target = Math.max(
    Math.min(...lasts.map((place) => endOf(place, labels))),
    ...lasts.map((place) => endOf(place, labels) - Math.floor(place.height * CROP)),
  );
  return columns.map((column) =>
    column.map((place) => {
      const excess = endOf(place, labels) - target;
      return place === column.at(-1) && excess > 0 ? { ...place, height: place.height - excess } : place;
    }),
  );
}

function endOf(place: Place, labels: ReadonlyMap<string, number>): number {
  return place.y + place.height + (labels.get(place.id) ?? 0);
}

function shortest(bottoms: readonly number[]): number {
  // A column must be shorter by more than a hair: equal rows then fill from the start.
  return bottoms.reduce((best, bottom, index) => (bottom < (bottoms[best] ?? 0) - 1 ? index : best), 0);
}

function hundredths(length: number): number {
  return Math.floor(length * 100) / 100;
}
