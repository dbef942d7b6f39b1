import { ROW_GAP, type Grid } from "../live/masonry";
import { hungAs, outlineOf, shapeOf, titleWidths, type Outline, type Shape } from "../live/shape";
import type { Block, State } from "../live/state";
import { isUpright, titleOf } from "../live/words";
import { linesOf } from "./measure";

/** So many windows' heights above and below the window are drawn. */
const DRAWN_BEYOND = 1.5;
/** So far it is read again what was laid aside, and farther it is laid aside; windows' heights. */
const BACK_BEYOND = 4;
const ASIDE_BEYOND = 6;
/** The top of the wall stays at hand: it is kept for reading without a network. */
const TOP_POSTS = 60;

/** Where a block hangs on the wall, whether it is drawn or not; px from the top of the wall. */
export interface Planned {
  readonly block: Block;
  readonly shape: Shape;
  readonly top: number;
  readonly height: number;
  /** How many pictures hang before it. */
  readonly begins: number;
}

/** Between which heights something is drawn, px from the top of the block, or of the wall. */
export interface Reach {
  readonly from: number;
  readonly to: number;
}

/** A block that is drawn, or the room that blocks take between those that are. */
export type Stretch =
  | { readonly kind: "block"; readonly key: string; readonly planned: Planned }
  | { readonly kind: "room"; readonly key: string; readonly height: number };

/** Where all blocks of a wall hang. What is known of a block stays until another width lays it out again. */
export class WallPlan {
  planned: readonly Planned[] = [];
  /** How many pictures hang in all. */
  total = 0;
  #window: { readonly from: number; readonly height: number; readonly spare: number | null };
  #grid: Grid | null = null;
  #phone = false;

  /** height: of the window, px. Until somebody looks, only what is in it at the top of the wall is drawn. */
  constructor(height: number) {
    this.#window = { from: 0, height, spare: null };
  }

  /** Lay out what is new; all of it, if the width is another one. */
  lay(blocks: readonly Block[], grid: Grid, phone: boolean, state: State): void {
    const same = this.#grid === grid && this.#phone === phone;
    const known = new Map(this.planned.map((planned) => [planned.block.key, planned]));
    this.#grid = grid;
    this.#phone = phone;
    let top = 0;
    this.total = 0;
    this.planned = blocks.map((block) => {
      const before = known.get(block.key);
      const stands = same && before?.block.posts === block.posts;
      const shape = stands ? before.shape : measured(block, before, grid, phone, state);
      const height = stands ? before.height : hungAs(block.posts, shape, grid, phone).height;
      const planned = { block, shape, top, height, begins: this.total };
      top += height + ROW_GAP;
      this.total += block.posts.length;
      return planned;
    });
  }

  /** The reader sees what begins so far from the top of the wall, px. spare: how far they go before they look again. */
  look(from: number, height: number, spare: number): void {
    this.#window = { from, height, spare };
  }

  /** What of a block is to be drawn, px from its top. */
  reachOf({ top }: Planned): Reach {
    const { from, to } = this.#beyond(DRAWN_BEYOND);
    return { from: from - top, to: to - top };
  }

  /** Return the keys of the blocks that are to be read again, the nearest first. */
  nearing(): readonly string[] {
    const { from, height } = this.#window;
    const away = (one: Planned): number => Math.max(from - one.top - one.height, one.top - from - height);
    return this.#near(BACK_BEYOND)
      .filter(({ block }) => block.aside === "far")
      .sort((one, other) => away(one) - away(other))
      .map(({ block }) => block.key);
  }

  /** Return the blocks that are to be laid aside, and how they hang. */
  leaving(): ReadonlyMap<string, Shape> {
    const kept = new Set(this.#near(ASIDE_BEYOND));
    const far = this.planned.filter((one) => !kept.has(one) && !one.block.aside && one.begins >= TOP_POSTS);
    return new Map(far.map(({ block, shape }) => [block.key, shape]));
  }

  #near(windows: number): readonly Planned[] {
    const { from, to } = this.#beyond(windows);
    return this.planned.filter(({ top, height }) => top < to && top + height > from);
  }

  #beyond(windows: number): Reach {
    const { from, height, spare } = this.#window;
    const beyond = spare === null ? 0 : windows * height + spare;
    return { from: from - beyond, to: from + height + beyond };
  }

  find(key: string): Planned | undefined {
    return this.planned.find(({ block }) => block.key === key);
  }

  /** Where a picture hangs in its block, px from its top; null: it does not hang there. */
  within({ block, shape }: Planned, post: string): number | null {
    if (!this.#grid) return null;
    const { places } = hungAs(block.posts, shape, this.#grid, this.#phone);
    return places.find(({ id }) => id === post)?.y ?? null;
  }

  /**
   * Return what the wall consists of from its top: the blocks that are near, its first one (a feed has at least one
   * picture) and those of these keys; room for the others.
   */
  stretches(keys: readonly string[]): readonly Stretch[] {
    const stretches: Stretch[] = [];
    const near = new Set(this.#near(DRAWN_BEYOND));
    const drawn = (one: Planned): boolean => near.has(one) || !one.begins || keys.includes(one.block.key);
    for (const planned of this.planned) {
      const { key } = planned.block;
      const last = stretches.at(-1);
      if (drawn(planned)) stretches.push({ kind: "block", key, planned });
      else if (last?.kind === "room")
        stretches[stretches.length - 1] = { ...last, height: last.height + ROW_GAP + planned.height };
      else stretches.push({ kind: "room", key: `before ${key}`, height: planned.height });
    }
    return stretches;
  }
}

/** Return how the pictures of a block hang: as they are, and where they are laid aside as they were. */
function measured(
  block: Block,
  before: Planned | undefined,
  grid: Grid,
  phone: boolean,
  { posts }: State,
): Shape {
  const hung = block.posts.map((id, index) => {
    const at = before?.block.posts.indexOf(id) ?? -1;
    return {
      post: posts.get(id),
      known: at < 0 ? outlineOf(block.shape, index) : outlineOf(before?.shape, at),
    };
  });
  const widths = titleWidths(
    hung.map(({ post, known }) => post?.media ?? known),
    grid,
    phone,
  );
  const outlines = hung.map(({ post, known }, index): Outline => {
    if (!post) return known;
    const title = titleOf(post);
    const { width, height } = post.media;
    const lines = linesOf(title, widths[index] ?? 0, phone ? 21 : 17);
    return { width, height, lines, upright: isUpright(title) };
  });
  return shapeOf(outlines);
}
