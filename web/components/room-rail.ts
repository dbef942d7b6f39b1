import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { ToolName } from "../live/room-protocol";
import { isOfMask } from "../live/strokes";
import { base, buttons, floating } from "../styles/base";
import { roomRail } from "../styles/room-rail";
import { say } from "../words/words";
import { icon, type IconName } from "./icons";
import { placeBy } from "./place";
import { regain } from "./popup";
import { DIAMETERS, WatchRoom, type RoomDesk } from "./room-desk";

interface Tool {
  readonly name: ToolName;
  readonly icon: IconName;
  readonly label: `tool.${ToolName}`;
  readonly key: string;
}

export const TOOLS: readonly Tool[] = [
  { name: "brush", icon: "brush", label: "tool.brush", key: "b" },
  { name: "mask", icon: "mask", label: "tool.mask", key: "m" },
  { name: "eraser", icon: "eraser", label: "tool.eraser", key: "e" },
  { name: "hand", icon: "hand", label: "tool.hand", key: "h" },
];
const SIZE_NAMES = ["tool.hair", "tool.fine", "tool.usual", "tool.broad", "tool.broadest"] as const;
/** How large the dots are drawn, px. */
const DOTS = [4, 7, 11, 16, 21];
/** On every table, whatever the picture's own colours are. */
const INKS = ["#f2b705", "#e5532d", "#41a37a", "#171917", "#f3f3f0"];

/**
 * The tools: what draws, how broad and in which colour; and what takes back. Upright, or a strip on a phone, or that
 * strip folded into columns in a low window.
 */
export class RoomRail extends LitElement {
  static override properties = {
    desk: { attribute: false },
    flat: { type: Boolean, reflect: true },
    low: { type: Boolean, reflect: true },
  };
  declare desk: RoomDesk;
  declare flat: boolean;
  declare low: boolean;

  constructor() {
    super();
    this.flat = this.low = false;
    new WatchRoom(this, (desk) => [
      desk.tools,
      desk.mayEdit,
      desk.reason,
      desk.document?.canUndo,
      desk.document?.canRedo,
      desk.document?.strokes,
      desk.session.state.room?.post?.media.palette,
    ]);
  }

  static override styles = [base, buttons, floating, roomRail];

  override render(): TemplateResult {
    const { tools, mayEdit } = this.desk;
    const erasing = tools.tool === "eraser" && mayEdit;
    return html`<div
        class="rail"
        role="toolbar"
        aria-label=${say("tool.tools")}
        aria-orientation=${this.flat && !this.low ? "horizontal" : "vertical"}
        data-testid="tools"
        @keydown=${this.#key}
      >
        ${this.flat ? this.#rows(erasing) : this.#column(erasing)}
      </div>
      ${this.#clearing()}`;
  }

