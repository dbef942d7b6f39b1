import { css, html, LitElement, type TemplateResult } from "lit";
import { base } from "../styles/base";
import { say } from "../words/words";

const MOST_DABS = 24;

/**
 * N leaning brush marks, one per step: the only shape that says "being painted".
 *
 * done: steps finished; the next one is filling while `active`. A row without `steps` of its own (a palette
 * under a title) is decoration.
 */
export class DabRow extends LitElement {
  static override properties = {
    steps: { type: Number },
    done: { type: Number },
    active: { type: Boolean },
    outlined: { type: Boolean },
    grey: { type: Boolean },
    decoration: { type: Boolean },
    colours: { attribute: false },
    text: { type: String },
  };
  declare steps: number;
  declare done: number;
  declare active: boolean;
  /** The first dab is outlined: work has begun, nothing is painted yet. */
  declare outlined: boolean;
  declare grey: boolean;
  declare decoration: boolean;
  declare colours: readonly string[];
  declare text: string;

  constructor() {
    super();
    this.steps = 10;
    this.done = 0;
    this.active = false;
    this.outlined = false;
    this.grey = false;
    this.decoration = false;
    this.colours = [];
    this.text = "";
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .row {
        display: flex;
        gap: 3px;
        block-size: 7px;
        padding-inline: 1px;
      }
      .dab {
        flex: 1;
        position: relative;
        overflow: hidden;
        border-radius: 2px;
        background: var(--unpainted);
        transform: skewX(var(--lean));
      }
      .fill {
        position: absolute;
        inset: 0;
        transform: scaleX(0);
        transform-origin: 0 50%;
        transition: transform 180ms var(--ease);
      }
      :host(:dir(rtl)) .fill {
        transform-origin: 100% 50%;
      }
      .full .fill {
        transform: none;
      }
      .filling .fill {
        transform: scaleX(0.55);
      }
      .outlined {
        box-shadow: inset 0 0 0 1.5px var(--ink2);
      }
      @media (forced-colors: active) {
        .dab {
          border: 1px solid CanvasText;
        }
        .fill {
          background: CanvasText !important;
          forced-color-adjust: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const dabs = Math.max(1, Math.min(MOST_DABS, this.steps));
    const reached = (this.done / Math.max(1, this.steps)) * dabs;
    const marks = Array.from({ length: dabs }, (_, index) => this.#dab(index, dabs, Math.floor(reached)));
    if (this.decoration) return html`<div class="row" aria-hidden="true">${marks}</div>`;
    return html`<div
      class="row"
      role="progressbar"
      aria-label=${say("card.progress")}
      aria-valuemin="0"
      aria-valuemax=${this.steps}
      aria-valuenow=${Math.min(this.done, this.steps)}
      aria-valuetext=${this.text || say("job.step", { step: this.done, steps: this.steps })}
    >
      ${marks}
    </div>`;
  }

  #dab(index: number, dabs: number, full: number): TemplateResult {
    const state = index < full ? "full" : this.active && index === full ? "filling" : "";
    const outlined = this.outlined && index === 0 ? "outlined" : "";
    const colour = this.grey
      ? "var(--ink3)"
      : (this.colours[Math.floor((index * this.colours.length) / dabs)] ?? "var(--ink2)");
    return html`<span class="dab ${state} ${outlined}"
      ><span class="fill" style="background:${colour}"></span
    ></span>`;
  }
}

customElements.define("dab-row", DabRow);
