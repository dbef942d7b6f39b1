import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { isOver } from "../live/fold-feed";
import { gridFor, ROW_GAP, type Grid } from "../live/masonry";
import type { Topic } from "../live/protocol";
import type { Feed } from "../live/state";
import { base, buttons } from "../styles/base";
import { reasonOf } from "../words/problems";
import { say } from "../words/words";
import "./blank-canvas";
import { icon } from "./icons";
import type { MasonryBlock } from "./masonry-block";
import "./masonry-block";
import { areFontsReady, fontsReady } from "./measure";
import type { PictureCard } from "./picture-card";
import { firstPicture } from "./picture-frame";
import { studio, Watch } from "./studio";
import { WallPlan, type Planned, type Stretch } from "./wall-plan";

/** Older pages are asked for so far ahead of the end. */
const AHEAD = "1200px";
const PHONE_WIDTH = 720;
/** What is drawn is thought over once the page has been scrolled by so much, px. */
const SCROLL_STEP = 200;
/** A page that nobody sees is not painted, and pictures may be long in coming: nothing waits longer for them. */
const UNSEEN_MS = 500;

/**
 * The blocks of one feed, older ones added at the end as the reader comes near. However many hang, only the pictures
 * near the window are in the document, and of those far from it only where they hang is known.
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
  /** At first what is most likely in sight: the rest comes as soon as that is painted. */
  readonly #plan = new WallPlan(innerHeight / 2);
  /** The feed that hung last. */
  #hanging: Topic = "";
  /** Blocks that are drawn, and those that were: what comes into reach again does not open again. */
  #shownBlocks: readonly string[] = [];
  readonly #opened = new Set<string>();
  /** The block of the picture that was to get the focus last. */
  #wanted = "";
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
        studio.wall.isAdding(this.#topic),
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
      :is(masonry-block, .room) + :is(masonry-block, .room) {
        margin-block-start: ${ROW_GAP}px;
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
      .phone slot {
        display: block;
        margin-inline: var(--gutter);
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

  override willUpdate(): void {
    const { state } = studio.live;
    if (this.#hanging !== this.#topic) this.#opened.clear();
    this.#hanging = this.#topic;
    this.#plan.lay(state.feeds.get(this.#topic)?.blocks ?? [], this.grid, this.#phone, state);
  }

  override updated(): void {
    const drawn = [...this.#drawn().keys()];
    for (const key of this.#shownBlocks) if (!drawn.includes(key)) this.#opened.add(key);
    this.#shownBlocks = drawn;
    // Observed anew after each page: the end may still be in sight.
    const end = this.renderRoot.querySelector(".end");
    this.#end?.disconnect();
    if (end) this.#end?.observe(end);
    void Promise.all([...this.#drawn().values()].map((block) => block.updateComplete)).then(async () => {
      if (this.#plan.total) await (this.#shown ??= shown());
      this.#draw();
    });
  }

  /** How many pictures hang, drawn or not. */
  get hung(): number {
    return this.#plan.total;
  }

  /** Of how many it is known what they show. */
  get atHand(): number {
    return this.#plan.planned.reduce((sum, { block }) => sum + (block.aside ? 0 : block.posts.length), 0);
  }

  /** Return the picture that hangs after or before this one, drawn for it wherever it hangs; null: there is none. */
  async beside(post: string, by: 1 | -1): Promise<PictureCard | null> {
    const { planned } = this.#plan;
    const posts = planned.flatMap(({ block }) => block.posts);
    const at = posts.indexOf(post);
    const next = at < 0 ? undefined : posts[at + by];
    const key = planned.find(({ block }) => next !== undefined && block.posts.includes(next))?.block.key;
    if (next === undefined || key === undefined) return null;
    await studio.wall.takeBack(this.#topic, [key]);
    this.#wanted = key;
    this.requestUpdate();
    await this.updateComplete;
    return (await this.#drawn().get(key)?.cardOf(next)) ?? null;
  }

  /** The blocks that are drawn, by their keys. */
  #drawn(): ReadonlyMap<string, MasonryBlock> {
    const blocks = this.renderRoot.querySelectorAll<MasonryBlock>("masonry-block");
    return new Map([...blocks].map((block) => [block.key, block]));
  }

  readonly #scrolled = (): void => {
    if (Math.abs(scrollY - this.#drawnAt) >= SCROLL_STEP) this.#draw();
  };

  /** Draw what of the wall is near the window; what is far from it is laid aside. */
  #draw(): void {
    const hung = this.renderRoot.querySelector("[role=feed]");
    if (!hung) return;
    this.#drawnAt = scrollY;
    const { top } = hung.getBoundingClientRect();
    this.#plan.look(-top, innerHeight, SCROLL_STEP);
    const drawn = this.#drawn();
    const near = this.#stretches().flatMap((stretch) => (stretch.kind === "block" ? [stretch.key] : []));
    if (near.length !== drawn.size || near.some((key) => !drawn.has(key))) this.requestUpdate();
    else for (const [key, block] of drawn) block.reach = this.#plan.reachOf(this.#plan.find(key)!);
    void studio.wall.takeBack(this.#topic, this.#plan.nearing());
    const far = this.#plan.leaving();
    if (far.size) void studio.wall.layAside(this.#topic, far);
  }

  /** What of the wall is drawn: also the picture that has the focus or is to get it, wherever it hangs. */
  #stretches(): readonly Stretch[] {
    const focused = this.renderRoot.querySelector<MasonryBlock>("masonry-block:focus-within")?.key;
    return this.#plan.stretches([this.#wanted, focused ?? ""]);
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
            ? html`<blank-canvas class="message" line=${say("wall.dark")} sentence=${reasonOf(problem)}>
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
    const total = feed.next ? -1 : this.#plan.total;
    return html`<div
        role="feed"
        aria-label=${say("wall.pictures")}
        aria-busy=${studio.wall.isAdding(this.#topic) ? "true" : "false"}
      >
        ${repeat(
          this.#stretches(),
          ({ key }) => key,
          (stretch) =>
            stretch.kind === "block"
              ? this.#block(stretch.planned, total, phone)
              : html`<div class="room" style="block-size:${stretch.height}px"></div>`,
        )}
      </div>
      ${
        feed.next
          ? html`<div class="end" data-key=${last?.key ?? ""}></div>`
          : html`<p class="older">${last ? say("wall.end") : nothing}</p>`
      }`;
  }

  #block(planned: Planned, total: number, phone: boolean): TemplateResult {
    const { key, posts } = planned.block;
    return html`<masonry-block
      .key=${key}
      .posts=${posts}
      .shape=${planned.shape}
      .grid=${this.grid}
      .reach=${this.#plan.reachOf(planned)}
      .begins=${planned.begins}
      .total=${total}
      ?opens=${!this.#opened.has(key)}
      ?phone=${phone}
      ?first=${!planned.begins}
      ?unsigned=${this.unsigned}
      ?waiting=${planned.block.aside !== undefined}
    ></masonry-block>`;
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
    if (anchor) void this.updateComplete.then(() => requestAnimationFrame(() => this.#keep(anchor)));
  }

  #anchor(): Anchor | null {
    if (scrollY <= 100) return null;
    const hung = [...this.#drawn().values()].flatMap((block) =>
      [...block.renderRoot.querySelectorAll<PictureCard>("picture-card")].map((card) => ({ block, card })),
    );
    const found =
      hung.find(({ card }) => card.matches(":focus-within")) ??
      hung.find(({ card }) => card.getBoundingClientRect().bottom > 100);
    return (
      (found && {
        key: found.block.key,
        post: found.card.post,
        top: found.card.getBoundingClientRect().top,
      }) ??
      null
    );
  }

  /** Laid out anew, the picture may be far from the window and not in the document: the plan knows where it hangs. */
  #keep({ key, post, top }: Anchor): void {
    const planned = this.#plan.find(key);
    const hung = this.renderRoot.querySelector("[role=feed]");
    if (!planned || !hung) return;
    const within = this.#plan.within(planned, post);
    if (within !== null) scrollBy(0, hung.getBoundingClientRect().top + planned.top + within - top);
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
  /** Of its block. */
  readonly key: string;
  readonly post: string;
  readonly top: number;
}

customElements.define("feed-wall", FeedWall);