  #column(erasing: boolean): TemplateResult {
    return html`<div class="set" role="group" aria-label=${say("tool.draw")}>
        ${TOOLS.map((tool) => this.#tool(tool))} ${erasing ? this.#eraserKinds() : nothing}
      </div>
      <div class="set" role="group" aria-label=${say("tool.take-back")}>${this.#history()}</div>
      <div class="set" role="group" aria-label=${say("tool.size")}>${this.#sizes()}</div>
      <div class="set colours" role="group" aria-label=${say("tool.colour")}>${this.#inks()}</div>`;
  }

  /** Everything in reach of a thumb, and nothing that has to be scrolled to. */
  #rows(erasing: boolean): TemplateResult {
    const at = DIAMETERS.findIndex((diameter) => diameter === this.desk.tools.diameter);
    const dot = DOTS[at] ?? 8;
    return html`<div class="row">
        <div class="set" role="group" aria-label=${say("tool.draw")}>
          ${TOOLS.map((tool) => this.#tool(tool))}
        </div>
        <div class="set" role="group" aria-label=${say("tool.take-back")}>${this.#history()}</div>
        <button
          class="round act"
          aria-label=${say("tool.size-now", { size: say(SIZE_NAMES[at] ?? "tool.another") })}
          aria-expanded="false"
          aria-haspopup="true"
          popovertarget="sizes"
          data-testid="sizes"
          ?disabled=${!this.desk.mayEdit}
        >
          <span class="dot" style="inline-size:${dot}px;block-size:${dot}px"></span>
        </button>
      </div>
      <div class="row">
        ${
          erasing
            ? html`<div class="set colours" role="group" aria-label=${say("tool.erased")}>
                ${this.#eraserKinds()}
              </div>`
            : html`<div class="set colours" role="group" aria-label=${say("tool.colour")}>
                ${this.#inks()}
              </div>`
        }
      </div>
      <div
        class="menu floating sizes"
        id="sizes"
        popover
        role="group"
        aria-label=${say("tool.size")}
        @toggle=${(event: ToggleEvent) => this.#placed(event, "[popovertarget=sizes]")}
        @click=${hide}
      >
        ${this.#sizes()}
      </div>`;
  }

  /** What everybody has drawn goes at once, and comes back at once by "take back". */
  #clearing(): TemplateResult {
    const strokes = this.desk.document?.strokes ?? [];
    const masked = strokes.some(isOfMask);
    const painted = strokes.some((stroke) => !isOfMask(stroke));
    const item = (what: "paint" | "mask" | "all", label: string, there: boolean): TemplateResult =>
      html`<button
        class="item"
        data-testid="clear-${what}"
        ?disabled=${!there || !this.desk.mayEdit}
        @click=${() => this.desk.clear(what)}
      >
        ${label}
      </button>`;
    return html`<div
      class="menu floating"
      id="clear"
      popover
      role="group"
      aria-label=${say("tool.clear")}
      @toggle=${(event: ToggleEvent) => this.#placed(event, "[popovertarget=clear]")}
      @click=${hide}
    >
      ${item("paint", say("tool.clear-paint"), painted)} ${item("mask", say("tool.clear-mask"), masked)}
      ${item("all", say("tool.clear-both"), painted && masked)}
    </div>`;
  }

  #placed(event: ToggleEvent, opener: string): void {
    const menu = event.target as HTMLElement;
    const button = this.renderRoot.querySelector<HTMLElement>(opener);
    const open = event.newState === "open";
    button?.setAttribute("aria-expanded", open ? "true" : "false");
    if (!open) regain(button, menu);
    if (!open || !button) return;
    placeBy(button, menu, this.flat && !this.low ? "centre" : "beside");
    menu.querySelector<HTMLElement>("[aria-pressed=true], button:not(:disabled)")?.focus();
  }

  /** In a toolbar the arrows go from one to the next. */
  #key(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key as string] ?? 0;
    const target = event.composedPath()[0];
    if (!by || !(target instanceof HTMLButtonElement)) return;
    const bar = event.currentTarget as HTMLElement;
    const all = [...bar.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")].filter(
      (button) => button.offsetParent !== null,
    );
    const at = all.indexOf(target);
    if (at < 0) return;
    event.preventDefault();
    all[(at + by + all.length) % all.length]?.focus();
  }

  #tool({ name, icon: mark, label: called, key }: Tool): TemplateResult {
    const label = say(called);
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

  #eraserKinds(): TemplateResult {
    return html`${this.#erases("paint", say("tool.paint"))}${this.#erases("mask", say("tool.mask-only"))}`;
  }

  #sizes(): readonly TemplateResult[] {
    return DIAMETERS.map((_, index) => this.#size(index));
  }

  #inks(): TemplateResult {
    return html`${this.#colours().map((colour) => this.#colour(colour))}${this.#any()}`;
  }

  #erases(what: "paint" | "mask", label: string): TemplateResult {
    return html`<button
      class="erases"
      aria-label=${say(`tool.erase-${what}`)}
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
        class="round act"
        data-testid=${mark}
        aria-label=${label}
        title=${label}
        ?disabled=${!can || !this.desk.mayEdit}
        @click=${act}
      >
        ${icon(mark)}
      </button>`;
    return html`${button("undo", say("tool.undo"), document?.canUndo ?? false, () => document?.undo())}
      ${button("redo", say("tool.redo"), document?.canRedo ?? false, () => document?.redo())}
      <button
        class="round act"
        data-testid="clear"
        aria-label=${say("tool.clear")}
        aria-haspopup="true"
        aria-expanded="false"
        title=${say("tool.clear-what")}
        popovertarget="clear"
        ?disabled=${!document?.strokes.length || !this.desk.mayEdit}
      >
        ${icon("trash")}
      </button>`;
  }

  #size(index: number): TemplateResult {
    const on = this.desk.tools.diameter === DIAMETERS[index];
    const dot = DOTS[index] ?? 8;
    const size = say(SIZE_NAMES[index] ?? "tool.another");
    return html`<button
      class="small"
      aria-label=${say("tool.a-size", { size })}
      aria-pressed=${on ? "true" : "false"}
      title=${say("tool.size-keys", { size })}
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
      aria-label=${say("tool.this-colour", { colour })}
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
      data-chosen=${own ? "true" : "false"}
      title=${say("tool.any-colour")}
      style="--colour:${colour}"
    >
      <i></i>
      <input
        type="color"
        aria-label=${say("tool.any-colour")}
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

/** Colours nearer to each other than this look like one, in steps of a channel. */
const ALIKE = 90;

/** The least grey colour of a picture, and the next one that is another. */
function vivid(palette: readonly string[]): readonly string[] {
  const strength = (colour: string): number => Math.max(...channels(colour)) - Math.min(...channels(colour));
  const sorted = palette
    .map((colour) => colour.toLowerCase())
    .toSorted((one, other) => strength(other) - strength(one));
  const [first] = sorted;
  if (!first) return [];
  const other = sorted.find((colour) => distance(colour, first) > ALIKE);
  return other ? [first, other] : [first];
}

function channels(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function distance(one: string, other: string): number {
  const second = channels(other);
  return channels(one).reduce((sum, value, index) => sum + Math.abs(value - (second[index] ?? 0)), 0);
}

/** What was chosen in a menu closes it. */
function hide(event: Event): void {
  if (event.target !== event.currentTarget) (event.currentTarget as HTMLElement).hidePopover();
}

customElements.define("room-rail", RoomRail);
