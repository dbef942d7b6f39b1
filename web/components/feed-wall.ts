import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { isOver } from "../live/fold-feed";
import { gridFor, type Grid } from "../live/masonry";
import type { Feed } from "../live/state";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "./blank-canvas";
import { icon } from "./icons";
import type { MasonryBlock } from "./masonry-block";
import "./masonry-block";
import { fontsReady } from "./measure";
import { studio, Watch } from "./studio";

/** Older pages are asked for so far ahead of the end. */
const AHEAD = "1200px";
const PHONE_WIDTH = 720;

/** The blocks of one feed, older ones added at the end as the reader comes near. */
export class FeedWall extends LitElement {
  static override properties = {
    grid: { state: true },
    ready: { state: true },
    unsigned: { type: Boolean },
    nothingHere: { type: String },
    line: { type: String },
    unpaintable: { type: Boolean },
  };
  declare grid: Grid;
  declare ready: boolean;
  declare unsigned: boolean;
  /** What an empty wall invites to. */
  declare nothingHere: string;
  declare line: string;
  /** An empty one is not filled by painting. */
  declare unpaintable: boolean;
  #width = 0;
  #resize: ResizeObserver | undefined;
  #end: IntersectionObserver | undefined;

  constructor() {
    super();
    this.grid = { columns: 1, columnWidth: 320 };
    this.ready = false;
    this.unsigned = false;
    this.nothingHere = "";
    this.line = "";
    this.unpaintable = false;
    new Watch(this, () => {
      const feed = studio.live.state.feeds.get(studio.feed);
      return [
        studio.feed,
        feed?.blocks,
        feed?.next,
        feed?.loaded,
        studio.wall.problems.get(studio.feed),
        feed?.blocks.length ? null : this.#coming(),
      ];
    });
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        min-block-size: 60vh;
      }
      masonry-block + masonry-block {
        margin-block-start: 26px;
      }
      .phone {
        margin-inline: calc(-1 * var(--gutter));
      }
      .message {
        min-block-size: 420px;
      }
      .phone .message {
        margin-inline: var(--gutter);
        margin-block-start: 12px;
        /* All of it above the bar at the bottom. */
        min-block-size: min(420px, calc(100dvh - var(--dock) - 134px));
      }
      .message.short {
        min-block-size: 220px;
      }
      .end {
        block-size: 1px;
      }
      .older {
        padding: 28px 0 44px;
        text-align: center;
        color: var(--ink3);
        font-size: 13px;
      }
      .loading {
        display: grid;
        grid-template-columns: repeat(var(--columns), 1fr);
        gap: 26px 22px;
      }
      .loading div {
        border-radius: 3px;
      }
      .bar {
        block-size: 8px;
        border-radius: 2px;
        background: var(--chip);
        margin-block-start: 12px;
      }
      .bar.short {
        inline-size: 45%;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize = new ResizeObserver(([entry]) => entry && this.#resized(entry.contentRect.width));
    this.#resize.observe(this);
    void fontsReady().then(() => (this.ready = true));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
    this.#end?.disconnect();
  }

  override firstUpdated(): void {
    this.#end = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void studio.wall.older(studio.feed);
      },
      { rootMargin: `0px 0px ${AHEAD} 0px` },
    );
  }

  override updated(): void {
    // Observed anew after each page: the end may still be in sight.
    const end = this.renderRoot.querySelector(".end");
    this.#end?.disconnect();
    if (end) this.#end?.observe(end);
  }

  override render(): TemplateResult {
    const feed = studio.live.state.feeds.get(studio.feed);
    const problem = studio.wall.problems.get(studio.feed);
    const phone = this.#phone;
    return html`<div class=${phone ? "phone" : ""} data-testid="wall">
      ${
        feed?.loaded && this.ready
          ? this.#blocks(feed, phone)
          : problem
            ? html`<blank-canvas class="message" line=${say("wall.dark")} sentence=${problem.sentence}>
                <button class="button outlined" @click=${() => studio.wall.retry()}>
                  ${say("try-again")}
                </button>
              </blank-canvas>`
            : this.#loading()
      }
    </div>`;
  }

  #blocks(feed: Feed, phone: boolean): TemplateResult {
    if (!feed.blocks.length && this.#coming()) {
      return html`<blank-canvas
        class="message"
        line=${say("wall.coming")}
        sentence=${say("wall.coming-here")}
        data-testid="first-coming"
      ></blank-canvas>`;
    }
    if (!feed.blocks.length) {
      return html`<blank-canvas
          class="message ${this.unpaintable ? "short" : ""}"
          line=${this.line || say("wall.empty")}
          sentence=${this.nothingHere}
          data-testid="empty"
        >
          ${
            this.unpaintable
              ? nothing
              : html`<button
                  class="button full"
                  @click=${() => this.dispatchEvent(new CustomEvent("paint", { bubbles: true, composed: true }))}
                >
                  ${icon("brush")} ${say("paint")}
                </button>`
          }
        </blank-canvas>
        <slot name="empty"></slot>`;
    }
    const last = feed.blocks.at(-1);
    return html`<div
        role="feed"
        aria-label=${say("wall.pictures")}
        aria-busy=${feed.next && !feed.loaded ? "true" : "false"}
      >
        ${repeat(
          feed.blocks,
          (block) => block.key,
          (block) =>
            html`<masonry-block
              .posts=${block.posts}
              .grid=${this.grid}
              ?phone=${phone}
              ?first=${block === feed.blocks[0]}
              ?unsigned=${this.unsigned}
            ></masonry-block>`,
        )}
      </div>
      ${
        feed.next
          ? html`<div class="end" data-key=${last?.key ?? ""}></div>`
          : html`<p class="older">${last ? say("wall.end") : nothing}</p>`
      }`;
  }

  /** Whether a picture is on its way to this wall. */
  #coming(): boolean {
    const easel = studio.live.state.feeds.get(studio.feed)?.easel ?? [];
    return easel.some((id) => !isOver(studio.live.state, id));
  }

  #loading(): TemplateResult {
    const ratios = [1.25, 1, 1.33, 0.75, 1.1];
    return html`<div class="loading" style="--columns:${this.grid.columns}" aria-hidden="true">
      ${Array.from({ length: this.grid.columns * 2 }, (_, index) => {
        const height = Math.round(this.grid.columnWidth * (ratios[index % ratios.length] ?? 1));
        return html`<span>
          <div class="canvas" style="block-size:${height}px"></div>
          <div class="bar"></div>
          <div class="bar short"></div>
        </span>`;
      })}
    </div>`;
  }

  get #phone(): boolean {
    return innerWidth < PHONE_WIDTH;
  }

  /** Another width lays the wall out again; the picture at the top of the window stays where it is. */
  #resized(width: number): void {
    const phone = this.#phone;
    const full = phone ? innerWidth : width;
    if (Math.abs(full - this.#width) < 1) return;
    const anchor = this.#width ? this.#anchor() : null;
    this.#width = full;
    this.grid = gridFor(full);
    if (anchor) void this.updateComplete.then(() => requestAnimationFrame(() => keep(anchor)));
  }

  #anchor(): { card: Element; top: number } | null {
    const blocks = [...this.renderRoot.querySelectorAll<MasonryBlock>("masonry-block")];
    const cards = blocks.flatMap((block) => [...block.renderRoot.querySelectorAll("picture-card")]);
    const focused = cards.find((card) => card.matches(":focus-within"));
    const card = focused ?? cards.find((one) => one.getBoundingClientRect().bottom > 100);
    return card && scrollY > 100 ? { card, top: card.getBoundingClientRect().top } : null;
  }
}

function keep({ card, top }: { card: Element; top: number }): void {
  scrollBy(0, card.getBoundingClientRect().top - top);
}

customElements.define("feed-wall", FeedWall);
