import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { soleEmoji } from "../live/emoji";
import { base, buttons, floating } from "../styles/base";
import "../words/more";
import { say } from "../words/words";
import { icon } from "./icons";
import { placeBy } from "./place";

const FEW = ["🔥", "💗", "🌊", "😮", "👏"];
const MORE =
  "❤️ 🧡 💛 💚 💙 💜 🖤 🤍 😀 😂 🥹 😍 🤩 😎 🤔 😴 😭 😱 🥳 🤯 👍 👎 🙌 🙏 💪 👀 ✨ ⭐ 🌙 ☀️ 🌈 ❄️ 🌸 🌻 🌲 🍂 🦊 🐱 🐶 🐳 🐉 🦋 🎨 🖌️ 🎉 🚀 💎 🍵".split(
    " ",
  );

/** Five emoji at hand, more behind the plus, and any other typed in. Tells `choose`, or `put-away`. */
export class EmojiPicker extends LitElement {
  static override properties = {
    anchor: { attribute: false },
    beside: { type: Boolean },
    more: { state: true },
  };
  /** What it stands by. */
  declare anchor: HTMLElement | null;
  /** It stands beside it, not over it. */
  declare beside: boolean;
  declare more: boolean;

  constructor() {
    super();
    this.anchor = null;
    this.beside = false;
    this.more = false;
  }

  static override styles = [
    base,
    buttons,
    floating,
    css`
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

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#outside);
    window.addEventListener("scroll", this.#outside, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#outside);
    window.removeEventListener("scroll", this.#outside, { capture: true });
  }

  override render(): TemplateResult {
    const one = (emoji: string): TemplateResult =>
      html`<button class="emoji" aria-label=${emoji} @click=${() => this.#choose(emoji)}>${emoji}</button>`;
    return html`<div
      class="picker floating ${this.more ? "more" : ""}"
      popover="manual"
      role="group"
      aria-label=${say("react.choose")}
      @keydown=${this.#key}
    >
      ${
        this.more
          ? html`<input
              placeholder=${say("react.other")}
              aria-label=${say("react.other")}
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
            : html`<button aria-label=${say("react.more")} @click=${() => (this.more = true)}>
                ${icon("plus")}
              </button>`
        }
      </div>
    </div>`;
  }

  override updated(changed: PropertyValues<this>): void {
    const picker = this.renderRoot.querySelector<HTMLElement>(".picker");
    if (!picker || !this.anchor || !(changed.has("anchor") || changed.has("more"))) return;
    picker.showPopover();
    // Beside a chip it covers neither the title nor the facts above it.
    placeBy(this.anchor, picker, this.beside && !this.more ? "beside" : "centre");
    picker.querySelector<HTMLElement>(this.more ? "input" : "button")?.focus({ preventScroll: true });
  }

  readonly #outside = (event: Event): void => {
    if (this.anchor && !event.composedPath().includes(this.anchor)) this.#away(false);
  };

  #typed(text: string): void {
    const emoji = soleEmoji(text);
    if (emoji) this.#choose(emoji);
  }

  #choose(emoji: string): void {
    this.dispatchEvent(new CustomEvent<string>("choose", { detail: emoji }));
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#away(true);
  }

  /** byKey: the focus goes back to where it came from. */
  #away(byKey: boolean): void {
    this.dispatchEvent(new CustomEvent<boolean>("put-away", { detail: byKey }));
  }
}

customElements.define("emoji-picker", EmojiPicker);
