import { css, html, LitElement, type TemplateResult } from "lit";
import type { Topic } from "../live/protocol";
import { waitingIn } from "../live/words";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import { pictureUrl } from "./picture-frame";
import { studio, Watch } from "./studio";
import { takeCard } from "./take-card";

const THUMBS = 3;
/** How much further each picture reaches than the one it lies over, px. */
const STEP = 20;
/** Room is kept for numbers as wide as this one. */
const WIDE = 888;

/** New pictures wait here, in the seam where their block will open; scrolled away it floats under the bar. */
export class NewPill extends LitElement {
  static override properties = {
    phone: { type: Boolean },
    feed: { type: String },
    away: { state: true },
  };
  declare phone: boolean;
  /** The feed whose pictures wait; without one, the feed that is on the wall. */
  declare feed: Topic;
  /** The seam is out of sight. */
  declare away: boolean;
  #observer: IntersectionObserver | undefined;

  constructor() {
    super();
    this.phone = false;
    this.feed = "";
    this.away = false;
    new Watch(this, () => {
      const feed = studio.live.state.feeds.get(this.#topic);
      return [feed?.pending, feed?.gap, feed?.overflow, feed?.uncounted];
    });
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        block-size: 70px;
      }
      .seam {
        display: flex;
        align-items: center;
        justify-content: center;
        position: relative;
        block-size: 60px;
      }
      /* One line behind the pill, which grows over it: pieces beside it would move. */
      .seam::before {
        content: "";
        position: absolute;
        inset-inline: 0;
        block-size: 1px;
        background: var(--seam, var(--line));
      }
      .seam > * {
        pointer-events: auto;
      }
      .pill {
        display: flex;
        align-items: center;
        gap: 10px;
        block-size: 44px;
        padding-inline: 7px 18px;
        position: relative;
        isolation: isolate;
        border-radius: 22px;
        color: var(--wall);
        font-weight: 600;
        white-space: nowrap;
        animation: rise var(--step) var(--ease);
      }
      /* Only as much of it is drawn as there are pictures: one that comes moves nothing. */
      .pill::before {
        content: "";
        position: absolute;
        z-index: -1;
        inset: 0;
        border-radius: 22px;
        background: var(--ink);
        clip-path: inset(0 0 0 var(--blank) round 22px);
      }
      :host(:dir(rtl)) .pill::before {
        clip-path: inset(0 var(--blank) 0 0 round 22px);
      }
      .pill:focus-visible {
        outline: none;
        box-shadow: none;
      }
      .pill:focus-visible::after {
        content: "";
        position: absolute;
        inset: 0;
        inset-inline-start: var(--blank);
        border-radius: 22px;
        outline: 2px solid var(--ink);
        outline-offset: 3px;
        box-shadow: 0 0 0 3px var(--wall);
      }
      .seam > :is(.pill, .gap) {
        position: relative;
        box-shadow: 0 0 0 18px var(--wall);
        clip-path: inset(0 -18px);
      }
      .seam > .pill {
        background: var(--wall);
        clip-path: inset(0 -18px 0 calc(var(--blank) - 18px));
      }
      :host(:dir(rtl)) .seam > .pill {
        clip-path: inset(0 calc(var(--blank) - 18px) 0 -18px);
      }
      .seam > .pill:focus-visible {
        clip-path: none;
      }
      .words {
        display: grid;
        font-variant-numeric: tabular-nums;
      }
      .words > * {
        grid-area: 1 / 1;
      }
      /* The plus of "999+" stands in the padding. */
      .words > :first-child {
        margin-inline-end: -12px;
      }
      /* As wide as for any number of pictures that comes to pass while one reads. */
      .widest {
        visibility: hidden;
      }
      .pill:active {
        transform: scale(0.97);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: scale(0.94);
        }
      }
      /* From the words outwards, so that the next one moves none. */
      .thumbs {
        display: flex;
        flex-direction: row-reverse;
      }
      .thumbs > * {
        inline-size: 30px;
        block-size: 30px;
        border-radius: 50%;
        object-fit: cover;
        border: 2px solid var(--ink);
        margin-inline-end: -10px;
        background: var(--canvas);
      }
      .thumbs i {
        visibility: hidden;
      }
      .thumbs > :first-child {
        margin-inline-end: 0;
      }
      .floating-pill {
        position: fixed;
        z-index: 19;
        inset-block-start: calc(var(--bar) + 10px);
        inset-inline: 0;
        display: flex;
        justify-content: center;
        pointer-events: none;
      }
      .floating-pill .pill {
        pointer-events: auto;
        filter: drop-shadow(0 12px 16px rgb(0 0 0 / 0.35));
      }
      .gap {
        flex: none;
        display: flex;
        align-items: center;
        block-size: 44px;
        inline-size: min(560px, 70%);
        color: var(--ink2);
        font-size: 13px;
        background: repeating-linear-gradient(-65deg, var(--line) 0 1.5px, transparent 1.5px 8px);
      }
      .gap span {
        background: var(--wall);
        margin-inline-start: 16px;
        padding-inline: 6px;
      }
      :host([phone]) {
        block-size: 0;
        position: relative;
        z-index: 3;
      }
      :host([phone]) .seam {
        position: absolute;
        inset-inline: 0;
        inset-block-start: 6px;
        justify-content: center;
      }
      :host([phone]) .seam::before {
        display: none;
      }
      :host([phone]) .seam > .pill {
        background: none;
        clip-path: none;
        box-shadow: none;
        filter: drop-shadow(0 8px 10px rgb(0 0 0 / 0.35));
      }
      :host([phone]) .floating-pill {
        inset-block-start: calc(104px + env(safe-area-inset-top, 0px));
      }
    `,
  ];

  override firstUpdated(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1);
        if (entry) this.away = !entry.isIntersecting && entry.boundingClientRect.top < 80;
      },
      { rootMargin: "-60px 0px 0px 0px" },
    );
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  override render(): TemplateResult {
    const feed = studio.live.state.feeds.get(this.#topic);
    const pending = feed?.pending ?? [];
    if (feed?.gap) {
      return html`<div class="seam">
        <p class="gap"><span>${say("new.gap")}</span></p>
      </div>`;
    }
    const waiting = waitingIn(feed);
    if (!waiting) return html`<div class=${this.phone ? "" : "seam"}></div>`;
    const pill = this.#pill(pending, waiting);
    return this.away
      ? html`<div class="seam"></div>
          <div class="floating-pill">${pill}</div>`
      : html`<div class="seam">${pill}</div>`;
  }

  #pill(pending: readonly string[], total: number | string): TemplateResult {
    const { posts } = studio.live.state;
    const thumbs = pending
      .slice(0, THUMBS)
      .map((id) => posts.get(id)?.media.sha256 ?? "")
      .filter(Boolean);
    // One after the other: a place that is filled moves none of those that are not.
    const places = Array.from({ length: THUMBS }, (_, place) => thumbs[place]);
    const words = (n: number | string): string => say("new.pictures", { count: n });
    const short = (n: number | string): string => (this.phone ? say("new.short", { count: n }) : words(n));
    return html`<button
      class="pill"
      style="--blank:${blankBefore(thumbs.length)}px"
      data-testid="new-pill"
      aria-label=${words(total)}
      @click=${this.#open}
    >
      <span class="thumbs"
        >${places.map((sha256) =>
          sha256 ? html`<img src=${pictureUrl(sha256, 256)} alt="" width="30" height="30" />` : html`<i></i>`,
        )}</span
      >
      <span class="words"
        ><span>${short(total)}</span><span class="widest" aria-hidden="true">${short(WIDE)}</span></span
      >
    </button>`;
  }

  get #topic(): Topic {
    return this.feed || studio.feed;
  }

  /** The pill goes, if what is behind it comes: where it had the focus, the first of those pictures takes it. */
  async #open(): Promise<void> {
    const focused = this.shadowRoot?.activeElement !== null;
    if (!(await studio.wall.openPending(this.#topic))) return;
    this.dispatchEvent(new CustomEvent("opened", { bubbles: true, composed: true }));
    const first = studio.live.state.feeds.get(this.#topic)?.blocks[0]?.posts[0];
    if (focused) void takeCard(this.getRootNode() as ShadowRoot, first);
  }
}

/** Return how wide the places of pictures are that do not wait, px; without any, the words stand as far in as at their end. */
function blankBefore(thumbs: number): number {
  return thumbs ? (THUMBS - thumbs) * STEP : THUMBS * STEP + 9;
}

customElements.define("new-pill", NewPill);
