import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { soleEmoji } from "../live/emoji";
import { base, buttons, floating } from "../styles/base";
import { icon } from "./icons";
import { placeBy } from "./place";
import { studio } from "./studio";

const FEW = ["🔥", "💗", "🌊", "😮", "👏"];
const MORE =
  "❤️ 🧡 💛 💚 💙 💜 🖤 🤍 😀 😂 🥹 😍 🤩 😎 🤔 😴 😭 😱 🥳 🤯 👍 👎 🙌 🙏 💪 👀 ✨ ⭐ 🌙 ☀️ 🌈 ❄️ 🌸 🌻 🌲 🍂 🦊 🐱 🐶 🐳 🐉 🦋 🎨 🖌️ 🎉 🚀 💎 🍵".split(
    " ",
  );

/**
 * Opens the picker: five at hand, more behind the plus, and any other typed in. What is chosen goes to the post; without
 * one it tells `choose`.
 */
export class EmojiButton extends LitElement {
  static override properties = {
    post: { type: String },
    chip: { type: Boolean },
    open: { state: true },
    more: { state: true },
  };
  declare post: string;
  declare chip: boolean;
  declare open: boolean;
  declare more: boolean;

  constructor() {
    super();
    this.post = "";
    this.chip = false;
    this.open = false;
    this.more = false;
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
      .chip {
        min-block-size: 32px;
        padding-inline: 11px;
        border-radius: 16px;
      }
      /* In the top layer: no scrolling pane may cut it off. */
      .picker {
        position: fixed;
        inset: auto;
        margin: 0;
        border: 0;
        color: var(--ink);
        padding: 6px;
        border-radius: 24px;
        animation: rise var(--quick) var(--ease);
        inline-size: max-content;
        overflow: visible;
      }
      .more.picker {
        inline-size: 300px;
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: scale(0.96);
        }
      }
      .grid {
        display: flex;
        flex-wrap: wrap;
        max-block-size: 210px;
        overflow-y: auto;
      }
      .grid button {
        inline-size: 36px;
        block-size: 36px;
        border-radius: 50%;
        display: grid;
        place-items: center;
        font-size: 17px;
        line-height: 1;
      }
      .grid button:hover {
        background: var(--chip-hover);
      }
      .grid button:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      input {
        inline-size: calc(100% - 12px);
        margin: 4px 6px 6px;
        block-size: 36px;
        padding-inline: 14px;
        border-radius: 18px;
        box-shadow: inset 0 0 0 1px var(--edge);
        font-size: max(14px, 16px * var(--coarse, 0));
      }
      input:focus-visible {
        outline-offset: 1px;
        box-shadow: inset 0 0 0 1px var(--edge);
      }
      @media (pointer: coarse) {
        :host {
          --coarse: 1;
        }
        .grid button {
          inline-size: 44px;
          block-size: 44px;
        }
        .picker {
          max-inline-size: calc(100vw - 2 * var(--gutter));
        }
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.open) this.#toggle(false);
  }

  override render(): TemplateResult {
    return html`<button
        class=${this.chip ? "chip" : "round on-picture"}
        data-testid="react"
        aria-label="React"
        aria-haspopup="true"
        aria-expanded=${this.open ? "true" : "false"}
        @click=${() => this.#toggle(!this.open)}
      >
        ${icon("react")}
      </button>
      ${this.open ? this.#picker() : nothing}`;
  }

  #picker(): TemplateResult {
    const one = (emoji: string): TemplateResult =>
      html`<button class="emoji" aria-label=${emoji} @click=${() => this.#choose(emoji)}>${emoji}</button>`;
    return html`<div
      class="picker floating ${this.more ? "more" : ""}"
      popover="manual"
      role="group"
      aria-label="Choose an emoji"
      @keydown=${this.#key}
    >
      ${
        this.more
          ? html`<input
              placeholder="Any other emoji"
              aria-label="Any other emoji"
              maxlength="32"
              @input=${(event: Event) => this.#typed((event.target as HTMLInputElement).value)}
            />`
          : nothing
      }
      <div class="grid">
        ${FEW.map(one)}
        ${
          this.more
            ? MORE.map(one)
            : html`<button aria-label="More" @click=${() => (this.more = true)}>${icon("plus")}</button>`
        }
      </div>
    </div>`;
  }

  readonly #outside = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.#toggle(false);
  };

  readonly #away = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.#toggle(false);
  };

  #toggle(open: boolean): void {
    this.open = open;
    this.more = false;
    const change = open ? "addEventListener" : "removeEventListener";
    document[change]("pointerdown", this.#outside);
    window[change]("scroll", this.#away, { capture: true });
  }

  override updated(changed: PropertyValues<this>): void {
    const picker = this.renderRoot.querySelector<HTMLElement>(".picker");
    if (!picker || !(changed.has("open") || changed.has("more"))) return;
    picker.showPopover();
    // Beside a chip it covers neither the title nor the facts above it.
    placeBy(this, picker, this.chip && !this.more ? "beside" : "centre");
    picker.querySelector<HTMLElement>(this.more ? "input" : "button")?.focus({ preventScroll: true });
  }

  #typed(text: string): void {
    const emoji = soleEmoji(text);
    if (emoji) this.#choose(emoji);
  }

  #choose(emoji: string): void {
    this.#toggle(false);
    this.renderRoot.querySelector<HTMLElement>("button")?.focus();
    if (this.post) void studio.conversation.react(this.post, emoji);
    else this.dispatchEvent(new CustomEvent<string>("choose", { detail: emoji }));
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#toggle(false);
    this.renderRoot.querySelector<HTMLElement>("button")?.focus();
  }
}

customElements.define("emoji-button", EmojiButton);
