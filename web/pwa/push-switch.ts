import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { base } from "../styles/base";
import { dabSwitch } from "../styles/dab-switch";
import "../words/more";
import { onSpeech, say, spoken } from "../words/words";
import { Problem } from "../live/problem";
import { remember } from "./language";
import { standing, turnOff, turnOn, type Standing } from "./push";

/** Turns push notifications of this browser on and off. It asks only when it is pressed. */
export class PushSwitch extends LitElement {
  static override properties = {
    standing: { state: true },
    busy: { state: true },
    trouble: { state: true },
  };
  /** Null while it is not known yet. */
  declare standing: Standing | null;
  declare busy: boolean;
  declare trouble: string;
  #deaf: (() => void) | undefined;

  constructor() {
    super();
    this.standing = null;
    this.busy = false;
    this.trouble = "";
  }

  static override styles = [
    base,
    dabSwitch,
    css`
      :host {
        display: block;
      }
      .row {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 20px;
        align-items: center;
        align-content: center;
        inline-size: 100%;
        min-block-size: 56px;
        text-align: start;
      }
      b {
        font-weight: inherit;
      }
      .said {
        grid-column: 1;
        font-size: 13px;
        line-height: 18px;
        color: var(--ink2);
        text-wrap: pretty;
      }
      .switch {
        grid-column: 2;
        grid-row: 1 / span 2;
      }
      .busy .switch {
        opacity: 0.55;
      }
      .unsupported .switch,
      .denied .switch {
        display: none;
      }
      .trouble {
        color: var(--bad);
        margin-block-start: 6px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
    // Somebody may have allowed them in the browser's settings meanwhile.
    document.addEventListener("visibilitychange", this.#seen);
    // What is pushed speaks as the page does.
    this.#deaf = onSpeech(() => void remember(spoken()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#seen);
    this.#deaf?.();
  }

  override render(): TemplateResult | typeof nothing {
    const { standing } = this;
    if (!standing) return nothing;
    const locked = standing === "unsupported" || standing === "denied";
    return html`<button
        class="row ${standing} ${this.busy ? "busy" : ""}"
        role="switch"
        aria-checked=${standing === "on"}
        aria-labelledby="name"
        aria-describedby="said"
        aria-busy=${this.busy}
        ?disabled=${locked}
        data-testid="push-switch"
        @click=${this.#press}
      >
        <b id="name">${say("push.title")}</b>
        <span class="said" id="said">${say(`push.${standing}`)}</span>
        <span class="switch" aria-hidden="true"></span>
      </button>
      <p class="trouble" role="alert" ?hidden=${!this.trouble}>${this.trouble}</p>`;
  }

  #press = async (): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    this.trouble = "";
    try {
      this.standing = await (this.standing === "on" ? turnOff() : turnOn(spoken()));
    } catch (error) {
      // What a browser says of its push service is for its makers.
      this.trouble = error instanceof Problem ? error.sentence : say("push.unreachable");
      await this.#look();
    } finally {
      this.busy = false;
    }
  };

  #seen = (): void => {
    if (document.visibilityState === "visible" && !this.busy) void this.#look();
  };

  async #look(): Promise<void> {
    this.standing = await standing();
  }
}

customElements.define("push-switch", PushSwitch);

declare global {
  interface HTMLElementTagNameMap {
    "push-switch": PushSwitch;
  }
}
