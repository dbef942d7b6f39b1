import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Generator } from "../live/generators";
import type { PaintChoice } from "../live/paint-choice";
import { GeneratorList } from "./generator-list";
import "./paint-options";
import { studio } from "./studio";
import { rememberChoice, usualChoice } from "./usual-choice";

/** In which shape the next picture is painted, and by whom: beside the line in the dock. */
export class DockChips extends LitElement {
  static override properties = { generators: { attribute: false } };
  /** What can paint; null: what the server says. */
  declare generators: readonly Generator[] | null;
  readonly #list = new GeneratorList(this, () => this.generators);
  #deaf: () => void = () => undefined;

  constructor() {
    super();
    this.generators = null;
  }

  static override styles = css`
    :host {
      display: flex;
      gap: 8px;
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#deaf = studio.choices.listen(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#deaf();
  }

  override render(): TemplateResult | typeof nothing {
    // All at once: a chip that comes later would push the others aside.
    if (!this.#list.all.length) return nothing;
    const choice = usualChoice();
    return html`<paint-options
      shows="dock"
      .choice=${choice}
      .generators=${this.#list.all}
      @choose=${(event: CustomEvent<PaintChoice>) => rememberChoice(choice, event.detail)}
    ></paint-options>`;
  }
}

customElements.define("dock-chips", DockChips);
