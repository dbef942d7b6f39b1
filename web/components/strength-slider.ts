import { css, html, LitElement, type TemplateResult } from "lit";
import { base } from "../styles/base";
import { say } from "../words/words";

/** How far a remix goes from its parent: from faithful to free. Tells `choose` with 0 to 1. */
export class StrengthSlider extends LitElement {
  static override properties = { value: { type: Number } };
  declare value: number;

  constructor() {
    super();
    this.value = 0;
  }

  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 10px;
        min-block-size: 36px;
        max-inline-size: 100%;
        padding-inline: 14px;
        border-radius: 18px;
        background: var(--chip);
        color: var(--ink2);
        font-size: 13px;
        line-height: 18px;
        white-space: nowrap;
      }
      input {
        --done: calc(var(--value) * (100% - 12px) + 6px);
        appearance: none;
        flex: 1;
        inline-size: 130px;
        min-inline-size: 60px;
        block-size: 36px;
        cursor: pointer;
        background: linear-gradient(to right, var(--ink) var(--done), var(--edge) var(--done)) center / 100%
          3px no-repeat;
      }
      input:dir(rtl) {
        background-image: linear-gradient(to left, var(--ink) var(--done), var(--edge) var(--done));
      }
      /* The thumb is a dab. */
      input::-webkit-slider-thumb {
        appearance: none;
        inline-size: 12px;
        block-size: 20px;
        border-radius: 2px;
        background: var(--ink);
        transform: skewX(-20deg);
      }
      input::-moz-range-thumb {
        inline-size: 12px;
        block-size: 20px;
        border: 0;
        border-radius: 2px;
        background: var(--ink);
        transform: skewX(-20deg);
      }
      input:dir(rtl)::-webkit-slider-thumb {
        transform: skewX(20deg);
      }
      input:dir(rtl)::-moz-range-thumb {
        transform: skewX(20deg);
      }
      input:focus-visible {
        outline-offset: 2px;
        border-radius: 6px;
        box-shadow: none;
      }
      @media (max-width: 719px) {
        :host {
          inline-size: 100%;
        }
      }
      @media (pointer: coarse) {
        input {
          block-size: 44px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<span aria-hidden="true">${say("paint.faithful")}</span>
      <input
        type="range"
        min="0"
        max="1"
        step="0.05"
        aria-label=${say("paint.freedom")}
        aria-valuetext=${say("paint.percent-free", { percent: Math.round(100 * this.value) })}
        data-testid="strength"
        .value=${String(this.value)}
        style="--value:${this.value}"
        @input=${this.#choose}
      />
      <span aria-hidden="true">${say("paint.free")}</span>`;
  }

  #choose(event: Event): void {
    this.value = (event.target as HTMLInputElement).valueAsNumber;
    this.dispatchEvent(new CustomEvent<number>("choose", { detail: this.value }));
  }
}

customElements.define("strength-slider", StrengthSlider);
