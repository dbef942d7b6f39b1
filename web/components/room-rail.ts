import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { ToolName } from "../live/room-protocol";
import { base, buttons } from "../styles/base";
import { icon, type IconName } from "./icons";
import { DIAMETERS, WatchRoom, type RoomDesk } from "./room-desk";

interface Tool {
  readonly name: ToolName;
  readonly icon: IconName;
  readonly label: string;
  readonly key: string;
}

export const TOOLS: readonly Tool[] = [
  { name: "brush", icon: "brush", label: "Brush", key: "b" },
  { name: "mask", icon: "mask", label: "Mask, where it may be repainted", key: "m" },
  { name: "eraser", icon: "eraser", label: "Eraser", key: "e" },
  { name: "hand", icon: "hand", label: "Hand", key: "h" },
];
const SIZE_NAMES = ["Hair", "Fine", "Usual", "Broad", "Broadest"];
/** How large the dots are drawn, px. */
const DOTS = [4, 7, 11, 16, 21];
/** On every table, whatever the picture's own colours are. */
const INKS = ["#f2b705", "#e5532d", "#41a37a", "#171917", "#f3f3f0"];

/** The tools: what draws, how broad and in which colour; and what takes back. Upright, or a strip on a phone. */
export class RoomRail extends LitElement {
  static override properties = { desk: { attribute: false }, flat: { type: Boolean, reflect: true } };
  declare desk: RoomDesk;
  declare flat: boolean;

