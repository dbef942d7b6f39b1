import { html, LitElement, nothing, type TemplateResult } from "lit";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import { canTell, tell, tells } from "./done-notices";
import { icon } from "./icons";

/** The system may say when a picture is done, once it was asked to here; then, and where it may not, this goes. */
export class TellChip extends LitElement {
  static override styles = [base, buttons];

  override render(): TemplateResult {
    if (!canTell() || tells() || Notification.permission === "denied") return html`${nothing}`;
    return html`<button
      type="button"
      class="chip"
      data-testid="tell"
      @click=${() => void tell(true).then(() => this.requestUpdate())}
    >
      ${icon("bell", 16)} ${say("create.tell")}
    </button>`;
  }
}

customElements.define("tell-chip", TellChip);
