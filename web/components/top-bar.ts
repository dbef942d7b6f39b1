import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { pathOfPerson, pathOfTag, type Route } from "../live/route";
import { base, buttons } from "../styles/base";
import "./live-status";
import "./me-menu";
import "./studio-mark";

/** Wordmark, the tabs of the feeds at hand, the connection, and you. */
export class TopBar extends LitElement {
  static override properties = { route: { attribute: false } };
  declare route: Route;

  constructor() {
    super();
    this.route = { kind: "feed", name: "all" };
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        position: sticky;
        inset-block-start: 0;
        z-index: 20;
        background: var(--wall);
      }
      header {
        display: flex;
        align-items: center;
        block-size: var(--bar);
        max-inline-size: 2000px;
        margin-inline: auto;
        padding-inline: var(--gutter);
      }
      .home {
        border-radius: 6px;
        margin-inline-start: -2px;
      }
      nav {
        display: flex;
        gap: 24px;
        margin-inline-start: 34px;
        flex: 1;
        min-inline-size: 0;
        overflow: hidden;
        align-self: stretch;
        padding-inline: 6px;
        margin-inline-start: 28px;
      }
      .tab {
        position: relative;
        display: flex;
        align-items: center;
        color: var(--ink2);
        border-radius: 6px;
        max-inline-size: 240px;
        min-inline-size: 0;
      }
      .tab span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .tab:hover,
      .tab[aria-current] {
        color: var(--ink);
      }
      .tab[aria-current]::after {
        content: "";
        position: absolute;
        inset-inline: 0 -1px;
        inset-block-end: 13px;
        block-size: 2.5px;
        border-radius: 1px;
        background: var(--ink);
        transform: skewX(var(--lean));
      }
      .tab:focus-visible {
        outline-offset: -8px;
        box-shadow: none;
      }
      .end {
        display: flex;
        align-items: center;
        gap: 32px;
      }
      @media (max-width: 719px) {
        header {
          block-size: auto;
          flex-wrap: wrap;
          padding-block-start: calc(10px + env(safe-area-inset-top, 0px));
          justify-content: space-between;
          row-gap: 2px;
        }
        nav {
          order: 3;
          flex-basis: 100%;
          margin-inline: -6px;
          block-size: 42px;
        }
        .tab[aria-current]::after {
          inset-block-end: 5px;
        }
        .home {
          min-block-size: 40px;
          display: flex;
        }
        me-menu {
          display: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<header>
      <a class="home" href="/" aria-label="livefeed, all pictures"><studio-mark></studio-mark></a>
      <nav aria-label="Feeds">
        ${this.#tab("/", "All", this.route.kind === "feed")}
        ${this.route.kind === "tag" ? this.#tab(pathOfTag(this.route.tag), `#${this.route.tag}`, true) : nothing}
        ${this.route.kind === "person" ? this.#tab(pathOfPerson(this.route.handle), this.route.handle, true) : nothing}
      </nav>
      <div class="end">
        <live-status ?compact=${matchMedia("(max-width: 719px)").matches}></live-status>
        <me-menu></me-menu>
      </div>
    </header>`;
  }

  #tab(path: string, label: string, current: boolean): TemplateResult {
    return html`<a class="tab" href=${path} aria-current=${current ? "page" : nothing}
      ><span>${label}</span></a
    >`;
  }
}

customElements.define("top-bar", TopBar);
