import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Route } from "../live/route";
import { newsLabel } from "../live/words";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import { icon, type IconName } from "./icons";
import "./me-menu";
import { studio, Watch } from "./studio";

/** On a phone: feed, find, paint, news, you. */
export class BottomBar extends LitElement {
  static override properties = { route: { attribute: false } };
  declare route: Route;

  constructor() {
    super();
    this.route = { kind: "feed", name: "all" };
    new Watch(this, () => [studio.live.state.news.unread]);
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
        position: relative;
        inline-size: 66px;
        padding-block: 5px;
        border-radius: 14px;
        color: var(--ink2);
        font-size: 11px;
        line-height: 14px;
      }
      .unread {
        position: absolute;
        inset-block-start: 4px;
        inset-inline-start: calc(50% + 4px);
        inline-size: 9px;
        block-size: 9px;
        border-radius: 50%;
        background: var(--ink);
        box-shadow: 0 0 0 2px var(--panel);
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
    const { kind } = this.route;
    const { unread } = studio.live.state.news;
    return html`<nav aria-label=${say("nav.main")}>
      ${this.#item("/", "home", say("nav.feed"), kind === "feed", say("nav.feed"), this.#top)}
      ${this.#item("/search", "find", say("nav.find"), kind === "search")}
      <button class="paint" data-testid="paint" aria-label=${say("paint")} @click=${this.#paint}>
        ${icon("brush", 24)}
      </button>
      ${this.#item("/news", "bell", say("nav.news"), kind === "news", newsLabel(unread))}
      <me-menu upwards></me-menu>
    </nav>`;
  }

  #item(
    path: string,
    shape: IconName,
    label: string,
    current: boolean,
    name = label,
    act: (() => void) | null = null,
  ): TemplateResult {
    const unread = path === "/news" && studio.live.state.news.unread > 0;
    return html`<a
      class="item"
      href=${path}
      aria-label=${name}
      aria-current=${current ? "page" : nothing}
      @click=${act}
      >${icon(shape, 22)}${unread ? html`<i class="unread"></i>` : nothing}<span>${label}</span></a
    >`;
  }

  readonly #top = (): void => {
    if (location.pathname === "/") scrollTo({ top: 0 });
  };

  #paint(): void {
    this.dispatchEvent(new CustomEvent("paint", { bubbles: true, composed: true }));
  }
}

customElements.define("bottom-bar", BottomBar);
