import { css, html, LitElement, type TemplateResult } from "lit";
import { asProblem } from "../live/problem";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "../words/more";
import { studio, Watch } from "./studio";

/** As the server counts, and as `said.name-letters` says. */
const SHORTEST = 2;
const LONGEST = 30;

/** Take another name. Tells `named` when that is done, or nothing was to be done. */
export class HandleForm extends LitElement {
  static override properties = { problem: { state: true }, saving: { state: true } };
  declare problem: string;
  declare saving: boolean;

  constructor() {
    super();
    this.problem = "";
    this.saving = false;
    new Watch(this, () => [studio.live.me, studio.live.shownMe]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        min-block-size: 64px;
      }
      label {
        font-size: 13px;
        line-height: 18px;
        color: var(--ink2);
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
      }
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
      }
      .line {
        display: flex;
        min-inline-size: 0;
        gap: 8px;
      }
      input {
        flex: 1 1 0;
        inline-size: 0;
        min-inline-size: 0;
        block-size: 40px;
        padding-inline: 14px;
        border-radius: 20px;
        box-shadow: inset 0 0 0 1px var(--edge);
        font-size: 14px;
        color: var(--ink);
      }
      input:focus-visible {
        outline-offset: 2px;
        box-shadow: inset 0 0 0 1px var(--edge);
      }
      .problem {
        color: var(--bad);
        font-size: 13px;
        line-height: 18px;
      }
      .problem:empty {
        display: none;
      }
      @media (max-width: 719px) {
        input {
          font-size: 16px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<form @submit=${this.#rename}>
      <label
        >${say("name.yours")}
        <span class="line">
          <input
            name="handle"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            .value=${studio.live.shownMe?.handle ?? ""}
            aria-invalid=${this.problem ? "true" : "false"}
            aria-describedby="problem"
          />
          <button class="button outlined" ?disabled=${this.saving || !studio.live.me}>
            ${say("name.rename")}
          </button>
        </span>
      </label>
      <p id="problem" class="problem" role="alert">${this.problem}</p>
    </form>`;
  }

  async #rename(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const handle = String(new FormData(event.target as HTMLFormElement).get("handle") ?? "").trim();
    this.problem = "";
    if (!handle || handle === studio.live.me?.handle) return this.#done();
    if ([...handle].length < SHORTEST || [...handle].length > LONGEST) {
      this.problem = say("said.name-letters");
      return;
    }
    this.saving = true;
    try {
      const { user } = await studio.live.api.rename(handle);
      studio.live.setMe(user);
      studio.choices.set("handle", user.handle);
      this.#done();
      studio.live.notices.say({ text: say("name.now", { handle: user.handle }) });
    } catch (error) {
      this.problem = asProblem(error).sentence;
    } finally {
      this.saving = false;
    }
  }

  #done(): void {
    this.dispatchEvent(new CustomEvent("named"));
  }
}

customElements.define("handle-form", HandleForm);
