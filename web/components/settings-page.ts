import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { pathOfPerson } from "../live/route";
import { base, buttons } from "../styles/base";
import { page } from "../styles/page";
import { settingRow } from "../styles/setting-row";
import { isLanguage, LANGUAGES } from "../words/languages";
import { chooseLanguage, chosenLanguage } from "../words/reader";
import { say } from "../words/words";
import "../words/more";
import { canTell, tell, tells } from "./done-notices";
import "./handle-form";
import { icon } from "./icons";
import "./person-avatar";
import { studio, Watch } from "./studio";
import "./switch-row";

/** What is chosen in this browser, for all its tabs: light, motion, language, what is told; and who one is. */
export class SettingsPage extends LitElement {
  static override properties = { refused: { state: true } };
  /** The browser does not let the page say anything. */
  declare refused: boolean;

  constructor() {
    super();
    this.refused = false;
    new Watch(this, () => [studio.live.shownMe, studio.live.hidden, studio.live.paused, studio.live.keptOut]);
  }

  static override styles = [
    base,
    buttons,
    page,
    settingRow,
    css`
      section {
        padding-block: 20px;
        border-block-end: 1px solid var(--line);
      }
      section:last-child {
        border: 0;
      }
      h2 {
        font-size: 15px;
        line-height: 20px;
        font-weight: 600;
        margin-block-end: 12px;
      }
      .choices {
        display: flex;
        gap: 2px;
        padding: 3px;
        border-radius: 20px;
        background: var(--chip);
      }
      .choices label {
        position: relative;
        display: grid;
        place-items: center;
        min-block-size: 34px;
        padding-inline: 14px;
        border-radius: 17px;
        font-size: 13px;
        color: var(--ink2);
        white-space: nowrap;
        cursor: pointer;
      }
      .choices input {
        position: absolute;
        inset: 0;
        opacity: 0;
        cursor: pointer;
      }
      .choices label:has(:checked) {
        color: var(--ink);
        font-weight: 600;
        box-shadow: inset 0 0 0 1.5px var(--ink);
      }
      .choices label:has(:focus-visible) {
        outline: 2px solid var(--ink);
        outline-offset: 2px;
      }
      @media (forced-colors: active) {
        .choices label {
          outline: 1px solid ButtonBorder;
          outline-offset: -1px;
        }
        .choices label:has(:checked) {
          outline: 3px solid Highlight;
          outline-offset: -3px;
        }
      }
      .choice {
        position: relative;
      }
      .choice svg {
        position: absolute;
        inset-block-start: 11px;
        inset-inline-end: 14px;
        pointer-events: none;
      }
      select {
        appearance: none;
        font: inherit;
        color: inherit;
        min-block-size: 40px;
        padding-inline: 16px 40px;
        border: 0;
        border-radius: 20px;
        background: transparent;
        box-shadow: inset 0 0 0 1px var(--edge);
        cursor: pointer;
      }
      option {
        background: var(--raised);
        color: var(--ink);
      }
      handle-form {
        margin-block-end: 8px;
      }
      .who {
        display: flex;
        align-items: center;
        gap: 14px;
        font-weight: 600;
        margin-block-end: 16px;
      }
      .away {
        color: var(--ink2);
        margin-block-end: 12px;
      }
      .who a {
        margin-inline-start: auto;
      }
      .who bdi {
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      @media (pointer: coarse) {
        .choices label {
          min-block-size: 44px;
        }
        .choices {
          border-radius: 25px;
        }
        .choices label {
          border-radius: 22px;
        }
        select {
          min-block-size: 44px;
          font-size: 16px;
        }
        .choice svg {
          inset-block-start: 13px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<h1>${say("nav.settings")}</h1>
      ${this.#you()}
      <section aria-labelledby="looks">
        <h2 id="looks">${say("set.wall")}</h2>
        ${this.#theme()} ${this.#motion()} ${this.#pause()} ${this.#language()}
      </section>
      <section aria-labelledby="told">
        <h2 id="told">${say("set.told")}</h2>
        ${this.#tell()}
        <slot name="push"></slot>
      </section>
      <section aria-labelledby="keys">
        <h2 id="keys">${say("set.keyboard")}</h2>
        <div class="row">
          <span class="what"
            >${say("set.keys")}${studio.singleKeys ? html`<small>${say("set.keys-where")}</small>` : nothing}</span
          >
          <button class="button outlined" @click=${this.#keys}>${say("set.show-keys")}</button>
        </div>
        ${this.#single()}
      </section>`;
  }

