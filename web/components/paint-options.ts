import { css, html, LitElement, type TemplateResult } from "lit";
import { nearestShape, painterFor, shapesOf, type Generator, type Shape } from "../live/generators";
import { USUAL, type PaintChoice } from "../live/paint-choice";
import { base, buttons } from "../styles/base";
import { choiceItems } from "../styles/choice-items";
import { count, say } from "../words/words";
import "./choice-chip";
import "./generator-chip";
import { icon } from "./icons";
import "./style-chip";

const GREATEST_SEED = 2 ** 32 - 1;

/**
 * The chips under the words. `shows`: "what" (shape, painter, style, seed), "who" may watch, or what the "dock" has room
 * for: shape and painter. Tells `choose`.
 */
export class PaintOptions extends LitElement {
  static override properties = {
    choice: { attribute: false },
    shows: { type: String },
    generators: { attribute: false },
    remixing: { type: Boolean },
  };
  declare choice: PaintChoice;
  declare shows: "what" | "who" | "dock";
  /** What can paint here; as long as that is not known nobody is named. */
  declare generators: readonly Generator[];
  /** It is to start from a picture. */
  declare remixing: boolean;

  constructor() {
    super();
    this.choice = USUAL;
    this.shows = "what";
    this.generators = [];
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
      .shape {
        display: inline-block;
        border: 1.6px solid currentColor;
        border-radius: 2px;
      }
      .seed {
        display: flex;
        gap: 8px;
        padding: 4px;
        align-items: center;
      }
      .seed input {
        inline-size: 110px;
        font-variant-numeric: tabular-nums;
        appearance: textfield;
      }
    `,
  ];

  override render(): TemplateResult {
    if (this.shows === "who") return this.#who();
    const shown = html`${this.#shape()}<generator-chip
        .generators=${this.generators}
        .value=${this.choice.generator}
        ?remixing=${this.remixing}
        @choose=${(event: CustomEvent<string>) => this.#choose({ generator: event.detail })}
      ></generator-chip>`;
    if (this.shows === "dock") return shown;
    return html`${shown}<style-chip
        .value=${this.choice.style}
        @choose=${(event: CustomEvent<string>) => this.#choose({ style: event.detail })}
      ></style-chip
      >${this.#seed()}`;
  }

  #shape(): TemplateResult {
    const shapes = shapesOf(painterFor(this.generators, this.choice.generator, this.remixing));
    const chosen = nearestShape(this.choice.size, shapes);
    return html`<choice-chip data-testid="choose-size" name=${say("paint.shape")}>
      <span slot="label" class="label">${shapeOf(chosen)} ${chosen.name}</span>
      ${shapes.map((size) =>
        this.#item(
          size === chosen,
          shapeOf(size),
          size.name,
          `${count(size.width)} × ${count(size.height)}`,
          {
            size,
          },
        ),
      )}
    </choice-chip>`;
  }

  #seed(): TemplateResult {
    const { seed } = this.choice;
    return html`<choice-chip data-testid="choose-seed" group="group" name=${say("paint.seed")}>
      <span slot="label" class="label"
        >${icon("dice", 16)}
        ${seed === null ? say("paint.any-seed") : say("paint.this-seed", { seed: String(seed) })}</span
      >
      <div class="seed">
        <input
          type="number"
          min="0"
          max=${GREATEST_SEED}
          inputmode="numeric"
          placeholder=${say("paint.any-number")}
          aria-label=${say("paint.seed")}
          .value=${seed === null ? "" : String(seed)}
          @input=${(event: Event) => this.#choose({ seed: seedIn(event.target as HTMLInputElement) })}
        />
        <button
          type="button"
          class="button outlined small"
          @click=${() => this.#choose({ seed: Math.floor(Math.random() * 10_000) })}
        >
          ${say("paint.roll")}
        </button>
        <button type="button" class="button plain small" @click=${() => this.#choose({ seed: null })}>
          ${say("paint.any")}
        </button>
      </div>
    </choice-chip>`;
  }

  #who(): TemplateResult {
    const { everyone } = this.choice;
    const all = say("paint.everyone");
    const me = say("paint.only-you");
    return html`<choice-chip data-testid="choose-who" name=${say("paint.who")}>
      <span slot="label" class="label">
        ${icon(everyone ? "globe" : "lock", 16)} ${everyone ? all : me} ${icon("down", 15)}
      </span>
      ${this.#item(everyone, icon("globe", 16), all, "", { everyone: true })}
      ${this.#item(!everyone, icon("lock", 16), me, "", { everyone: false })}
    </choice-chip>`;
  }

  #item(
    checked: boolean,
    mark: TemplateResult,
    label: string,
    hint: string,
    change: Partial<PaintChoice>,
  ): TemplateResult {
    return html`<button
      type="button"
      class="item"
      role="radio"
      aria-checked=${checked ? "true" : "false"}
      @click=${() => this.#choose(change)}
    >
      ${mark}<span>${label}</span><small>${hint}</small>
    </button>`;
  }

  #choose(change: Partial<PaintChoice>): void {
    this.dispatchEvent(new CustomEvent<PaintChoice>("choose", { detail: { ...this.choice, ...change } }));
  }
}

function shapeOf({ width, height }: Shape): TemplateResult {
  const scale = 15 / Math.max(width, height);
  const style = `inline-size:${width * scale}px;block-size:${height * scale}px`;
  return html`<span class="shape" style=${style}></span>`;
}

function seedIn(input: HTMLInputElement): number | null {
  const value = input.valueAsNumber;
  return Number.isInteger(value) && value >= 0 && value <= GREATEST_SEED ? value : null;
}

customElements.define("paint-options", PaintOptions);
