import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { JOB_EVENTS } from "../live/easel";
import { paletteFor } from "../live/palette";
import { pathOfJob } from "../live/job-place";
import { pathOfPerson } from "../live/route";
import { isUnderWay } from "../live/standing";
import type { Job } from "../live/state";
import { jobWords, lossWords } from "../live/job-words";
import { capped, isUpright } from "../live/words";
import { joined, seconds } from "../words/figures";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "./dab-row";
import { PHONE_HEIGHT, widthOnEasel } from "./easel-size";
import { icon } from "./icons";
import "./job-picture";
import "./person-avatar";
import { studio, Watch } from "./studio";

/**
 * One picture being painted: one element, one size, through all its states. The frame, the dabs and the
 * label's height are there from the start; only what they show changes.
 *
 * variant: "easel" for the row above the feed, "line" for the create sheet, with what can be done about it; `plain`: only
 * the picture and how far it is.
 */
export class GenerationCard extends LitElement {
  static override properties = {
    job: { state: true },
    generation: { type: String },
    variant: { type: String, reflect: true },
    height: { type: Number },
  };
  declare job: Job | undefined;
  declare generation: string;
  declare variant: "easel" | "line";
  declare height: number;
  constructor() {
    super();
    this.generation = "";
    this.variant = "easel";
    this.height = 196;
    new Watch(this, () => [
      studio.live.state.generations.get(this.generation),
      studio.live.me,
      studio.live.connection.phase === "live",
    ]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        flex: none;
      }
      .hang {
        display: block;
        border-radius: 3px;
        box-shadow: var(--hang);
      }
      dab-row {
        margin-block-start: 8px;
      }
      .framed {
        position: relative;
      }
      .cancel {
        position: absolute;
        inset-block-start: 4px;
        inset-inline-end: 4px;
        inline-size: 28px;
        block-size: 28px;
      }
      .name {
        font-size: 16px;
        line-height: 22px;
        margin-block-start: 7px;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .waiting.name {
        color: var(--ink3);
      }
      .label {
        display: flex;
        align-items: center;
        gap: 8px;
        margin-block-start: 3px;
        block-size: 22px;
        font-size: 13px;
        line-height: 18px;
        font-variant-numeric: tabular-nums;
        color: var(--ink2);
        white-space: nowrap;
      }
      .label .who {
        display: flex;
        align-items: center;
        gap: 8px;
        color: var(--ink);
        min-inline-size: 0;
      }
      .label .who bdi {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .label .rest {
        margin-inline-start: auto;
        flex: none;
      }
      .words-line {
        font-size: 13px;
        line-height: 18px;
        font-variant-numeric: tabular-nums;
        color: var(--ink2);
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .words-line b {
        font-weight: 600;
        color: var(--ink);
      }
      .bad,
      .words-line .bad,
      .bad b {
        color: var(--bad);
      }
      .refusal {
        display: inline-block;
        vertical-align: -3px;
        margin-inline-end: 6px;
      }
      .act {
        margin-block-start: 8px;
        min-block-size: 32px;
        display: flex;
        gap: 8px;
      }
      :host([variant="line"]) {
        display: grid;
        grid-template-columns: 68px minmax(0, 1fr) auto;
        gap: 0 13px;
        align-items: center;
      }
      :host([variant="line"]) .hang {
        grid-row: 1 / 4;
      }
      :host([variant="line"]) .name {
        margin: 0;
        font-size: 17px;
        grid-column: 2;
      }
      :host([variant="line"]) dab-row {
        margin: 3px 0 2px;
        grid-column: 2;
      }
      :host([variant="line"]) .words-line {
        grid-column: 2;
      }
      :host([variant="line"]) .act {
        grid-column: 3;
        grid-row: 1 / 4;
        margin: 0;
      }
      :host([variant="line"]) .act:not(:has(.round)):not(:has(a)) {
        grid-column: 2;
        grid-row: 4;
        margin-block-start: 8px;
      }
      :host([variant="line"]) .act:empty,
      :host([plain]) :is(.name, .act) {
        display: none;
      }
      :host([variant="line"][plain]) {
        grid-template-rows: 1fr 1fr;
      }
      :host([plain]) .hang {
        grid-row: 1 / 3;
      }
      :host([plain]) dab-row {
        align-self: end;
      }
      :host([plain]) .words-line {
        align-self: start;
      }
      .phone .name,
      .phone .who {
        display: none;
      }
      .phone .label .rest {
        margin-inline-start: 0;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.generation) studio.viewport.watch(this, `generation:${this.generation}`, JOB_EVENTS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    studio.viewport.unwatch(this);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("generation") && this.generation && this.isConnected) {
      studio.viewport.watch(this, `generation:${this.generation}`, JOB_EVENTS);
    }
    const job = studio.live.state.generations.get(this.generation);
    // How long it takes is known only as long as the server is heard.
    this.job = job && studio.live.connection.phase !== "live" ? { ...job, etaS: null } : job;
  }

  override render(): TemplateResult {
    const job = this.job;
    if (!job) return html`${nothing}`;
    switch (this.variant) {
      case "easel":
        return this.#onEasel(job);
      case "line":
        return html`${this.#picture(job)}
          <p class="title name ${uprightness(job)}" dir="auto">${job.generation.prompt}</p>
          ${this.#dabs(job)}${this.#wordsLine(job)}
          <div class="act">${this.#act(job)}</div>`;
    }
  }

  #onEasel(job: Job): TemplateResult {
    const phone = this.height < PHONE_HEIGHT;
    const blank = job.stage === "queued" || job.stage === "refused";
    const words = jobWords(job, this.#mine(job));
    const author = job.generation.author;
    return html`<div
      class=${phone ? "phone" : ""}
      data-testid="generation-card"
      data-generation=${job.generation.id}
      data-state=${job.stage}
      data-step=${job.step}
      style="inline-size:${this.#width(job)}px"
    >
      <div class="framed">
        ${this.#picture(job)}${this.#mine(job) && isUnderWay(job) ? this.#cancel(job) : nothing}
      </div>
      ${this.#dabs(job)}
      ${
        blank
          ? html`<p class="title name waiting">${blankTitle(job)}</p>`
          : html`<p class="title name ${uprightness(job)}" dir="auto">${job.generation.prompt}</p>`
      }
      <div class="label">
        <a class="who" href=${pathOfPerson(author.handle)}>
          <person-avatar .user=${author} .size=${20}></person-avatar><bdi>${author.handle}</bdi>
        </a>
        <span class="rest ${words.bad ? "bad" : ""}" title=${words.rest}>${shortly(job, words.strong)}</span>
      </div>
    </div>`;
  }

  #picture(job: Job): TemplateResult {
    const { width, height } = this.#box(job);
    const small = this.variant === "easel" && this.height < PHONE_HEIGHT;
    const picture = html`<job-picture
      style=${`block-size:${height};aspect-ratio:${this.#ratio(job)}`}
      .job=${job}
      .words=${this.variant === "line" ? "none" : small ? "small" : "usual"}
    ></job-picture>`;
    const style = `inline-size:${width}`;
    const done = job.stage === "posted" || job.stage === "finishing";
    return done && (job.posted || this.#mine(job))
      ? html`<a
          class="hang"
          style=${style}
          href=${pathOfJob(job)}
          aria-label=${say("card.open", { title: capped(job.generation.prompt) })}
        >
          ${picture}
        </a>`
      : this.variant === "easel" && this.#mine(job)
        ? html`<button
            class="hang"
            style=${style}
            aria-label=${say("card.on-your-easel", { title: capped(job.generation.prompt) })}
            @click=${() => this.dispatchEvent(new CustomEvent("paint", { bubbles: true, composed: true }))}
          >
            ${picture}
          </button>`
        : html`<div class="hang" style=${style}>${picture}</div>`;
  }

  #dabs(job: Job): TemplateResult {
    const words = jobWords(job, this.#mine(job));
    const painting = job.stage === "painting";
    const stopped = job.stage === "failed" || job.stage === "aborted";
    const full = job.stage === "finishing" || job.stage === "posted";
    const done = full ? job.steps : painting || stopped ? Math.max(0, job.step - 1) : 0;
    const over = stopped || job.stage === "posted" || job.stage === "cancelled" || job.stage === "refused";
    return html`<dab-row
      ?decoration=${over}
      .steps=${job.steps}
      .done=${done}
      .active=${painting}
      .outlined=${job.stage === "starting"}
      .grey=${stopped}
      .colours=${paletteFor(job.palette, studio.theme)}
      .text=${joined([words.strong, words.rest])}
    ></dab-row>`;
  }

  #wordsLine(job: Job): TemplateResult {
    const { strong, rest, bad } = jobWords(job, this.#mine(job));
    return html`<p class="words-line ${bad ? "bad" : ""}" title=${rest}>
      ${job.stage === "refused" ? html`<span class="refusal">${icon("refused", 15)}</span>` : nothing}<b>${strong}</b>${rest ? ` · ${rest}` : ""}
    </p>`;
  }

  #act(job: Job): TemplateResult {
    const button = (label: string, act: () => void): TemplateResult =>
      html`<button class="button outlined small" @click=${act}>${label}</button>`;
    const again = (): void => void studio.easel.again(job, studio.feed);
    // Of somebody else's there is nothing to be done before it hangs.
    if (!this.#mine(job) && job.stage !== "posted") return html`${nothing}`;
    switch (job.stage) {
      case "queued":
      case "starting":
      case "painting":
        return this.#cancel(job);
      case "refused":
        return button(say("card.change-words"), () => this.#changeWords(job));
      case "failed":
      case "aborted":
        return button(say("try-again"), again);
      case "cancelled":
        return button(say("card.paint-again"), again);
      case "finishing":
        return html`${nothing}`;
      case "posted":
        return html`<a class="button outlined small" href=${pathOfJob(job)}>${say("view")}</a>`;
    }
  }

  #cancel({ generation: { id, prompt } }: Job): TemplateResult {
    const over = this.variant === "easel";
    return html`<button
      class="round ${over ? "on-picture cancel" : ""}"
      aria-label=${say("card.cancel", { title: capped(prompt) })}
      @click=${() => void studio.easel.cancel(id)}
    >
      ${icon("close", over ? 14 : undefined)}
    </button>`;
  }

  #changeWords(job: Job): void {
    studio.easel.forget(job.generation.id, studio.feed);
    this.dispatchEvent(
      new CustomEvent("change-words", { detail: job.generation, bubbles: true, composed: true }),
    );
  }

  #ratio(job: Job): string {
    return this.variant === "easel" ? `${this.#width(job)}/${this.height}` : "1";
  }

  #width(job: Job): number {
    return widthOnEasel(job, this.height);
  }

  #box(job: Job): { width: string; height: string } {
    if (this.variant === "line") return { width: "68px", height: "68px" };
    return { width: `${this.#width(job)}px`, height: `${this.height}px` };
  }

  #mine(job: Job): boolean {
    return job.generation.author.id === studio.live.me?.id;
  }
}

/** What stands under a canvas that shows nothing. */
function blankTitle(job: Job): string {
  if (job.stage === "refused") return say("card.not-painted");
  return job.retry ? lossWords(job.retry) : say("card.waiting");
}

function uprightness(job: Job): string {
  return isUpright(job.generation.prompt) ? "upright" : "";
}

/** The short form of the label, beside a handle: "6 of 10 · 5 s". */
function shortly(job: Job, strong: string): string {
  const eta = job.etaS === null ? "" : ` · ${seconds(Math.max(1, Math.round(job.etaS)))}`;
  if (job.stage === "painting") return say("job.step-short", { step: job.step, steps: job.steps }) + eta;
  return job.stage === "queued" ? strong + eta : strong;
}

customElements.define("generation-card", GenerationCard);