  #you(): TemplateResult {
    const me = studio.live.shownMe;
    return html`<section aria-labelledby="you">
      <h2 id="you">${say("you.you")}</h2>
      <div class="who">
        <person-avatar .user=${me} .size=${48}></person-avatar><bdi>${me?.handle ?? "…"}</bdi>
        ${me ? html`<a class="button outlined small" href=${pathOfPerson(me.handle)}>${say("you.pictures")}</a>` : nothing}
      </div>
      ${studio.live.keptOut ? html`<p class="away">${say("wall.no-line")}</p>` : html`<handle-form></handle-form>`}
      ${this.#switch("unseen", say("you.unseen"), say("set.unseen-what"), studio.live.hidden, (on) =>
        studio.live.hide(on),
      )}
    </section>`;
  }

  #theme(): TemplateResult {
    return this.#choice(
      "theme",
      say("set.light"),
      [
        ["", say("set.system")],
        ["day", say("set.day")],
        ["night", say("set.night")],
      ],
      studio.shade.chosen,
    );
  }

  #motion(): TemplateResult {
    return this.#choice(
      "motion",
      say("set.motion"),
      [
        ["", say("set.system")],
        ["reduced", say("set.less")],
        ["full", say("set.full")],
      ],
      studio.shade.motion,
    );
  }

  #pause(): TemplateResult {
    return this.#switch("pause", say("set.still"), say("set.still-what"), studio.live.paused, (on) =>
      studio.pause(on),
    );
  }

  #single(): TemplateResult {
    return this.#switch("keys", say("set.single"), say("set.single-what"), studio.singleKeys, (on) =>
      studio.choices.set("keys", on ? null : "no"),
    );
  }

  #language(): TemplateResult {
    const chosen = chosenLanguage() ?? "";
    return html`<div class="row">
      <label class="what" for="language">${say("set.language")}</label>
      <span class="choice">
        <select id="language" data-testid="language" @change=${this.#speak}>
          <option value="" ?selected=${!chosen}>${say("set.system")}</option>
          ${LANGUAGES.map(
            ({ id, name }) =>
              html`<option value=${id} lang=${id} ?selected=${id === chosen}>${name}</option>`,
          )}
        </select>
        ${icon("down")}
      </span>
    </div>`;
  }

  readonly #speak = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    void chooseLanguage(isLanguage(value) ? value : null);
  };

  #tell(): TemplateResult {
    const sentence = !canTell()
      ? say("set.tell-cannot")
      : this.refused || Notification.permission === "denied"
        ? say("push.denied")
        : say("set.tell-what");
    return this.#switch(
      "tell",
      say("set.tell"),
      sentence,
      tells(),
      (on) =>
        void tell(on).then((granted) => {
          this.refused = on && !granted;
          this.requestUpdate();
        }),
      !canTell() || Notification.permission === "denied",
    );
  }

  #choice(
    name: string,
    label: string,
    values: readonly (readonly [value: string, label: string])[],
    chosen: string | null,
  ): TemplateResult {
    return html`<fieldset class="row" data-testid=${name}>
      <span class="what" id=${name}>${label}</span>
      <span class="choices" role="radiogroup" aria-labelledby=${name}>
        ${values.map(
          ([value, words]) =>
            html`<label
              ><input
                type="radio"
                name=${name}
                value=${value}
                .checked=${value === (chosen ?? "")}
                @change=${() => studio.choices.set(name, value || null)}
              />${words}</label
            >`,
        )}
      </span>
    </fieldset>`;
  }

  #switch(
    name: string,
    label: string,
    sentence: string,
    on: boolean,
    choose: (on: boolean) => void,
    disabled = false,
  ): TemplateResult {
    return html`<switch-row
      name=${name}
      label=${label}
      sentence=${sentence}
      ?on=${on}
      ?disabled=${disabled}
      @choose=${(event: CustomEvent<boolean>) => choose(event.detail)}
    ></switch-row>`;
  }

  #keys(): void {
    this.dispatchEvent(new CustomEvent("keys", { bubbles: true, composed: true }));
  }
}

customElements.define("settings-page", SettingsPage);
