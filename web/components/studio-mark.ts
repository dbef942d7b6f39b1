import { css, html, LitElement, type TemplateResult } from "lit";
import { paletteFor } from "../live/palette";
import { base } from "../styles/base";
import { studio, Watch } from "./studio";

const CHANGE_EVERY_MS = 10_000;

/** The mark: three rising dabs in the colours of the newest picture on the wall, and the word beside them. */
export class StudioMark extends LitElement {
  #colours: readonly string[] = [];
  #changedAt = 0;

  constructor() {
    super();
    new Watch(this, () => [this.#newest()]);
  }

  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 10px;
      }
      .mark {
        display: flex;
        align-items: flex-end;
        gap: 3px;
        block-size: 21px;
        padding-inline: 4px 3px;
      }
      .mark span {
        inline-size: 7px;
        border-radius: 2px;
        transform: skewX(var(--lean));
        transition: background-color var(--step) var(--ease);
      }
      @media (forced-colors: active) {
        .mark span {
          background: CanvasText !important;
          forced-color-adjust: none;
        }
      }
      .word {
        font: italic 420 27px/27px var(--serif);
        letter-spacing: -0.01em;
        padding-block-end: 2px;
      }
    `,
  ];

  override render(): TemplateResult {
    const [first = "var(--ink)", middle = first, last = middle] = this.#three();
    return html`<span class="mark" aria-hidden="true"
        ><span style="block-size:11px;background:${first}"></span
        ><span style="block-size:15px;background:${middle}"></span
        ><span style="block-size:19px;background:${last}"></span></span
      ><span class="word">livefeed</span>`;
  }

  #three(): readonly string[] {
    const now = Date.now();
    const newest = this.#newest();
    if (newest && (!this.#colours.length || now - this.#changedAt >= CHANGE_EVERY_MS)) {
      this.#colours = newest;
      this.#changedAt = now;
    }
    const colours = paletteFor(this.#colours, studio.theme);
    return colours.length ? [colours[0]!, colours[Math.floor(colours.length / 2)]!, colours.at(-1)!] : [];
  }

  #newest(): readonly string[] | undefined {
    const { feeds, posts } = studio.live.state;
    const id = feeds.get(studio.feed)?.blocks[0]?.posts[0];
    return id === undefined ? undefined : posts.get(id)?.media.palette;
  }
}

customElements.define("studio-mark", StudioMark);
