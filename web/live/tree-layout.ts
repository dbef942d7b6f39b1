/** Where the pictures of a lineage stand: generations side by side, remixes under each other. */

export interface Twig {
  readonly id: string;
  readonly parent: string | null;
}

export interface Spot {
  readonly id: string;
  readonly parent: string | null;
  /** Its generation, 0 for the topmost that is shown. */
  readonly column: number;
  /** In rows; halves where a parent stands between two remixes. */
  readonly row: number;
  /** Of how many siblings it is which, from 1. */
  readonly place: number;
  readonly siblings: number;
  /** On the way from the top to the open picture. */
  readonly road: boolean;
}

export interface TreeLayout {
  /** A parent before its remixes, the first branch to its end before the second. */
  readonly spots: readonly Spot[];
  readonly columns: number;
  readonly rows: number;
}

/** Lay a tree out; twigs of one parent in their order. What hangs from nothing that is here stands at the top. */
export function layOut(twigs: readonly Twig[], open: string): TreeLayout {
  const known = new Map(twigs.map((twig) => [twig.id, twig]));
  const below = new Map<string | null, Twig[]>();
  for (const twig of twigs) {
    const parent = twig.parent !== null && known.has(twig.parent) ? twig.parent : null;
    below.set(parent, [...(below.get(parent) ?? []), twig]);
  }
  const road = new Set<string>();
  for (let at = known.get(open); at && !road.has(at.id); at = known.get(at.parent ?? "")) road.add(at.id);
  const spots: { -readonly [K in keyof Spot]: Spot[K] }[] = [];
  const byId = new Map<string, (typeof spots)[number]>();
  let rows = 0;
  // No recursion: a lineage may be deeper than the stack.
  const waiting = siblings(below.get(null) ?? [], -1);
  while (waiting.length) {
    const { twig, column, place, among } = waiting.pop()!;
    const branches = below.get(twig.id) ?? [];
    const spot = {
      id: twig.id,
      parent: twig.parent,
      column,
      row: rows,
      place,
      siblings: among,
      road: road.has(twig.id),
    };
    spots.push(spot);
    byId.set(twig.id, spot);
    if (!branches.length) rows++;
    waiting.push(...siblings(branches, column));
  }
  for (const spot of [...spots].reverse()) {
    const branches = below.get(spot.id);
    if (!branches?.length) continue;
    const first = byId.get(branches[0]!.id)!;
    const last = byId.get(branches.at(-1)!.id)!;
    spot.row = (first.row + last.row) / 2;
  }
  return { spots, rows, columns: spots.reduce((most, { column }) => Math.max(most, column + 1), 0) };
}

/** Where an arrow key leads from a picture: to its parent, its nearest remix (that on the road, if there is one), or the next above or below. */
export function neighbour(
  layout: TreeLayout,
  from: string,
  way: "parent" | "child" | "above" | "below" | "first" | "last",
): string | null {
  const { spots } = layout;
  const here = spots.find(({ id }) => id === from);
  if (!here) return null;
  switch (way) {
    case "parent":
      return spots.find(({ id }) => id === here.parent)?.id ?? null;
    case "child": {
      const branches = spots.filter(({ parent }) => parent === from);
      const off = ({ road, row }: Spot): number => (road ? -1 : Math.abs(row - here.row));
      return (
        branches.reduce<Spot | null>((best, one) => (best && off(best) <= off(one) ? best : one), null)?.id ??
        null
      );
    }
    case "above":
      return spots.filter(({ column, row }) => column === here.column && row < here.row).at(-1)?.id ?? null;
    case "below":
      return spots.find(({ column, row }) => column === here.column && row > here.row)?.id ?? null;
    case "first":
      return spots[0]?.id ?? null;
    case "last":
      return spots.at(-1)?.id ?? null;
  }
}

function siblings(
  twigs: readonly Twig[],
  above: number,
): { twig: Twig; column: number; place: number; among: number }[] {
  return twigs
    .map((twig, index) => ({ twig, column: above + 1, place: index + 1, among: twigs.length }))
    .reverse();
}
