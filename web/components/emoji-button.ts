import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import { icon } from "./icons";
import { studio } from "./studio";

/** Opens the picker. What is chosen goes to the post; without one it tells `choose`. */
export class EmojiButton extends LitElement {
  static override properties = {
    post: { type: String },
    chip: { type: Boolean },
    open: { state: true },
  };
  declare post: string;
  declare chip: boolean;
  declare open: boolean;

  constructor() {
    super();
    this.post = "";
    this.chip = false;
    this.open = false;
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: inline-block;
        position: relative;
      }
      .chip {
        min-block-size: 32px;
        padding-inline: 11px;
        border-radius: 16px;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.open = false;
  }

  override render(): TemplateResult {
    return html`<button
        class=${this.chip ? "chip" : "round on-picture"}
        data-testid="react"
        aria-label=${say("react.title")}
        aria-haspopup="true"
        aria-expanded=${this.open ? "true" : "false"}
        @click=${this.#toggle}
      >
        ${icon("react")}
      </button>
      ${
        this.open
          ? html`<emoji-picker
              .anchor=${this}
              ?beside=${this.chip}
              @choose=${this.#choose}
              @put-away=${(event: CustomEvent<boolean>) => this.#close(event.detail)}
            ></emoji-picker>`
          : nothing
      }`;
  }

  #toggle(): void {
    this.open = !this.open;
    if (this.open) void import("./emoji-picker");
  }

  #close(focused: boolean): void {
    this.open = false;
    if (focused) this.renderRoot.querySelector<HTMLElement>("button")?.focus();
  }

  #choose({ detail: emoji }: CustomEvent<string>): void {
    this.#close(true);
    if (this.post) void studio.conversation.react(this.post, emoji);
    else this.dispatchEvent(new CustomEvent<string>("choose", { detail: emoji }));
  }
}

customElements.define("emoji-button", EmojiButton);
