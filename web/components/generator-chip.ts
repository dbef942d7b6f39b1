import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { painterFor, type Generator } from "../live/generators";
import { base, buttons } from "../styles/base";
import { choiceItems } from "../styles/choice-items";
import { count, say } from "../words/words";
import "../words/more";
import "./choice-chip";

/**
 * Who paints. Also where there is but one it says who, and what it is. One that cannot start from a picture is not to
 * be chosen for a remix, and says why. Tells `choose`.
 */
export class GeneratorChip extends LitElement {
  static override properties = {
    generators: { attribute: false },
    value: { type: String },
    remixing: { type: Boolean },
  };
  declare generators: readonly Generator[];
  /** The name of the one that is wished for; null: the server's first. */
  declare value: string | null;
  /** It is to start from a picture. */
  declare remixing: boolean;

  constructor() {
    super();
    this.generators = [];
    this.value = null;
    this.remixing = false;
  }

  static override styles = [
    base,
    buttons,
    choiceItems,
    css`
      :host {
        display: contents;
      }
      .item {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        justify-items: start;
        gap: 0;
        padding: 8px 12px;
        text-align: start;
        white-space: normal;
        max-inline-size: 300px;
      }
    `,
  ];

  override render(): TemplateResult {
    const painter = painterFor(this.generators, this.value, this.remixing);
    if (!painter) return html`${nothing}`;
    return html`<choice-chip data-testid="choose-generator" name=${say("paint.painter")}>
      <span slot="label" class="label"><span class="name">${painter.name}</span></span>
      ${this.generators.map((generator) => this.#item(generator, generator === painter))}
    </choice-chip>`;
  }

  #item(generator: Generator, checked: boolean): TemplateResult {
    const { name, title, sizes } = generator;
    const unable = this.remixing && !generator.remixes;
    return html`<button
      type="button"
      class="item"
      role="radio"
      aria-checked=${checked ? "true" : "false"}
      aria-disabled=${unable ? "true" : "false"}
      @click=${(event: Event) => (unable ? event.stopPropagation() : this.#choose(name))}
    >
      <span>${title || name}</span>
      <small>${natureOf(generator)}</small>
      <small>
        ${generator.remixes ? say("paint.side", { pixels: count(sizes.high) }) : say("paint.words-alone")}
      </small>
    </button>`;
  }

  #choose(name: string): void {
    this.dispatchEvent(new CustomEvent<string>("choose", { detail: name }));
  }
}

/** Whether it learned from pictures. */
function natureOf({ digital_source_type: kind }: Generator): string {
  return say(kind.endsWith("/algorithmicMedia") ? "paint.by-rules" : "paint.by-model");
}

customElements.define("generator-chip", GeneratorChip);
