import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { base, buttons, floating } from "../styles/base";
import { placeBy } from "./place";

/** A chip that opens a small menu over itself. The menu is slotted: radio buttons, or a field. */
export class ChoiceChip extends LitElement {
  static override properties = {
    name: { type: String },
    open: { type: Boolean, reflect: true },
    group: { type: String },
  };
  /** What is chosen here, for those who do not see it. */
  declare name: string;
  declare open: boolean;
  declare group: "radiogroup" | "group";

  constructor() {
    super();
    this.name = "";
    this.open = false;
    this.group = "radiogroup";
  }

  static override styles = [
    base,
    buttons,
    floating,
    css`
      :host {
        display: inline-block;
        position: relative;
      }
      /* Long words take two lines rather than more than there is room for. */
      .chip {
        padding-block: 6px;
        white-space: normal;
      }
      /* In the top layer: the sheet that scrolls must not cut it off. */
      .menu {
        position: fixed;
        inset: auto;
        margin: 0;
        border: 0;
        color: var(--ink);
        padding: 8px;
        border-radius: 18px;
        min-inline-size: 190px;
      }
      .menu:popover-open {
        display: grid;
        overflow: visible;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#outside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#outside);
  }

  override render(): TemplateResult {
    return html`<div @keydown=${this.#key}>
      <button
        type="button"
        class="chip"
        aria-expanded=${this.open ? "true" : "false"}
        @click=${() => (this.open = !this.open)}
      >
        <span class="visually-hidden">${this.name}:</span><slot name="label"></slot>
      </button>
      ${
        this.open
          ? html`<div
              class="menu floating"
              popover="manual"
              role=${this.group}
              aria-label=${this.name}
              @click=${this.#clicked}
            >
              <slot></slot>
            </div>`
          : nothing
      }
    </div>`;
  }

  override updated(changed: PropertyValues<this>): void {
    const menu = this.renderRoot.querySelector<HTMLElement>(".menu");
    if (!menu || !changed.has("open")) return;
    menu.showPopover();
    placeBy(this, menu, "start");
    this.querySelector<HTMLElement>('[aria-checked="true"], input')?.focus();
  }

  readonly #outside = (event: Event): void => {
    if (this.open && !event.composedPath().includes(this)) this.open = false;
  };

  /** A choice closes the menu; a field does not. */
  #clicked(event: Event): void {
    const chosen = event.composedPath().some((node) => node instanceof HTMLElement && node.role === "radio");
    if (chosen) this.#close();
  }

  #key(event: KeyboardEvent): void {
    if (!this.open) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.#close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const items = [...this.querySelectorAll<HTMLElement>('[role="radio"]')];
      const at = items.findIndex((item) => item.matches(":focus"));
      items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      // What is not taken is to be seen, with why.
      if (event.target.ariaInvalid !== "true") this.#close();
    }
  }

  #close(): void {
    this.open = false;
    this.renderRoot.querySelector<HTMLElement>("button")?.focus();
  }
}

customElements.define("choice-chip", ChoiceChip);
