import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { base } from "../styles/base";
import { PushRefused, standing, turnOff, turnOn, type Standing } from "./push";

const SAID: Readonly<Record<Standing, string>> = {
  unsupported: "This browser cannot show notifications of livefeed.",
  denied: "This browser blocks them. Allow notifications for this site in its settings, then come back.",
  off: "Comments, reactions, remixes and finished pictures, also while livefeed is closed.",
  on: "This browser tells you, also while livefeed is closed.",
};

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

  constructor() {
    super();
    this.standing = null;
    this.busy = false;
    this.trouble = "";
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .row {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 4px 20px;
        align-items: center;
        inline-size: 100%;
        min-block-size: 44px;
        text-align: start;
      }
      b {
        font-weight: 600;
        font-size: 15px;
      }
      .said {
        grid-column: 1;
        color: var(--ink2);
        text-wrap: pretty;
      }
      .track {
        grid-column: 2;
        grid-row: 1 / span 2;
        position: relative;
        inline-size: 44px;
        block-size: 26px;
        border-radius: 13px;
        background: var(--chip);
        box-shadow: inset 0 0 0 1.5px var(--edge);
        transition: background var(--quick) var(--ease);
      }
      .track::after {
        content: "";
        position: absolute;
        inset-block-start: 5px;
        inset-inline-start: 5px;
        inline-size: 16px;
        block-size: 16px;
        border-radius: 50%;
        background: var(--edge);
        transition: inset-inline-start var(--quick) var(--ease);
      }
      [aria-checked="true"] .track {
        background: var(--ink);
        box-shadow: none;
      }
      [aria-checked="true"] .track::after {
        inset-inline-start: 23px;
        background: var(--wall);
      }
      button:not(:disabled):hover .track {
        background: var(--chip-hover);
      }
      button[aria-checked="true"]:not(:disabled):hover .track {
        background: var(--ink2);
      }
      .busy .track {
        opacity: 0.55;
      }
      .unsupported .track,
      .denied .track {
        display: none;
      }
      .trouble {
        color: var(--bad);
        margin-block-start: 6px;
      }
      @media (forced-colors: active) {
        .track {
          border: 1px solid ButtonText;
        }
        .track::after {
          background: ButtonText;
        }
        [aria-checked="true"] .track {
          background: Highlight;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
    // Somebody may have allowed them in the browser's settings meanwhile.
    document.addEventListener("visibilitychange", this.#seen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#seen);
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
        <b id="name">Push notifications</b>
        <span class="said" id="said">${SAID[standing]}</span>
        <span class="track" aria-hidden="true"></span>
      </button>
      <p class="trouble" role="alert" ?hidden=${!this.trouble}>${this.trouble}</p>`;
  }

  #press = async (): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    this.trouble = "";
    try {
      this.standing = await (this.standing === "on" ? turnOff() : turnOn());
    } catch (error) {
      // What a browser says of its push service is for its makers.
      this.trouble =
        error instanceof PushRefused
          ? error.message
          : "This browser's push service cannot be reached. Try again in a moment.";
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
