import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { base } from "../styles/base";
import "../components/switch-row";
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
    css`
      :host {
        display: block;
      }
      .trouble {
        color: var(--bad);
        font-size: 13px;
        line-height: 18px;
        padding-block-end: 8px;
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
    return html`<switch-row
        name="push"
        label=${say("push.title")}
        sentence=${say(`push.${standing}`)}
        ?on=${standing === "on"}
        ?busy=${this.busy}
        ?disabled=${locked}
        data-testid="push-switch"
        @choose=${this.#press}
      ></switch-row>
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
