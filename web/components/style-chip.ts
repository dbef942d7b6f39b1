import { css, html, LitElement, type TemplateResult } from "lit";
import { base, buttons } from "../styles/base";
import { choiceItems } from "../styles/choice-items";
import { say } from "../words/words";
import "./choice-chip";
import { icon } from "./icons";
import { STYLES, styleName } from "./style-names";

const LONGEST = 80;

/** In which style it is painted: one of those that are offered, or in words of one's own. Tells `choose`. */
export class StyleChip extends LitElement {
  static override properties = { value: { type: String } };
  /** What the generator is told, "" for any style. */
  declare value: string;

  constructor() {
    super();
    this.value = "";
  }

  static override styles = [
    base,
    buttons,
    choiceItems,
    css`
      :host {
        display: contents;
      }
      .offered {
        display: grid;
        grid-template-columns: repeat(2, minmax(128px, 1fr));
        gap: 2px;
      }
      .item {
        display: flex;
        padding-inline: 12px;
      }
      .any {
        grid-column: 1 / -1;
      }
      input {
        inline-size: auto;
        margin-block-start: 8px;
      }
    `,
  ];

  override render(): TemplateResult {
    const own = STYLES.every(([told]) => told !== this.value) ? this.value : "";
    return html`<choice-chip data-testid="choose-style" group="group" name=${say("paint.style")}>
      <span slot="label" class="label"
        >${icon("palette", 16)}<span class="name" dir="auto"
          >${this.value ? styleName(this.value) : say("paint.any-style")}</span
        ></span
      >
      <div class="offered" role="radiogroup" aria-label=${say("paint.style")}>
        ${this.#item("", say("paint.any-style"), "item any")}
        ${STYLES.map(([told, key]) => this.#item(told, say(key), "item"))}
      </div>
      <input
        aria-label=${say("paint.own-style")}
        placeholder=${say("paint.own-style")}
        maxlength=${LONGEST}
        dir=${own ? "auto" : ""}
        .value=${own}
        @input=${(event: Event) => this.#choose((event.target as HTMLInputElement).value)}
      />
    </choice-chip>`;
  }

  #item(told: string, name: string, kind: string): TemplateResult {
    return html`<button
      type="button"
      class=${kind}
      role="radio"
      aria-checked=${told === this.value ? "true" : "false"}
      @click=${() => this.#choose(told)}
    >
      ${name}
    </button>`;
  }

  #choose(style: string): void {
    this.dispatchEvent(new CustomEvent<string>("choose", { detail: style }));
  }
}

customElements.define("style-chip", StyleChip);
