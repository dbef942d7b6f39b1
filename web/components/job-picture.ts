import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Job, Preview } from "../live/state";
import { capped, isUpright } from "../live/words";
import { base } from "../styles/base";
import { say } from "../words/words";
import { pictureUrl } from "./picture-frame";
import { studio } from "./studio";

/** Object URLs in use: the preview in front, the one it fades over, and one that may be loading still. */
const URLS = 3;
const CALM_MS = 1_000;

/** The canvas of a job: blank with its title, then each preview fading in over the one before, then the picture. */
export class JobPicture extends LitElement {
  static override properties = {
    job: { attribute: false },
    words: { type: String },
  };
  declare job: Job | null;
  /** How large the title is written on the canvas. */
  declare words: "usual" | "small" | "none";
  /** What is shown now, and what it fades over. */
  #front = "";
  #behind = "";
  #shown: Preview | string | null = null;
  #owned: string[] = [];
  #shownAt = -CALM_MS;

  constructor() {
    super();
    this.job = null;
    this.words = "usual";
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        overflow: hidden;
        border-radius: 3px;
        isolation: isolate;
      }
      .canvas,
      .paint,
      img,
      .light {
        position: absolute;
        inset: 0;
      }
      .canvas {
        border-radius: 3px;
      }
      img {
        inline-size: 100%;
        block-size: 100%;
        object-fit: cover;
      }
      .paint {
        transition: opacity var(--step) var(--ease);
      }
      .front {
        opacity: 0;
        transition: opacity var(--step) var(--ease);
      }
      .front.here {
        opacity: 1;
      }
      .starting .paint {
        opacity: 0.28;
        filter: blur(3px);
      }
      :is(.failed, .aborted) .paint {
        opacity: 0.55;
        filter: grayscale(1);
      }
      .cancelled .paint {
        opacity: 0.22;
      }
      .title {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        padding: 20px;
        text-align: center;
        text-wrap: balance;
        font-size: calc(21px + var(--taller, 0px));
        line-height: calc(26px + var(--looser, 0px));
        color: var(--ink2);
      }
      .title span {
        display: -webkit-box;
        -webkit-line-clamp: 5;
        -webkit-box-orient: vertical;
        overflow: hidden;
      }
      .small .title {
        padding: 8px;
        font-size: calc(15px + var(--taller, 0px));
        line-height: calc(18px + var(--looser, 0px));
      }
      .refused .title {
        color: var(--ink3);
      }
      .starting .title {
        color: var(--ink);
      }
      .light {
        background: linear-gradient(115deg, transparent 30%, rgb(255 255 255 / 0.38) 48%, transparent 66%);
        /* Nothing passes where less motion is wanted. */
        animation: dry calc(700ms * var(--motion)) 120ms var(--ease) both;
      }
      @keyframes dry {
        from {
          transform: translateX(-100%);
        }
        to {
          transform: translateX(100%);
        }
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A row that is put in another order takes its cards out and in again within one turn: they keep what they show.
    queueMicrotask(() => {
      if (!this.isConnected) this.#release();
    });
  }

  #release(): void {
    for (const url of this.#owned) URL.revokeObjectURL(url);
    this.#owned = [];
    this.#front = this.#behind = "";
    this.#shown = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("job") as Job | null | undefined;
    if (before && before.generation.id !== this.job?.generation.id) this.#front = this.#behind = "";
    if (this.job) this.#take(this.job);
  }

  override render(): TemplateResult {
    const job = this.job;
    if (!job) return html`${nothing}`;
    const painted = this.#front && job.stage !== "refused" && job.stage !== "queued";
    const worded = this.words !== "none" && (!painted || job.stage === "starting");
    const title = job.generation.prompt;
    return html`<span class="canvas ${job.stage} ${this.words}">
      ${painted ? this.#paint(altOf(job)) : nothing}
      ${
        worded
          ? html`<span class="title ${isUpright(title) ? "upright" : ""}" dir="auto"
              ><span>${title}</span></span
            >`
          : nothing
      }
      ${job.stage === "finishing" ? html`<span class="light"></span>` : nothing}
    </span>`;
  }

  /** A new element for each preview, so that it fades in over the one before once it is decoded. */
  #paint(alt: string): TemplateResult {
    const show = (event: Event): void => (event.target as HTMLElement).classList.add("here");
    const front = html`<img
      class="front"
      data-testid="preview"
      src=${this.#front}
      alt=${alt}
      @load=${show}
    />`;
    return html`<span class="paint">
      ${this.#behind ? html`<img src=${this.#behind} alt="" />` : nothing} ${keyed(this.#front, front)}
    </span>`;
  }

  #take(job: Job): void {
    const next = job.sha256 ?? job.preview;
    if (next === null || next === this.#shown || (studio.live.paused && this.#shown)) return;
    const now = performance.now();
    if (typeof next !== "string" && now - this.#shownAt < this.#pause()) return;
    this.#shown = next;
    this.#shownAt = now;
    const url = typeof next === "string" ? pictureUrl(next, 512) : this.#urlOf(next);
    if (!url || url === this.#front) return;
    this.#behind = this.#front;
    this.#front = url;
  }

  /** Who asked for less motion sees a preview a second at most. */
  #pause(): number {
    return studio.shade.calm ? CALM_MS : 0;
  }

  #urlOf(preview: Preview): string {
    if (!preview.bytes) return preview.url ?? "";
    const url = URL.createObjectURL(new Blob([preview.bytes]));
    this.#owned.push(url);
    while (this.#owned.length > URLS) URL.revokeObjectURL(this.#owned.shift() ?? "");
    return url;
  }
}

function altOf({ stage, generation }: Job): string {
  const title = capped(generation.prompt);
  switch (stage) {
    case "posted":
    case "finishing":
      return title;
    case "cancelled":
    case "failed":
    case "aborted":
      return say("alt.unfinished", { title });
    default:
      return say("alt.painting", { title });
  }
}

customElements.define("job-picture", JobPicture);
