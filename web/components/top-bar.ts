import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { pathOfPerson, pathOfTag, type Route } from "../live/route";
import { newsLabel } from "../live/words";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import { icon } from "./icons";
import "./live-status";
import "./me-menu";
import { keptTags, keepTag } from "./kept-tags";
import { studio, Watch } from "./studio";
import "./studio-mark";

/** Wordmark, the tabs of the feeds at hand, the connection, search, news, and you. */
export class TopBar extends LitElement {
  static override properties = { route: { attribute: false } };
  declare route: Route;

  constructor() {
    super();
    this.route = { kind: "feed", name: "all" };
    new Watch(this, () => [studio.live.state.news.unread, studio.choices.get("tags")]);
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
        overflow: auto hidden;
        scrollbar-width: none;
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
        flex: none;
        max-inline-size: 240px;
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
        gap: 24px;
      }
      .ways {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      .ways me-menu {
        margin-inline-start: 16px;
      }
      .ways .round {
        position: relative;
      }
      .ways [aria-current] {
        color: var(--ink);
      }
      .unread {
        position: absolute;
        inset-block-start: 7px;
        inset-inline-end: 8px;
        inline-size: 8px;
        block-size: 8px;
        border-radius: 50%;
        background: var(--ink);
        box-shadow: 0 0 0 2px var(--wall);
      }
      .keep {
        inline-size: 28px;
        block-size: 28px;
        align-self: center;
        margin-inline-start: -16px;
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
        .ways {
          display: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { unread } = studio.live.state.news;
    const here = (kind: Route["kind"]): "page" | typeof nothing =>
      this.route.kind === kind ? "page" : nothing;
    return html`<header>
      <a class="home" href="/" aria-label=${say("nav.home")}><studio-mark></studio-mark></a>
      <nav aria-label=${say("nav.feeds")}>
        ${this.#tab("/", say("nav.all"), this.route.kind === "feed" && this.route.name === "all")}
        ${this.#tab("/following", say("nav.following"), this.route.kind === "feed" && this.route.name === "following")}
        ${this.#tags()}
        ${this.route.kind === "person" ? this.#tab(pathOfPerson(this.route.handle), this.route.handle, true) : nothing}
      </nav>
      <div class="end">
        <live-status ?compact=${matchMedia("(max-width: 719px)").matches}></live-status>
        <span class="ways">
          <a
            class="round"
            href="/search"
            aria-label=${say("nav.find")}
            title=${say("nav.find")}
            aria-current=${here("search")}
            >${icon("find")}</a
          >
          <a
            class="round"
            href="/news"
            data-testid="news"
            aria-label=${newsLabel(unread)}
            title=${say("nav.news")}
            aria-current=${here("news")}
            >${icon("bell")}${unread ? html`<i class="unread"></i>` : nothing}</a
          >
          <me-menu></me-menu>
        </span>
      </div>
    </header>`;
  }

  /** The tags that were kept, and the one that is open, with what keeps it or lets it go. */
  #tags(): unknown {
    const open = this.route.kind === "tag" ? this.route.tag : null;
    const kept = keptTags();
    const shown = open === null || kept.includes(open) ? kept : [...kept, open];
    return html`${shown.map((tag) => this.#tab(pathOfTag(tag), `#${tag}`, tag === open))}
    ${open === null ? nothing : this.#keep(open, kept.includes(open))}`;
  }

  #keep(tag: string, kept: boolean): TemplateResult {
    const label = say(kept ? "nav.drop-tag" : "nav.keep-tag", { tag: `#${tag}` });
    return html`<button
      class="round keep"
      data-testid="keep-tag"
      aria-pressed=${kept ? "true" : "false"}
      aria-label=${label}
      title=${label}
      @click=${() => keepTag(tag, !kept)}
    >
      ${icon(kept ? "check" : "plus", 16)}
    </button>`;
  }

  #tab(path: string, label: string, current: boolean): TemplateResult {
    return html`<a class="tab" href=${path} aria-current=${current ? "page" : nothing}
      ><span dir="auto">${label}</span></a
    >`;
  }
}

customElements.define("top-bar", TopBar);
