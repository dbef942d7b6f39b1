import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { pathOfPerson } from "../live/route";
import { base, buttons, floating } from "../styles/base";
import "../words/more";
import { say } from "../words/words";
import "./handle-form";
import { icon } from "./icons";
import "./person-avatar";
import { studio, Watch } from "./studio";

/** What is at hand about oneself: the name, one's pictures and rooms, being seen, the wall's light. Tells `done`. */
export class MePopover extends LitElement {
  constructor() {
    super();
    new Watch(this, () => [studio.live.shownMe, studio.live.hidden]);
  }

  static override styles = [
    base,
    buttons,
    floating,
    css`
      :host {
        display: block;
        inline-size: 288px;
      }
      .popover {
        padding: 20px;
        border-radius: 22px;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
      }
      .who {
        display: flex;
        align-items: center;
        gap: 12px;
        font-weight: 600;
        min-inline-size: 0;
      }
      .who bdi {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .rows {
        display: grid;
        margin-inline: -8px;
        border-block-start: 1px solid var(--line);
        padding-block-start: 10px;
      }
      .row {
        display: flex;
        align-items: center;
        gap: 12px;
        min-block-size: 40px;
        padding-inline: 8px;
        border-radius: 12px;
        color: var(--ink2);
      }
      .row:hover {
        background: var(--chip);
        color: var(--ink);
      }
      .row:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
    `,
  ];

  override render(): TemplateResult {
    const { shownMe: me, hidden } = studio.live;
    if (!me) return html`${nothing}`;
    const night = studio.theme === "night";
    return html`<div class="popover floating" role="dialog" aria-label=${say("you.you")}>
      <div class="who">
        <person-avatar .user=${me} .size=${40}></person-avatar><bdi data-testid="my-handle">${me.handle}</bdi>
      </div>
      <handle-form @named=${this.#done}></handle-form>
      <div class="rows">
        <a class="row" href=${pathOfPerson(me.handle)} @click=${this.#done}
          >${icon("picture")} ${say("you.pictures")}</a
        >
        <button class="row" data-testid="your-rooms" @click=${this.#rooms}>
          ${icon("people")} ${say("you.rooms")}
        </button>
        <a class="row" href="/settings" @click=${this.#done}>${icon("settings")} ${say("nav.settings")}</a>
        <button
          class="row"
          data-testid="unseen"
          aria-pressed=${hidden ? "true" : "false"}
          title=${say("you.unseen-what")}
          @click=${() => studio.live.hide(!hidden)}
        >
          ${icon(hidden ? "eye" : "unseen")} ${say(hidden ? "you.seen" : "you.unseen")}
        </button>
        <button class="row" data-testid="theme" @click=${() => studio.shade.toggle()}>
          ${icon(night ? "sun" : "moon")} ${say(night ? "you.day" : "you.night")}
        </button>
      </div>
    </div>`;
  }

  readonly #done = (): void => {
    this.dispatchEvent(new CustomEvent("done"));
  };

  readonly #rooms = (): void => {
    this.#done();
    void import("./room-list").then(({ showRooms }) => showRooms());
  };
}

customElements.define("me-popover", MePopover);
