import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { isUnderWay } from "../live/standing";
import { base, buttons, floating } from "../styles/base";
import { say } from "../words/words";
import { icon } from "./icons";
import { studio, Watch } from "./studio";

/**
 * The prompt line floating over the wall: it opens the sheet, which takes over what was typed until it is there. My
 * running jobs are stacked beside it.
 */
export class PromptDock extends LitElement {
  static override properties = { draft: { type: String } };
  /** What was written in the sheet and put away unfinished. */
  declare draft: string;

  constructor() {
    super();
    this.draft = "";
    new Watch(this, () => [studio.live.state.own, studio.live.state.generations]);
  }

  static override styles = [
    base,
    buttons,
    floating,
    css`
      :host {
        position: fixed;
        inset-inline: 0;
        inset-block-end: 0;
        z-index: 15;
        display: flex;
        justify-content: center;
        padding: 24px var(--gutter) 26px;
        pointer-events: none;
        background: linear-gradient(transparent, rgb(from var(--wall) r g b / 0.8));
      }
      .dock {
        pointer-events: auto;
        display: flex;
        align-items: center;
        inline-size: min(660px, 100%);
        block-size: 60px;
        padding-inline: 10px;
        border-radius: 30px;
      }
      .line {
        flex: 1;
        align-self: stretch;
        padding-inline: 8px;
        font: italic 420 19px/24px var(--serif);
        color: var(--ink);
        cursor: text;
        border-radius: 20px;
        white-space: nowrap;
        overflow: hidden;
      }
      .line:dir(rtl) {
        font: 500 20px/28px var(--sans);
      }
      .line::placeholder {
        color: var(--ink2);
        opacity: 1;
      }
      .line:focus-visible {
        outline: none;
        box-shadow: none;
      }
      .dock:has(.line:focus-visible) {
        outline: 2px solid var(--ink);
        outline-offset: 2px;
      }
      /* They come with the sheet, a moment later. */
      dock-chips {
        margin-inline-end: 12px;
      }
      dock-chips:not(:defined) {
        display: none;
      }
      @media (max-width: 899px) {
        dock-chips {
          display: none;
        }
      }
      .running {
        display: flex;
        align-items: center;
        margin-inline-end: 12px;
        padding: 4px;
        border-radius: 20px;
        gap: 8px;
        color: var(--ink2);
        font-size: 13px;
      }
      .stack {
        display: flex;
      }
      .stack > * {
        inline-size: 32px;
        block-size: 32px;
        border-radius: 3px;
        margin-inline-start: -18px;
        box-shadow: 0 0 0 2px var(--raised);
      }
      .stack > :first-child {
        margin-inline-start: 0;
      }
      @media (max-height: 600px) {
        :host {
          padding-block: 12px;
        }
      }
      @media (max-width: 719px) {
        :host {
          display: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { own, generations } = studio.live.state;
    const running = own.map((id) => generations.get(id)).filter((job) => isUnderWay(job));
    return html`<div class="dock floating" role="region" aria-label=${say("dock.words")} data-testid="dock">
      <button class="round" aria-label=${say("dock.upload")} @click=${() => this.#open("upload")}>
        ${icon("picture")}
      </button>
      <input
        class="line"
        data-testid="prompt-line"
        autocomplete="off"
        aria-label=${say("dock.words")}
        placeholder=${say("dock.say")}
        dir=${this.draft ? "auto" : nothing}
        .value=${this.draft}
        @pointerdown=${this.#soon}
        @focus=${this.#soon}
        @click=${this.#pressed}
        @input=${() => this.#open()}
        @keydown=${this.#enter}
      />
      ${
        running.length
          ? html`<button
              class="running"
              aria-label=${say("dock.running", { count: running.length })}
              @click=${() => this.#open()}
            >
              <span class="stack"
                >${running.slice(0, 3).map((job) => html`<job-picture .job=${job} words="none"></job-picture>`)}</span
              >
            </button>`
          : nothing
      }
      <dock-chips></dock-chips>
      <button class="button full" @click=${() => this.#open()}>${icon("brush")} ${say("paint")}</button>
    </div>`;
  }

  /** Hand over what was typed here; "" where nothing was. */
  take(): string {
    const line = this.renderRoot.querySelector<HTMLInputElement>(".line");
    const typed = line?.value ?? "";
    if (line) line.value = this.draft;
    return typed === oneLine(this.draft) ? "" : typed;
  }

  /** What was written before is there to be written over, here as in the sheet that comes. */
  #pressed(event: Event): void {
    const line = event.currentTarget as HTMLInputElement;
    if (line.value === oneLine(this.draft)) line.select();
    this.#open();
  }

  /** The sheet will be wanted in a moment. */
  #soon(): void {
    void import("./create-sheet");
  }

  /** As in the sheet, the key sends what was typed. */
  #enter(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.isComposing) return;
    // The sheet may be there at once, and would take the key's break for new words.
    event.preventDefault();
    this.#open(event.shiftKey ? undefined : "send");
  }

  #open(detail?: "upload" | "send"): void {
    this.dispatchEvent(new CustomEvent("paint", { detail, bubbles: true, composed: true }));
  }
}

/** A field of one line takes out the breaks between lines. */
function oneLine(words: string): string {
  return words.replace(/[\r\n]/g, "");
}

customElements.define("prompt-dock", PromptDock);
