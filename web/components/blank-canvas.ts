import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { base } from "../styles/base";

/** Nothing here, gone, or broken: a blank canvas with a line in italics, one sentence, and a place for one button. */
export class BlankCanvas extends LitElement {
  static override properties = { line: { type: String }, sentence: { type: String } };
  declare line: string;
  declare sentence: string;

  constructor() {
    super();
    this.line = "";
    this.sentence = "";
  }

  static override styles = [
    base,
    css`
      /* A canvas has the shape of a picture, on a wide wall too. */
      :host {
        display: block;
        max-inline-size: 720px;
        margin-inline: auto;
      }
      .canvas {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: 8px;
        min-block-size: inherit;
        block-size: 100%;
        padding: 44px 28px;
        border-radius: 3px;
        text-align: center;
      }
      .title {
        font-size: calc(21px + var(--taller, 0px));
        line-height: calc(26px + var(--looser, 0px));
      }
      .sentence {
        color: var(--ink2);
        max-inline-size: 40ch;
        text-wrap: balance;
      }
      slot {
        display: block;
        margin-block-start: 8px;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<div class="canvas">
      <p class="title">${this.line}</p>
      ${this.sentence ? html`<p class="sentence">${this.sentence}</p>` : nothing}
      <slot></slot>
    </div>`;
  }
}

customElements.define("blank-canvas", BlankCanvas);
