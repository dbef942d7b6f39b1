import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { layOut, within, type Grid, type Item, type Layout, type Place } from "../live/masonry";
import { capped, titleOf } from "../live/words";
import { base } from "../styles/base";
import { say } from "../words/words";
import { lineOf, linesOf } from "./measure";
import type { PictureCard } from "./picture-card";
import "./picture-card";
import { studio, Watch } from "./studio";

/** What stands under a title, px: the meta row, and on a phone the reactions. */
const LABEL = {
  wide: 8 + 7 + 24,
  phone: 11 + 8 + 24 + 10 + 36,
} as const;
const UNKNOWN_RATIO = 1;

/**
 * One batch of pictures with columns of its own. Laid out once; only another width lays it out again. Of its pictures
 * only those near the window are in the document: the block has its height all the same.
 */
export class MasonryBlock extends LitElement {
  static override properties = {
    posts: { attribute: false },
    grid: { attribute: false },
    phone: { type: Boolean },
    first: { type: Boolean },
    unsigned: { type: Boolean },
    begins: { type: Number },
    total: { type: Number },
  };
  declare posts: readonly string[];
  declare grid: Grid;
  declare phone: boolean;
  /** The block in sight when the page opens: its pictures load at once. */
  declare first: boolean;
  declare unsigned: boolean;
  /** How many pictures hang before this block, and how many on the whole wall: -1 while nobody knows. */
  declare begins: number;
  declare total: number;
  #layout: Layout = { places: [], height: 0 };
  #lines = new Map<string, number>();
  #labels = new Map<string, number>();
  /** Between which heights pictures are drawn, px from the top of the block. */
  #from = 0;
  /** At first what is most likely in sight: the wall says more as soon as that is painted. */
  #to = innerHeight / 2;
  /** The picture that is about to get the focus. */
  #wanted = "";
  /** Nothing but pictures and labels, until the wall says what is near the window. */
  #bare = true;

  constructor() {
    super();
    this.posts = [];
    this.grid = { columns: 1, columnWidth: 320 };
    this.phone = false;
    this.first = false;
    this.unsigned = false;
    this.begins = 0;
    this.total = -1;
    // Times grow older by themselves; everything else is the cards' own affair.
    new Watch(this, () => [Math.floor(Date.now() / 30_000), studio.live.state.gone]);
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        animation: open var(--step) var(--ease);
      }
      @keyframes open {
        from {
          opacity: 0;
        }
      }
      picture-card {
        position: absolute;
        border-radius: 3px;
      }
    `,
  ];

  /** Draw what hangs between these heights, and nothing else; px from the top of the block. */
  draw(from: number, to: number): void {
    if (from === this.#from && to === this.#to) return;
    if (this.#bare) this.requestUpdate();
    this.#bare = false;
    const before = within(this.#layout, this.#labels, this.#from, this.#to);
    this.#from = from;
    this.#to = to;
    const now = within(this.#layout, this.#labels, from, to);
    if (now.length !== before.length || now.some((place, index) => place !== before[index]))
      this.requestUpdate();
  }

  /** Where a picture hangs, px from the top of the block; null: it does not hang here. */
  topOf(post: string): number | null {
    return this.#layout.places.find(({ id }) => id === post)?.y ?? null;
  }

  /** Return the card of a picture, drawn for it though far from the window; null: it does not hang here. */
  async cardOf(post: string): Promise<PictureCard | null> {
    this.#wanted = post;
    this.requestUpdate();
    await this.updateComplete;
    this.#wanted = "";
    const cards = [...this.renderRoot.querySelectorAll<PictureCard>("picture-card")];
    return cards.find((card) => card.post === post) ?? null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("posts") && !changed.has("grid") && !changed.has("phone")) return;
    const { posts } = studio.live.state;
    const label = this.phone ? LABEL.phone : LABEL.wide;
    const items = this.posts.map((id): Item => {
      const post = posts.get(id);
      const textWidth = this.grid.columnWidth - (this.phone ? 36 : 2);
      const title = post ? titleOf(post) : "";
      const lines = post ? linesOf(title, textWidth, this.phone ? 21 : 17) : 1;
      this.#lines.set(id, lines);
      const ratio = post ? post.media.width / post.media.height : UNKNOWN_RATIO;
      return { id, ratio, label: lines * lineOf(title, this.phone) + label };
    });
    this.#labels = new Map(items.map((item) => [item.id, item.label]));
    this.#layout = layOut(items, this.grid);
  }

  override render(): TemplateResult {
    const now = Date.now();
    this.style.blockSize = `${this.#layout.height}px`;
    return html`${repeat(
      this.#drawn(),
      ([place]) => place.id,
      ([place, index]) =>
        html`<picture-card
          role="article"
          tabindex="0"
          aria-posinset=${this.begins + index + 1}
          aria-setsize=${this.total}
          aria-label=${this.#nameOf(place.id)}
          style="inset-inline-start:${place.x}px;inset-block-start:${place.y}px;inline-size:${place.width}px"
          .post=${place.id}
          .height=${place.height}
          .lines=${this.#lines.get(place.id) ?? 1}
          .now=${now}
          ?phone=${this.phone}
          ?unsigned=${this.unsigned}
          ?bare=${this.#bare && this.first}
          ?eager=${this.first && index < this.grid.columns * 2}
        ></picture-card>`,
    )}`;
  }

  /**
   * What is near the window, wherever they hang the picture that has the focus or is to get it and the wall's first one
   * (a feed has at least one), each with its number in the block.
   */
  #drawn(): [Place, number][] {
    const focused = this.renderRoot.querySelector<PictureCard>("picture-card:focus-within")?.post;
    const near = new Set(within(this.#layout, this.#labels, this.#from, this.#to));
    return this.#layout.places
      .map((place, index): [Place, number] => [place, index])
      .filter(
        ([place, index]) =>
          near.has(place) || place.id === focused || place.id === this.#wanted || (this.first && !index),
      );
  }

  #nameOf(id: string): string {
    const { posts, gone } = studio.live.state;
    const post = posts.get(id);
    return post && !gone.has(id) ? capped(titleOf(post)) : say("wall.gone");
  }
}

customElements.define("masonry-block", MasonryBlock);
