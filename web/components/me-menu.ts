import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { base } from "../styles/base";
import { say } from "../words/words";
import "./person-avatar";
import { studio, Watch } from "./studio";

/** You: your avatar, and under it what is at hand about you. */
export class MeMenu extends LitElement {
  static override properties = {
    open: { state: true },
    upwards: { type: Boolean },
  };
  declare open: boolean;
  /** The popover opens above the button, whose label is "You": in the bar at the bottom. */
  declare upwards: boolean;

  constructor() {
    super();
    this.open = false;
    this.upwards = false;
    new Watch(this, () => [studio.live.shownMe]);
  }

  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
        position: relative;
      }
      .me {
        display: grid;
        border-radius: 50%;
      }
      :host([upwards]) .me {
        justify-items: center;
        gap: 4px;
        inline-size: 72px;
        padding-block: 4px;
        font-size: 11px;
        line-height: 14px;
        color: var(--ink2);
        border-radius: 14px;
      }
      me-popover {
        position: absolute;
        inset-block-start: calc(100% + 12px);
        inset-inline-end: 0;
        z-index: 30;
      }
      :host([upwards]) me-popover {
        inset-block: auto calc(100% + 18px);
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
    const me = studio.live.shownMe;
    return html`<button
        class="me"
        data-testid="me"
        aria-label=${me ? say("you.named", { handle: me.handle }) : say("you.you")}
        aria-haspopup="dialog"
        aria-expanded=${this.open ? "true" : "false"}
        @click=${() => this.#toggle(!this.open)}
      >
        <person-avatar .user=${me} .size=${this.upwards ? 22 : 32}></person-avatar>
        ${this.upwards ? html`<span>${say("you.you")}</span>` : nothing}
      </button>
      ${
        this.open && me
          ? html`<me-popover @done=${() => this.#toggle(false)} @keydown=${this.#key}></me-popover>`
          : nothing
      }`;
  }

  readonly #outside = (event: Event): void => {
    if (this.open && !event.composedPath().includes(this)) this.#toggle(false);
  };

  #toggle(open: boolean): void {
    this.open = open;
    if (open) void import("./me-popover");
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#toggle(false);
    this.renderRoot.querySelector<HTMLButtonElement>(".me")?.focus();
  }
}

customElements.define("me-menu", MeMenu);
