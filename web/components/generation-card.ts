import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { JOB_EVENTS } from "../live/easel";
import { paletteFor } from "../live/palette";
import { pathOfJob } from "../live/job-place";
import { pathOfPerson } from "../live/route";
import { isUnderWay } from "../live/standing";
import type { Job } from "../live/state";
import { jobWords, lossWords, type JobWords } from "../live/job-words";
import { capped, isUpright } from "../live/words";
import { joined, seconds } from "../words/figures";
import { base, buttons } from "../styles/base";
import { generationCard } from "../styles/generation-card";
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

  static override styles = [base, buttons, generationCard];

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
          ? html`<p class="title name waiting">${blankTitle(job, words)}</p>`
          : html`<p class="title name ${uprightness(job)}" dir="auto">${job.generation.prompt}</p>`
      }
      <div class="label">
        <a class="who" href=${pathOfPerson(author.handle)}>
          <person-avatar .user=${author} .size=${20}></person-avatar><bdi>${author.handle}</bdi>
        </a>
        ${this.#short(job, words, phone)}
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
    const sign =
      job.stage === "refused" ? html`<span class="refusal">${icon("refused", 15)}</span>` : nothing;
    const more = html`<span class="part"><span class="dot"> · </span>${rest}</span>`;
    return html`<p class="words-line ${bad ? "bad" : ""}" title=${rest}>
      <span
        ><span class="part">${sign}<b>${strong}</b></span
        >${rest ? more : nothing}</span
      >
    </p>`;
  }

  /** The short form of the label, beside a handle: "6 of 10 · 5 s". How long it takes is never cut off. */
  #short(job: Job, words: JobWords, phone: boolean): TemplateResult {
    const eta = job.etaS === null ? "" : seconds(Math.max(1, Math.round(job.etaS)));
    const place = job.stage === "queued" && !job.retry && job.place;
    const what =
      job.stage === "painting"
        ? say("job.step-short", { step: job.step, steps: job.steps })
        : !place
          ? words.strong
          : phone
            ? say("job.place-short", { place })
            : "";
    const timed = eta && (job.stage === "painting" || job.stage === "queued");
    const time = timed ? html`<span>${what && " · "}${eta}</span>` : nothing;
    return html`<span class="rest ${words.bad ? "bad" : ""}" title=${words.rest}
      ><span class="what">${what}</span>${time}</span
    >`;
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
function blankTitle(job: Job, { strong }: JobWords): string {
  if (job.stage === "refused") return say("card.not-painted");
  if (job.retry) return lossWords(job.retry);
  return job.place ? strong : say("card.waiting");
}

function uprightness(job: Job): string {
  return isUpright(job.generation.prompt) ? "upright" : "";
}

customElements.define("generation-card", GenerationCard);
