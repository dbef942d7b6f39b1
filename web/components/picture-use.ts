import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import { icon } from "./icons";

/** What is to become of a picture of one's own: it is hung as it is, or another one is painted from it. Tells `choose`. */
export class PictureUse extends LitElement {
  static override properties = { repaint: { type: Boolean } };
  declare repaint: boolean;

  constructor() {
    super();
    this.repaint = false;
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: contents;
      }
      .uses {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .chip[aria-checked="true"] {
        background: transparent;
        color: var(--ink);
        box-shadow: inset 0 0 0 1.5px var(--ink);
      }
      .hint {
        flex-basis: 100%;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<span class="uses" role="radiogroup" aria-label=${say("create.become")} @keydown=${this.#key}
        >${this.#choice(false, say("create.hang"))}${this.#choice(true, say("create.repaint-it"))}</span
      >
      ${this.repaint ? html`<span class="meta hint">${say("create.also-posted")}</span>` : nothing}`;
  }

  #choice(repaint: boolean, words: string): TemplateResult {
    const chosen = this.repaint === repaint;
    return html`<button
      type="button"
      role="radio"
      class="chip"
      data-testid=${repaint ? "use-repaint" : "use-hang"}
      aria-checked=${chosen ? "true" : "false"}
      tabindex=${chosen ? "0" : "-1"}
      @click=${() => this.#choose(repaint)}
    >
      ${icon(repaint ? "brush" : "picture", 16)} ${words}
    </button>`;
  }

  #key(event: KeyboardEvent): void {
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    this.#choose(!this.repaint);
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('[aria-checked="true"]')?.focus(),
    );
  }

  #choose(repaint: boolean): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: repaint }));
  }
}

customElements.define("picture-use", PictureUse);
