import { css, html, LitElement, type TemplateResult } from "lit";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "./choice-chip";
import { icon } from "./icons";

export const SIZES = [
  { name: "1:1", width: 768, height: 768 },
  { name: "4:3", width: 768, height: 576 },
  { name: "3:4", width: 576, height: 768 },
  { name: "3:2", width: 768, height: 512 },
  { name: "2:3", width: 512, height: 768 },
] as const;

export interface PaintChoice {
  readonly size: (typeof SIZES)[number];
  /** Null: any. */
  readonly seed: number | null;
  readonly everyone: boolean;
}

export const USUAL: PaintChoice = { size: SIZES[0], seed: null, everyone: true };

/** The size whose shape is nearest to a picture's. */
export function nearestSize({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}): PaintChoice["size"] {
  const off = (size: PaintChoice["size"]): number =>
    Math.abs(Math.log((size.width / size.height) * (height / width)));
  return [...SIZES].sort((one, other) => off(one) - off(other))[0] ?? SIZES[0];
}

const GREATEST_SEED = 2 ** 32 - 1;

/** The chips under the words: `shows` "what" (shape and seed) or "who" may watch. Tells `choose`. */
export class PaintOptions extends LitElement {
  static override properties = { choice: { attribute: false }, shows: { type: String } };
  declare choice: PaintChoice;
  declare shows: "what" | "who";

  constructor() {
    super();
    this.choice = USUAL;
    this.shows = "what";
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: contents;
      }
      .label {
        display: inline-flex;
        align-items: center;
        gap: 7px;
      }
      .shape {
        display: inline-block;
        border: 1.6px solid currentColor;
        border-radius: 2px;
      }
      .item {
        display: grid;
        grid-template-columns: 18px 1fr auto;
        align-items: center;
        justify-items: center;
        gap: 10px;
        min-block-size: 40px;
        padding-inline: 10px;
        border-radius: 12px;
        color: var(--ink2);
        white-space: nowrap;
      }
      .item > span:nth-child(2) {
        justify-self: start;
      }
      .item small {
        font-size: 12px;
        color: var(--ink3);
        font-variant-numeric: tabular-nums;
      }
      .item:is(:hover, [aria-checked="true"]) {
        background: var(--chip);
        color: var(--ink);
      }
      .item[aria-checked="true"] small {
        color: var(--ink2);
      }
      .item:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      .seed {
        display: flex;
        gap: 8px;
        padding: 4px;
        align-items: center;
      }
      .seed input {
        inline-size: 110px;
        block-size: 36px;
        padding-inline: 14px;
        border-radius: 18px;
        box-shadow: inset 0 0 0 1px var(--edge);
        font-variant-numeric: tabular-nums;
        font-size: 14px;
        appearance: textfield;
      }
      .seed input:focus-visible {
        outline-offset: 1px;
      }
      @media (max-width: 719px) {
        .seed input {
          font-size: 16px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return this.shows === "who" ? this.#who() : html`${this.#shape()}${this.#seed()}`;
  }

  #shape(): TemplateResult {
    const chosen = this.choice.size;
    return html`<choice-chip data-testid="choose-size" name=${say("paint.shape")}>
      <span slot="label" class="label">${shapeOf(chosen)} ${chosen.name}</span>
      ${SIZES.map((size) =>
        this.#item(size === chosen, shapeOf(size), size.name, `${size.width} × ${size.height}`, { size }),
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

function shapeOf({ width, height }: PaintChoice["size"]): TemplateResult {
  const scale = 15 / Math.max(width, height);
  const style = `inline-size:${width * scale}px;block-size:${height * scale}px`;
  return html`<span class="shape" style=${style}></span>`;
}

function seedIn(input: HTMLInputElement): number | null {
  const value = input.valueAsNumber;
  return Number.isInteger(value) && value >= 0 && value <= GREATEST_SEED ? value : null;
}

customElements.define("paint-options", PaintOptions);
