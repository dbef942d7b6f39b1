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
/** Where that leaves a column shorter than another by more, in widths of one, all pictures give way, each by that share. */
const HOLE = 0.15;
/** So many rows of a block at its end are given to columns by size then. */
const LAST_ROWS = 2;
/** What is short still grows between its pictures, by this share of a gap. */
const STRETCH = 0.5;
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

/**
 * Place items in order, each in the column that is shortest so far, then close the block as flush as allowed. Where that
 * leaves a hole, the last of them are given to columns by their size, and whole columns give way.
 */
export function layOut(items: readonly Item[], grid: Grid): Layout {
  const labels = new Map(items.map((item) => [item.id, item.label]));
  const inTurn = close(inColumns(items, grid, items), labels);
  const closed = holeIn(inTurn, labels) > HOLE * grid.columnWidth ? bySize(items, grid, labels) : inTurn;
  const order = new Map(items.map((item, index) => [item.id, index]));
  const places = closed.flat().sort((left, right) => (order.get(left.id) ?? 0) - (order.get(right.id) ?? 0));
  return { places, height: Math.max(0, ...places.map((place) => endOf(place, labels))) };
}

function bySize(items: readonly Item[], grid: Grid, labels: ReadonlyMap<string, number>): Place[][] {
  const last = Math.max(grid.columns, items.length - LAST_ROWS * grid.columns);
  const height = (item: Item): number => pictureHeight(item, grid) + item.label;
  const largestFirst = items.slice(last).sort((left, right) => height(right) - height(left));
  return even(inColumns(items, grid, [...items.slice(0, last), ...largestFirst]), labels);
}

/** Give items to columns in this turn, each to the one that is shortest so far; in a column they hang in order. */
function inColumns(items: readonly Item[], grid: Grid, turn: readonly Item[]): Place[][] {
  const bottoms = new Array<number>(grid.columns).fill(0);
  const columns = new Map<Item, number>();
  for (const item of turn) {
    const column = shortest(bottoms);
    columns.set(item, column);
    bottoms[column]! += pictureHeight(item, grid) + item.label + ROW_GAP;
  }
  return bottoms.map((_, column) => {
    const x = Math.round(column * (grid.columnWidth + COLUMN_GAP) * 100) / 100;
    let y = 0;
    return items
      .filter((item) => columns.get(item) === column)
      .map((item) => {
        const place = { id: item.id, x, y, width: grid.columnWidth, height: pictureHeight(item, grid) };
        y += place.height + item.label + ROW_GAP;
        return place;
      });
  });
}

function pictureHeight({ ratio }: Item, grid: Grid): number {
  return Math.round(grid.columnWidth * Math.min(TALLEST, 1 / ratio));
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

/** Return by how much a column ends above another, px; columns that nothing hangs in are no hole. */
function holeIn(columns: readonly Place[][], labels: ReadonlyMap<string, number>): number {
  const ends = columns.map((column) => bottomOf(column, labels));
  return Math.min(...ends) > 0 ? Math.max(...ends) - Math.min(...ends) : 0;
}

/** Shorten and lengthen whole columns, each picture a little, until they end as near to each other as they can. */
function even(columns: readonly Place[][], labels: ReadonlyMap<string, number>): Place[][] {
  const ends = columns.map((column) => bottomOf(column, labels));
  const lowest = Math.max(...columns.map((column, index) => ends[index]! - Math.floor(crop(column))));
  const highest = Math.min(
    ...columns.map((column, index) => ends[index]! + Math.floor(crop(column) + stretch(column))),
  );
  const middle = Math.round((Math.max(...ends) + Math.min(...ends)) / 2);
  const target = Math.min(Math.max(middle, lowest), highest);
  return columns.map((column, index) => {
    const end = ends[index]!;
    return changed(column, lowest > highest ? Math.min(Math.max(end, highest), lowest) - end : target - end);
  });
}

/** Return a column longer or shorter by so much: first its pictures, then the gaps between them. */
function changed(column: readonly Place[], by: number): Place[] {
  const whole = Math.max(1, heightOf(column));
  const share = Math.min(by, Math.floor(crop(column)));
  const gaps = by - share;
  let hung = 0;
  return column.map((place, index) => {
    // Each to the pixel, as far down as it is: nothing is lost to rounding.
    const before = Math.round((share * hung) / whole);
    hung += place.height;
    const grown = Math.round((share * hung) / whole) - before;
    const pushed = index && Math.round((gaps * index) / (column.length - 1));
    return { ...place, y: place.y + before + pushed, height: place.height + grown };
  });
}

/** How much all pictures of a column can give or take together, px. */
function crop(column: readonly Place[]): number {
  return heightOf(column) * CROP;
}

/** How much the gaps of a column can take together, px. */
function stretch(column: readonly Place[]): number {
  return (column.length - 1) * ROW_GAP * STRETCH;
}

function heightOf(column: readonly Place[]): number {
  return column.reduce((sum, { height }) => sum + height, 0);
}

function bottomOf(column: readonly Place[], labels: ReadonlyMap<string, number>): number {
  const last = column.at(-1);
  return last ? endOf(last, labels) : 0;
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
