import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { isOver } from "../live/fold-feed";
import { gridFor, type Grid } from "../live/masonry";
import type { Topic } from "../live/protocol";
import type { Feed } from "../live/state";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "./blank-canvas";
import { icon } from "./icons";
import type { MasonryBlock } from "./masonry-block";
import "./masonry-block";
import { areFontsReady, fontsReady } from "./measure";
import type { PictureCard } from "./picture-card";
import { firstPicture } from "./picture-frame";
import { studio, Watch } from "./studio";

/** Older pages are asked for so far ahead of the end. */
const AHEAD = "1200px";
const PHONE_WIDTH = 720;
/** So many windows' heights above and below the window are drawn. */
const DRAWN_BEYOND = 1.5;
/** What is drawn is thought over once the page has been scrolled by so much, px. */
const SCROLL_STEP = 200;
/** A page that nobody sees is not painted, and pictures may be long in coming: nothing waits longer for them. */
const UNSEEN_MS = 500;

/**
 * The blocks of one feed, older ones added at the end as the reader comes near. However many hang, only the pictures
 * near the window are in the document.
 */
export class FeedWall extends LitElement {
  static override properties = {
    grid: { state: true },
    ready: { state: true },
    unsigned: { type: Boolean },
    nothingHere: { type: String },
    line: { type: String },
    unpaintable: { type: Boolean },
    feed: { type: String },
  };
  declare grid: Grid;
  declare ready: boolean;
  declare unsigned: boolean;
  /** What an empty wall invites to. */
  declare nothingHere: string;
  declare line: string;
  /** An empty one is not filled by painting. */
  declare unpaintable: boolean;
  /** The feed that hangs here; without one, the feed that the page shows. */
  declare feed: Topic;
  #width = 0;
  #resize: ResizeObserver | undefined;
  #end: IntersectionObserver | undefined;
  #drawnAt = 0;
  /** Settles when what is in the window at first has been shown: what lies beyond waits for it. */
  #shown: Promise<void> | undefined;

  constructor() {
    super();
    this.grid = { columns: 1, columnWidth: 320 };
    this.ready = false;
    this.unsigned = false;
    this.nothingHere = "";
    this.line = "";
    this.unpaintable = false;
    this.feed = "";
    new Watch(this, () => {
      const feed = studio.live.state.feeds.get(this.#topic);
      return [
        this.#topic,
        feed?.blocks,
        feed?.next,
        feed?.loaded,
        studio.wall.problems.get(this.#topic),
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
    addEventListener("scroll", this.#scrolled, { passive: true });
    this.ready = areFontsReady();
    if (!this.ready) void fontsReady().then(() => (this.ready = true));
    // Its columns are known before anything is drawn in them.
    this.#resized(this.getBoundingClientRect().width);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
    this.#end?.disconnect();
    removeEventListener("scroll", this.#scrolled);
  }

  override firstUpdated(): void {
    this.#end = new IntersectionObserver(
      (entries) => {
        // Several may come at once; the last one says how it is.
        if (entries.at(-1)?.isIntersecting) void studio.wall.older(this.#topic);
      },
      { rootMargin: `0px 0px ${AHEAD} 0px` },
    );
  }

  override updated(): void {
    // Observed anew after each page: the end may still be in sight.
    const end = this.renderRoot.querySelector(".end");
    this.#end?.disconnect();
    if (end) this.#end?.observe(end);
    void this.#laidOut().then(async () => {
      if (this.blocks.length) await (this.#shown ??= shown());
      this.#draw();
    });
  }

  /** The blocks of the wall, from the top. */
  get blocks(): readonly MasonryBlock[] {
    return [...this.renderRoot.querySelectorAll<MasonryBlock>("masonry-block")];
  }

  /** Return the picture that hangs after or before this one, drawn for it wherever it hangs; null: there is none. */
  async beside(post: string, by: 1 | -1): Promise<PictureCard | null> {
    const blocks = this.blocks;
    const posts = blocks.flatMap((block) => block.posts);
    const at = posts.indexOf(post);
    const next = at < 0 ? undefined : posts[at + by];
    const block = blocks.find((one) => next !== undefined && one.posts.includes(next));
    return (next !== undefined && (await block?.cardOf(next))) || null;
  }

  async #laidOut(): Promise<void> {
    await Promise.all(this.blocks.map((block) => block.updateComplete));
  }

  readonly #scrolled = (): void => {
    if (Math.abs(scrollY - this.#drawnAt) >= SCROLL_STEP) this.#draw();
  };

  /** Tell each block what of it is near the window. */
  #draw(): void {
    this.#drawnAt = scrollY;
    const beyond = DRAWN_BEYOND * innerHeight + SCROLL_STEP;
    // All are asked where they are before any is changed.
    const tops = this.blocks.map((block) => [block, block.getBoundingClientRect().top] as const);
    for (const [block, top] of tops) block.draw(-beyond - top, innerHeight + beyond - top);
  }

  override render(): TemplateResult {
    const feed = studio.live.state.feeds.get(this.#topic);
    const problem = studio.wall.problems.get(this.#topic);
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
    const before = numbered(feed);
    const total = feed.next ? -1 : before.total;
    return html`<div role="feed" aria-label=${say("wall.pictures")} aria-busy="false">
        ${repeat(
          feed.blocks,
          (block) => block.key,
          (block) =>
            html`<masonry-block
              .posts=${block.posts}
              .grid=${this.grid}
              .begins=${before.begins.get(block.key) ?? 0}
              .total=${total}
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
    const easel = studio.live.state.feeds.get(this.#topic)?.easel ?? [];
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

  get #topic(): Topic {
    return this.feed || studio.feed;
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

  #anchor(): Anchor | null {
    if (scrollY <= 100) return null;
    const hung = this.blocks.flatMap((block) =>
      [...block.renderRoot.querySelectorAll<PictureCard>("picture-card")].map((card) => ({ block, card })),
    );
    const found =
      hung.find(({ card }) => card.matches(":focus-within")) ??
      hung.find(({ card }) => card.getBoundingClientRect().bottom > 100);
    return (
      (found && { block: found.block, post: found.card.post, top: found.card.getBoundingClientRect().top }) ??
      null
    );
  }
}

/** Settles when the first picture has been painted, or would be if anybody saw the page. */
function shown(): Promise<void> {
  const painted = (): Promise<void> =>
    new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return Promise.race([
    firstPicture().then(painted),
    new Promise<void>((resolve) => setTimeout(resolve, UNSEEN_MS)),
  ]);
}

/** The picture that stays where it is, and where that is, px from the top of the window. */
interface Anchor {
  readonly block: MasonryBlock;
  readonly post: string;
  readonly top: number;
}

/** Laid out anew, the picture may be far from the window and not in the document: its block knows where it hangs. */
function keep({ block, post, top }: Anchor): void {
  const within = block.topOf(post);
  if (within !== null) scrollBy(0, block.getBoundingClientRect().top + within - top);
}

/** Return how many pictures hang before each block, by its key, and how many in all. */
function numbered(feed: Feed): { begins: ReadonlyMap<string, number>; total: number } {
  let total = 0;
  const begins = new Map<string, number>();
  for (const block of feed.blocks) {
    begins.set(block.key, total);
    total += block.posts.length;
  }
  return { begins, total };
}

customElements.define("feed-wall", FeedWall);
