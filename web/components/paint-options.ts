import { css, html, LitElement, type TemplateResult } from "lit";
import { nearestShape, painterFor, shapesOf, type Generator, type Shape } from "../live/generators";
import { GREATEST_SEED, seedIn, USUAL, type PaintChoice } from "../live/paint-choice";
import { base, buttons } from "../styles/base";
import { choiceItems } from "../styles/choice-items";
import { count, say } from "../words/words";
import "./choice-chip";
import "./generator-chip";
import { icon } from "./icons";
import "./style-chip";

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
    typed: { state: true },
  };
  declare choice: PaintChoice;
  declare shows: "what" | "who" | "dock";
  /** What can paint here; as long as that is not known nobody is named. */
  declare generators: readonly Generator[];
  /** It is to start from a picture. */
  declare remixing: boolean;
  /** What was typed as a seed and is none. */
  declare typed: string;

  constructor() {
    super();
    this.choice = USUAL;
    this.shows = "what";
    this.generators = [];
    this.remixing = false;
    this.typed = "";
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
        flex-wrap: wrap;
        max-inline-size: 300px;
        gap: 8px;
        padding: 4px;
        align-items: center;
      }
      .seed input {
        inline-size: 110px;
        font-variant-numeric: tabular-nums;
      }
      /* There from the start: the menu is placed once. */
      #range {
        inline-size: 100%;
        padding-inline: 4px;
        font-size: 13px;
        line-height: 18px;
        color: var(--ink3);
      }
      #range.bad {
        color: var(--bad);
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
    const range = say("paint.seed-range", { most: count(GREATEST_SEED) });
    return html`<choice-chip data-testid="choose-seed" group="group" name=${say("paint.seed")}>
      <span slot="label" class="label"
        >${icon("dice", 16)}
        ${seed === null ? say("paint.any-seed") : say("paint.this-seed", { seed: String(seed) })}</span
      >
      <div class="seed">
        <input
          inputmode="numeric"
          autocomplete="off"
          placeholder=${say("paint.any-number")}
          aria-label=${say("paint.seed")}
          aria-invalid=${this.typed ? "true" : "false"}
          aria-describedby="range"
          .value=${this.typed || (seed === null ? "" : String(seed))}
          @input=${(event: Event) => this.#seeded((event.target as HTMLInputElement).value)}
        />
        <button
          type="button"
          class="button outlined small"
          @click=${() => this.#seeded(String(Math.floor(Math.random() * 10_000)))}
        >
          ${say("paint.roll")}
        </button>
        <button type="button" class="button plain small" @click=${() => this.#seeded("")}>
          ${say("paint.any")}
        </button>
        ${this.typed ? html`<p id="range" class="bad" role="alert">${range}</p>` : html`<p id="range">${range}</p>`}
      </div>
    </choice-chip>`;
  }

  /** What is no seed stays as it was typed, and says what would be one. */
  #seeded(typed: string): void {
    const seed = seedIn(typed);
    this.typed = seed === undefined ? typed : "";
    this.#choose({ seed: seed ?? null });
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

customElements.define("paint-options", PaintOptions);
