import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { base, buttons } from "../styles/base";
import { icon } from "./icons";
import "./me-menu";

/** On a phone: feed, paint, you. */
export class BottomBar extends LitElement {
  static override properties = { home: { type: Boolean } };
  declare home: boolean;

  constructor() {
    super();
    this.home = true;
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: none;
        position: fixed;
        inset-inline: 0;
        inset-block-end: 0;
        z-index: 16;
        background: var(--panel);
        border-block-start: 1px solid var(--line);
        padding-block-end: env(safe-area-inset-bottom, 0px);
      }
      nav {
        display: flex;
        justify-content: space-around;
        align-items: center;
        block-size: 76px;
        padding-block-end: 4px;
      }
      .item {
        display: grid;
        justify-items: center;
        gap: 4px;
        inline-size: 72px;
        padding-block: 5px;
        border-radius: 14px;
        color: var(--ink2);
        font-size: 11px;
        line-height: 14px;
      }
      .item[aria-current] {
        color: var(--ink);
      }
      .paint {
        display: grid;
        place-items: center;
        inline-size: 64px;
        block-size: 52px;
        border-radius: 26px;
        background: var(--ink);
        color: var(--wall);
      }
      .paint:active {
        transform: scale(0.97);
      }
      @media (max-width: 719px) {
        :host {
          display: block;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<nav aria-label="Main">
      <a class="item" href="/" aria-current=${this.home ? "page" : nothing} @click=${this.#top}
        >${icon("home", 22)}<span>Feed</span></a
      >
      <button class="paint" data-testid="paint" aria-label="Paint" @click=${this.#paint}>
        ${icon("brush", 24)}
      </button>
      <me-menu upwards></me-menu>
    </nav>`;
  }

  #top(): void {
    if (this.home) scrollTo({ top: 0 });
  }

  #paint(): void {
    this.dispatchEvent(new CustomEvent("paint", { bubbles: true, composed: true }));
  }
}

customElements.define("bottom-bar", BottomBar);
