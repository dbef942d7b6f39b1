import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Job } from "../live/state";
import { joined } from "../words/figures";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "./dab-row";
import { widthOnEasel } from "./easel-size";
import { icon } from "./icons";
import { Media } from "./media";
import { studio, Watch } from "./studio";

/** More than these are not drawn; the count says how many there are. */
const MOST_CARDS = 40;
/** Less than this is not worth a button. */
const EDGE_PX = 24;
/** Jobs that are over stay until the next block, at most so many of them. */
const MOST_OVER = 6;

/** A window that is no higher has room for the easel or for pictures: then it is one line, until it is asked for. */
const LOW = new Media("(max-height: 600px)");

/** On the easel: the running jobs in one row of fixed height, mine first, scrolling sideways. */
export class EaselRow extends LitElement {
  static override properties = {
    phone: { type: Boolean },
    earlier: { state: true },
    later: { state: true },
    asked: { state: true },
  };
  declare phone: boolean;
  /** Whether there is more to see towards the start and the end of the row. */
  declare earlier: boolean;
  declare later: boolean;
  /** Somebody wants to see what others paint, though the window is low. */
  declare asked: boolean;
  #resize: ResizeObserver | undefined;
  #fetched = false;

  constructor() {
    super();
    this.phone = false;
    this.earlier = false;
    this.later = false;
    this.asked = false;
    LOW.redraws(this);
    new Watch(this, () => {
      const { feeds, generations, own } = studio.live.state;
      const feed = feeds.get(studio.feed);
      return [feed?.easel, feed?.blocks, feed?.loaded, generations, own, studio.live.me, studio.feed];
    });
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: 8px;
        margin-block-end: 9px;
        font-size: 13px;
        line-height: 18px;
        font-variant-numeric: tabular-nums;
        color: var(--ink2);
      }
      h2 {
        font-weight: 600;
        color: var(--ink);
      }
      .row {
        display: flex;
        gap: 20px;
        block-size: 272px;
        margin-inline: calc(-1 * var(--gutter));
        padding-inline: var(--gutter);
        /* Room for the shadow of what hangs here. */
        padding-block-start: 2px;
        overflow-x: auto;
        overflow-y: hidden;
        scrollbar-width: none;
        scroll-padding-inline: var(--gutter);
      }
      .phone .row {
        gap: 12px;
        block-size: 162px;
      }
      .phone .head {
        display: none;
      }
      /* A blank canvas in its place, while what draws it is fetched. */
      generation-card:not(:defined) {
        flex: none;
        block-size: 196px;
        border-radius: 3px;
        background: var(--canvas);
        box-shadow:
          inset 0 0 0 1px var(--ring),
          var(--hang);
      }
      .phone generation-card:not(:defined) {
        block-size: 104px;
      }
      section {
        position: relative;
      }
      /* For a mouse without a sideways wheel. */
      .scroll {
        position: absolute;
        inset-block-start: 108px;
        z-index: 2;
        opacity: 0;
        transition: opacity var(--quick) var(--ease);
      }
      .scroll.earlier {
        inset-inline-start: -14px;
      }
      .scroll.later {
        inset-inline-end: -14px;
      }
      section:hover .scroll {
        opacity: 1;
      }
      @media (hover: none) {
        .scroll {
          display: none;
        }
      }
      .free {
        align-self: flex-start;
        flex: none;
        inline-size: 196px;
        text-align: center;
      }
      .free .canvas {
        display: grid;
        place-items: center;
        block-size: 196px;
        padding: 20px;
        border-radius: 3px;
        box-shadow:
          inset 0 0 0 1px var(--ring),
          var(--hang);
        font-size: calc(21px + var(--taller, 0px));
        line-height: calc(26px + var(--looser, 0px));
        color: var(--ink2);
        text-wrap: balance;
      }
      .free:hover .canvas {
        color: var(--ink);
      }
      .free dab-row {
        margin-block-start: 8px;
      }
      .free .name {
        display: block;
        margin-block-start: 7px;
        font-size: 16px;
        line-height: 22px;
        color: var(--ink3);
        text-align: start;
      }
      .phone .free {
        inline-size: max-content;
      }
      .phone .free :is(.canvas, dab-row) {
        inline-size: 104px;
      }
      .phone .free .canvas {
        block-size: 104px;
        padding: 8px;
        font-size: 15px;
        line-height: 18px;
      }
      .phone .free .name {
        font-size: 13px;
        line-height: 18px;
        white-space: nowrap;
      }
      .phone.folded .row {
        block-size: 54px;
        overflow: visible;
      }
      /* What does not fit beside the first words is not said. */
      .phone.folded .free {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        column-gap: 14px;
        block-size: 40px;
        inline-size: 100%;
        overflow: hidden;
      }
      .phone.folded .free .canvas {
        inline-size: auto;
        block-size: 40px;
        padding-inline: 16px;
        font-size: calc(17px + var(--taller, 0px));
        white-space: nowrap;
      }
      .phone.folded .free .name {
        margin: 0;
        line-height: 40px;
      }
    `,
  ];

  override render(): TemplateResult {
    const jobs = this.#jobs();
    const small = this.phone || LOW.matches;
    const height = small ? 104 : 196;
    const folded = this.#folds(jobs);
    if (this.hasAttribute("idle")) return html`${nothing}`;
    return html`<section
      class="${small ? "phone" : ""} ${folded ? "folded" : ""}"
      aria-label=${say("easel.title")}
      data-testid="easel"
    >
      <div class="head">
        <h2>${say("easel.title")}</h2>
        <span>${summary(jobs)}</span>
      </div>
      <div class="row" tabindex="-1" @scroll=${this.#measure}>
        ${
          jobs.length && !folded
            ? repeat(
                jobs,
                (job) => job.generation.id,
                (job) =>
                  html`<generation-card
                    style="inline-size:${widthOnEasel(job, height)}px"
                    .generation=${job.generation.id}
                    .height=${height}
                  ></generation-card>`,
              )
            : this.#free(jobs, folded)
        }
      </div>
      ${this.earlier ? this.#scroller("earlier", "back", say("easel.before")) : nothing}
      ${this.later ? this.#scroller("later", "forward", say("easel.later")) : nothing}
    </section>`;
  }

  /** The first job brings what draws jobs. */
  override willUpdate(): void {
    const jobs = this.#jobs();
    const feed = studio.live.state.feeds.get(studio.feed);
    // The empty wall invites by itself.
    this.toggleAttribute("idle", !jobs.length && feed?.loaded === true && !feed.blocks.length);
    if (!jobs.length) this.asked = false;
    if (this.#fetched || !jobs.length) return;
    this.#fetched = true;
    void import("./wall-parts");
  }

  override firstUpdated(): void {
    this.#resize = new ResizeObserver(() => this.#measure());
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
  }

  /** Mine are shown; that others paint moves no picture down. */
  #folds(jobs: readonly Job[]): boolean {
    const me = studio.live.me?.id;
    return LOW.matches && !this.asked && !jobs.some((job) => job.generation.author.id === me);
  }

  override updated(): void {
    this.#measure();
  }

  #measure(): void {
    const row = this.renderRoot.querySelector(".row");
    if (!row) return;
    const gone = Math.abs(row.scrollLeft);
    this.earlier = gone > EDGE_PX;
    this.later = row.scrollWidth - row.clientWidth - gone > EDGE_PX;
  }

  /** Not a stop for Tab, which reaches every card and brings it into sight by itself. */
  #scroller(side: "earlier" | "later", name: "back" | "forward", label: string): TemplateResult {
    const scroll = (): void => {
      const row = this.renderRoot.querySelector(".row");
      const sign = (side === "later") === (getComputedStyle(this).direction === "ltr") ? 1 : -1;
      const calm = studio.shade.calm;
      row?.scrollBy({ left: sign * row.clientWidth * 0.8, behavior: calm ? "auto" : "smooth" });
    };
    return html`<button
      class="round on-picture scroll ${side}"
      tabindex="-1"
      aria-label=${label}
      @click=${scroll}
    >
      ${icon(name)}
    </button>`;
  }

  /** Nobody paints: a blank canvas of the same size stands ready; folded, a line says so, or who does. */
  #free(jobs: readonly Job[], folded: boolean): TemplateResult {
    const paint = (): boolean =>
      this.dispatchEvent(new CustomEvent("paint", { bubbles: true, composed: true }));
    const some = jobs.length > 0;
    return html`<button
      class="free"
      aria-expanded=${some ? "false" : nothing}
      @click=${some ? this.#unfold : paint}
    >
      <span class="canvas title">${say(some ? "easel.title" : "easel.line")}</span>
      ${folded ? nothing : html`<dab-row decoration></dab-row>`}
      <span class="name title">${some ? summary(jobs) : say("easel.free")}</span>
    </button>`;
  }

  readonly #unfold = async (): Promise<void> => {
    this.asked = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".row")?.focus({ preventScroll: true });
  };

  #jobs(): Job[] {
    const { feeds, generations, own, gone } = studio.live.state;
    const me = studio.live.me?.id;
    const ids = new Set([...(feeds.get(studio.feed)?.easel ?? [])]);
    // Mine show on every wall while they run, also those that are for me alone.
    for (const id of own) if (!ids.has(id) && isRunning(generations.get(id))) ids.add(id);
    const jobs = [...ids].map((id) => generations.get(id)).filter((job) => job !== undefined);
    const over = jobs.filter((job) => !isRunning(job));
    const dropped = new Set(over.slice(0, Math.max(0, over.length - MOST_OVER)));
    const shown = jobs.filter((job) => !dropped.has(job) && !gone.has(job.generation.id));
    const mine = shown.filter((job) => job.generation.author.id === me);
    return [...mine, ...shown.filter((job) => job.generation.author.id !== me)].slice(0, MOST_CARDS);
  }
}

function isRunning(job: Job | undefined): boolean {
  return job !== undefined && ["queued", "starting", "painting", "finishing"].includes(job.stage);
}

function summary(jobs: readonly Job[]): string {
  const waiting = jobs.filter((job) => job.stage === "queued").length;
  const painting = jobs.filter((job) => job.stage === "starting" || job.stage === "painting").length;
  return joined([
    painting ? say("easel.painting", { count: painting }) : "",
    waiting ? say("easel.waiting", { count: waiting }) : "",
  ]);
}

customElements.define("easel-row", EaselRow);
