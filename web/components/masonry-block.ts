import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { layOut, type Grid, type Item, type Layout } from "../live/masonry";
import { titleOf } from "../live/words";
import { base } from "../styles/base";
import { lineOf, linesOf } from "./measure";
import "./picture-card";
import { studio, Watch } from "./studio";

/** What stands under a title, px: the meta row, and on a phone the reactions. */
const LABEL = {
  wide: 8 + 7 + 24,
  phone: 11 + 8 + 24 + 10 + 36,
} as const;
const UNKNOWN_RATIO = 1;

/** One batch of pictures with columns of its own. Laid out once; only another width lays it out again. */
export class MasonryBlock extends LitElement {
  static override properties = {
    posts: { attribute: false },
    grid: { attribute: false },
    phone: { type: Boolean },
    first: { type: Boolean },
    unsigned: { type: Boolean },
  };
  declare posts: readonly string[];
  declare grid: Grid;
  declare phone: boolean;
  /** The block in sight when the page opens: its pictures load at once. */
  declare first: boolean;
  declare unsigned: boolean;
  #layout: Layout = { places: [], height: 0 };
  #lines = new Map<string, number>();

  constructor() {
    super();
    this.posts = [];
    this.grid = { columns: 1, columnWidth: 320 };
    this.phone = false;
    this.first = false;
    this.unsigned = false;
    // Times grow older by themselves; everything else is the cards' own affair.
    new Watch(this, () => [Math.floor(Date.now() / 30_000)]);
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
      }
    `,
  ];

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
    this.#layout = layOut(items, this.grid);
  }

  override render(): TemplateResult {
    const now = Date.now();
    this.style.blockSize = `${this.#layout.height}px`;
    return html`${repeat(
      this.#layout.places,
      (place) => place.id,
      (place, index) =>
        html`<picture-card
          style="inset-inline-start:${place.x}px;inset-block-start:${place.y}px;inline-size:${place.width}px"
          .post=${place.id}
          .height=${place.height}
          .lines=${this.#lines.get(place.id) ?? 1}
          .now=${now}
          ?phone=${this.phone}
          ?unsigned=${this.unsigned}
          ?eager=${this.first && index < this.grid.columns * 2}
        ></picture-card>`,
    )}`;
  }
}

customElements.define("masonry-block", MasonryBlock);
