import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { serverNow } from "../live/clock";
import { within, type Grid, type Place } from "../live/masonry";
import { hungAs, outlineOf, type Hung, type Shape } from "../live/shape";
import { capped, titleOf } from "../live/words";
import { base } from "../styles/base";
import { say } from "../words/words";
import type { PictureCard } from "./picture-card";
import "./picture-card";
import { studio, Watch } from "./studio";
import type { Reach } from "./wall-plan";

/** A picture as wide as this is more than one of a column, and read in its own size. */
const WIDE_PX = 480;

/**
 * One batch of pictures with columns of its own. Laid out once; only another width lays it out again. Of its pictures
 * only those near the window are in the document: the block has its height all the same.
 */
export class MasonryBlock extends LitElement {
  static override properties = {
    key: { attribute: false },
    posts: { attribute: false },
    shape: { attribute: false },
    grid: { attribute: false },
    phone: { type: Boolean },
    first: { type: Boolean },
    waiting: { type: Boolean },
    opens: { type: Boolean, reflect: true },
    unsigned: { type: Boolean },
    begins: { type: Number },
    total: { type: Number },
  };
  /** Of the block, on its wall. */
  declare key: string;
  declare posts: readonly string[];
  /** How the pictures hang. */
  declare shape: Shape;
  declare grid: Grid;
  declare phone: boolean;
  /** The block in sight when the page opens: its pictures load at once. */
  declare first: boolean;
  /** What it shows was laid aside, and is being read again. */
  declare waiting: boolean;
  /** It has just come, and shows itself. */
  declare opens: boolean;
  declare unsigned: boolean;
  /** How many pictures hang before this block, and how many on the whole wall: -1 while nobody knows. */
  declare begins: number;
  declare total: number;
  #layout: Hung = { places: [], height: 0, labels: new Map(), beside: 0 };
  /** At first what is most likely in sight: the wall says more as soon as that is painted. */
  #reach: Reach = { from: 0, to: innerHeight / 2 };
  /** The picture that is about to get the focus. */
  #wanted = "";
  /** Nothing but pictures and labels, until the wall says what is near the window. */
  #bare = true;

  constructor() {
    super();
    this.key = "";
    this.posts = [];
    this.shape = new Uint16Array();
    this.waiting = false;
    this.opens = false;
    this.grid = { columns: 1, columnWidth: 320 };
    this.phone = false;
    this.first = false;
    this.unsigned = false;
    this.begins = 0;
    this.total = -1;
    // Times grow older by themselves; everything else is the cards' own affair.
    new Watch(this, () => [Math.floor(serverNow() / 30_000), studio.live.state.gone]);
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        contain: size layout style;
      }
      :host([opens]) {
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
        contain: size layout style;
      }
    `,
  ];

  /** Draw what hangs within reach, and nothing else. */
  set reach(reach: Reach) {
    const { from, to } = this.#reach;
    if (from === reach.from && to === reach.to) return;
    if (this.#bare) this.requestUpdate();
    this.#bare = false;
    const before = within(this.#layout, from, to);
    this.#reach = reach;
    const now = within(this.#layout, reach.from, reach.to);
    if (now.length !== before.length || now.some((place, index) => place !== before[index]))
      this.requestUpdate();
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
    if (!(["posts", "shape", "grid", "phone"] as const).some((one) => changed.has(one))) return;
    this.#layout = hungAs(this.posts, this.shape, this.grid, this.phone);
  }

  override render(): TemplateResult {
    const now = serverNow();
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
          style="inset-inline-start:${place.x}px;inset-block-start:${place.y}px;inline-size:${place.width + this.#layout.beside}px;block-size:${place.height + (this.#layout.labels.get(place.id) ?? 0)}px"
          .post=${place.id}
          .width=${place.width > WIDE_PX ? place.width : 0}
          .height=${place.height}
          .beside=${this.#layout.beside}
          .lines=${outlineOf(this.shape, index).lines}
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
    const near = new Set(within(this.#layout, this.#reach.from, this.#reach.to));
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
    if (gone.has(id)) return say("wall.gone");
    return post ? capped(titleOf(post)) : "";
  }
}

customElements.define("masonry-block", MasonryBlock);