  constructor() {
    super();
    this.flat = false;
    new WatchRoom(this, (desk) => [
      desk.tools,
      desk.mayEdit,
      desk.reason,
      desk.document?.canUndo,
      desk.document?.canRedo,
      desk.session.state.room?.post?.media.palette,
    ]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
      }
      .rail {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 2px;
        padding: 6px;
        border-radius: 28px;
        background: var(--panel);
        max-block-size: 100%;
        overflow: hidden auto;
        scrollbar-width: none;
      }
      .set {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 2px;
      }
      .set + .set {
        margin-block-start: 5px;
        padding-block-start: 6px;
        border-block-start: 1px solid var(--line);
      }
      .tool {
        inline-size: 42px;
        block-size: 40px;
        border-radius: 20px;
      }
      .tool[aria-pressed="true"],
      .tool[aria-pressed="true"]:hover {
        background: var(--ink);
        color: var(--wall);
      }
      .round:disabled {
        color: var(--ink3);
        opacity: 0.55;
      }
      .small {
        inline-size: 34px;
        block-size: 24px;
        border-radius: 13px;
        display: grid;
        place-items: center;
        color: var(--ink2);
      }
      .small:not(:disabled):hover {
        color: var(--ink);
      }
      .dot {
        border-radius: 50%;
        background: currentColor;
      }
      .small[aria-pressed="true"] {
        color: var(--ink);
      }
      .small[aria-pressed="true"] .dot {
        box-shadow:
          0 0 0 3px var(--panel),
          0 0 0 4.5px var(--ink);
      }
      .colour {
        inline-size: 26px;
        block-size: 28px;
        display: grid;
        place-items: center;
        border-radius: 13px;
        position: relative;
      }
      .colour i {
        inline-size: 18px;
        block-size: 18px;
        border-radius: 50%;
        background: var(--colour);
        box-shadow: inset 0 0 0 1px var(--ring);
      }
      .colour[aria-pressed="true"] i {
        box-shadow:
          0 0 0 2px var(--panel),
          0 0 0 3.5px var(--ink);
      }
      .colours {
        display: grid;
        grid-template-columns: repeat(2, auto);
        gap: 1px;
      }
      :host([flat]) .colours {
        display: flex;
      }
      :host([flat]) .colour i {
        inline-size: 24px;
        block-size: 24px;
      }
      .any i {
        background: conic-gradient(#f08ad0, #ff7a52, #f2b705, #41d6a1, #4fc3f0, #9fa8ff, #f08ad0);
      }
      .any input {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        opacity: 0;
        cursor: pointer;
      }
      .any:has(:focus-visible) {
        outline: 2px solid var(--ink);
        outline-offset: 1px;
      }
      .erases {
        font-size: 11px;
        line-height: 14px;
        min-inline-size: 42px;
        min-block-size: 24px;
        border-radius: 12px;
        text-align: center;
        color: var(--ink2);
      }
      .erases[aria-pressed="true"] {
        background: var(--chip-hover);
        color: var(--ink);
      }
      button:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      /* A low window: two beside each other. */
      @media (max-height: 860px) {
        :host(:not([flat])) .set {
          display: grid;
          grid-template-columns: repeat(2, auto);
          justify-items: center;
        }
      }
      :host([flat]) .rail {
        flex-direction: row;
        border-radius: 0;
        padding: 4px 12px;
        overflow: auto hidden;
        background: var(--panel);
      }
      :host([flat]) .set {
        flex-direction: row;
        flex: none;
      }
      :host([flat]) .set + .set {
        margin: 0;
        padding: 0;
        border: 0;
        margin-inline-start: 6px;
        padding-inline-start: 8px;
        border-inline-start: 1px solid var(--line);
      }
      :host([flat]) .tool {
        inline-size: 44px;
        block-size: 44px;
        border-radius: 22px;
      }
      :host([flat]) :is(.small, .colour) {
        inline-size: 38px;
        block-size: 44px;
      }
      :host([flat]) .erases {
        padding-inline: 10px;
        min-block-size: 36px;
        border-radius: 18px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { tools, mayEdit } = this.desk;
    const erasing = tools.tool === "eraser" && mayEdit;
    return html`<div
      class="rail"
      role="toolbar"
      aria-label="Tools"
      aria-orientation=${this.flat ? "horizontal" : "vertical"}
      data-testid="tools"
    >
      <div class="set" role="group" aria-label="Draw">
        ${TOOLS.map((tool) => this.#tool(tool))}
        ${erasing ? html`${this.#erases("paint", "Paint")}${this.#erases("mask", "Mask")}` : nothing}
      </div>
      <div class="set" role="group" aria-label="Take back">${this.#history()}</div>
      <div class="set" role="group" aria-label="Size">${DIAMETERS.map((_, index) => this.#size(index))}</div>
      <div class="set colours" role="group" aria-label="Colour">
        ${this.#colours().map((colour) => this.#colour(colour))}${this.#any()}
      </div>
    </div>`;
  }

  #tool({ name, icon: mark, label, key }: Tool): TemplateResult {
    const { tools, mayEdit, reason } = this.desk;
    const off = !mayEdit && name !== "hand";
    const on = tools.tool === name && (mayEdit || name === "hand");
    return html`<button
      class="round tool"
      data-tool=${name}
      aria-label=${label}
      aria-keyshortcuts=${key}
      aria-pressed=${on || (!mayEdit && name === "hand") ? "true" : "false"}
      title=${off ? reason : `${label} (${key.toUpperCase()})`}
      ?disabled=${off}
      @click=${() => this.desk.take({ tool: name })}
    >
      ${icon(mark)}
    </button>`;
  }

  #erases(what: "paint" | "mask", label: string): TemplateResult {
    return html`<button
      class="erases"
      aria-label="Erase the ${what}"
      aria-pressed=${this.desk.tools.erases === what ? "true" : "false"}
      @click=${() => this.desk.take({ erases: what })}
    >
      ${label}
    </button>`;
  }

  #history(): TemplateResult {
    const document = this.desk.document;
    const button = (mark: "undo" | "redo", label: string, can: boolean, act: () => void): TemplateResult =>
      html`<button
        class="round"
        data-testid=${mark}
        aria-label=${label}
        title=${label}
        ?disabled=${!can || !this.desk.mayEdit}
        @click=${act}
      >
        ${icon(mark)}
      </button>`;
    return html`${button("undo", "Take back (Ctrl+Z)", document?.canUndo ?? false, () => document?.undo())}
    ${button("redo", "Do again (Ctrl+Y)", document?.canRedo ?? false, () => document?.redo())}`;
  }

  #size(index: number): TemplateResult {
    const on = this.desk.tools.diameter === DIAMETERS[index];
    const dot = DOTS[index] ?? 8;
    return html`<button
      class="small"
      aria-label="${SIZE_NAMES[index]} size"
      aria-pressed=${on ? "true" : "false"}
      title="${SIZE_NAMES[index]} ([ and ] change it)"
      ?disabled=${!this.desk.mayEdit}
      @click=${() => this.desk.take({ diameter: DIAMETERS[index]! })}
    >
      <span class="dot" style="inline-size:${dot}px;block-size:${dot}px"></span>
    </button>`;
  }

  #colour(colour: string): TemplateResult {
    return html`<button
      class="colour"
      style="--colour:${colour}"
      aria-label="Colour ${colour}"
      aria-pressed=${this.desk.tools.colour === colour ? "true" : "false"}
      ?disabled=${!this.desk.mayEdit}
      @click=${() => this.desk.take({ colour })}
    >
      <i></i>
    </button>`;
  }

  #any(): TemplateResult {
    const { colour } = this.desk.tools;
    const own = !this.#colours().includes(colour);
    return html`<label
      class="colour any"
      aria-pressed=${own ? "true" : "false"}
      title="Any colour"
      style="--colour:${colour}"
    >
      <i></i>
      <input
        type="color"
        aria-label="Any colour"
        .value=${colour}
        ?disabled=${!this.desk.mayEdit}
        @input=${(event: Event) => this.desk.take({ colour: (event.target as HTMLInputElement).value })}
      />
    </label>`;
  }

  /** The picture's own, and the two that every studio has. */
  #colours(): readonly string[] {
    const palette = this.desk.session.state.room?.post?.media.palette ?? [];
    return [...new Set([...vivid(palette), ...INKS])];
  }
}

/** The two colours of a picture that are the least grey. */
function vivid(palette: readonly string[]): readonly string[] {
  const strength = (colour: string): number => {
    const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return Math.max(...parts) - Math.min(...parts);
  };
  return palette
    .map((colour) => colour.toLowerCase())
    .toSorted((one, other) => strength(other) - strength(one))
    .slice(0, 2);
}

customElements.define("room-rail", RoomRail);
