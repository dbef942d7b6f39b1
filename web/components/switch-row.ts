import { css, html, LitElement, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { base } from "../styles/base";
import { dabSwitch } from "../styles/dab-switch";
import { settingRow } from "../styles/setting-row";

/** A line with a switch at its end: what it turns on, and a sentence about it. Tells `choose`; `on` is its owner's. */
export class SwitchRow extends LitElement {
  static override properties = {
    name: { type: String },
    label: { type: String },
    sentence: { type: String },
    on: { type: Boolean },
    busy: { type: Boolean },
    disabled: { type: Boolean },
  };
  declare name: string;
  declare label: string;
  declare sentence: string;
  declare on: boolean;
  /** It was pressed, and it is not known yet what comes of it. */
  declare busy: boolean;
  declare disabled: boolean;

  constructor() {
    super();
    this.name = "";
    this.label = "";
    this.sentence = "";
    this.on = false;
    this.busy = false;
    this.disabled = false;
  }

  static override styles = [
    base,
    dabSwitch,
    settingRow,
    css`
      :host {
        display: block;
      }
      .row {
        flex-wrap: nowrap;
        cursor: pointer;
      }
      .row:has(:disabled) {
        cursor: default;
      }
      [aria-busy="true"] {
        opacity: 0.55;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<label class="row">
      <span class="what"><span id="name">${this.label}</span><small id="said">${this.sentence}</small></span>
      <input
        type="checkbox"
        role="switch"
        class="switch"
        aria-labelledby="name"
        aria-describedby="said"
        aria-busy=${this.busy ? "true" : "false"}
        data-testid=${`switch-${this.name}`}
        .checked=${live(this.on)}
        ?disabled=${this.disabled}
        @change=${this.#choose}
      />
    </label>`;
  }

  /** It shows what is, not what was pressed: that may be refused. */
  #choose(event: Event): void {
    const on = (event.target as HTMLInputElement).checked;
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent<boolean>("choose", { detail: on }));
  }
}

customElements.define("switch-row", SwitchRow);
