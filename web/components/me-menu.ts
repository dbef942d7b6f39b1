import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { pathOfPerson } from "../live/route";
import { base, buttons, floating } from "../styles/base";
import { icon } from "./icons";
import "./person-avatar";
import { studio, Watch } from "./studio";

/** You: avatar and handle, renaming, the wall's light, your pictures. A popover under your avatar. */
export class MeMenu extends LitElement {
  static override properties = {
    open: { state: true },
    upwards: { type: Boolean },
  };
  declare open: boolean;
  /** The popover opens above the button, whose label is "You": in the bar at the bottom. */
  declare upwards: boolean;

  constructor() {
    super();
    this.open = false;
    this.upwards = false;
    new Watch(this, () => [studio.live.me, studio.live.hidden]);
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
      .me {
        display: grid;
        border-radius: 50%;
      }
      :host([upwards]) .me {
        justify-items: center;
        gap: 4px;
        inline-size: 72px;
        padding-block: 4px;
        font-size: 11px;
        line-height: 14px;
        color: var(--ink2);
        border-radius: 14px;
      }
      .popover {
        position: absolute;
        inset-block-start: calc(100% + 12px);
        inset-inline-end: 0;
        inline-size: 288px;
        padding: 20px;
        border-radius: 22px;
        z-index: 30;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
      }
      :host([upwards]) .popover {
        inset-block: auto calc(100% + 18px);
      }
      .who {
        display: flex;
        align-items: center;
        gap: 12px;
        font-weight: 600;
        min-inline-size: 0;
      }
      .who span {
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

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#outside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#outside);
  }

  override render(): TemplateResult {
    const me = studio.live.me;
    return html`<button
        class="me"
        data-testid="me"
        aria-label=${me ? `You, ${me.handle}` : "You"}
        aria-haspopup="dialog"
        aria-expanded=${this.open ? "true" : "false"}
        @click=${() => this.#toggle(!this.open)}
      >
        <person-avatar .user=${me} .size=${this.upwards ? 22 : 32}></person-avatar>
        ${this.upwards ? html`<span>You</span>` : nothing}
      </button>
      ${this.open && me ? this.#popover(me.handle) : nothing}`;
  }

  #popover(handle: string): TemplateResult {
    const night = studio.theme === "night";
    return html`<div class="popover floating" role="dialog" aria-label="You" @keydown=${this.#key}>
      <div class="who">
        <person-avatar .user=${studio.live.me} .size=${40}></person-avatar
        ><span data-testid="my-handle">${handle}</span>
      </div>
      <handle-form @named=${() => this.#toggle(false)}></handle-form>
      <div class="rows">
        <a class="row" href=${pathOfPerson(handle)} @click=${() => this.#toggle(false)}
          >${icon("picture")} Your pictures</a
        >
        <button class="row" data-testid="your-rooms" @click=${this.#rooms}>
          ${icon("people")} Your rooms
        </button>
        <a class="row" href="/settings" @click=${() => this.#toggle(false)}>${icon("settings")} Settings</a>
        <button
          class="row"
          data-testid="unseen"
          aria-pressed=${studio.live.hidden ? "true" : "false"}
          title="Whether others see that you are here, in rooms and on pictures"
          @click=${() => studio.live.hide(!studio.live.hidden)}
        >
          ${icon(studio.live.hidden ? "eye" : "unseen")} ${studio.live.hidden ? "Be seen again" : "Be unseen"}
        </button>
        <button class="row" data-testid="theme" @click=${() => studio.shade.toggle()}>
          ${icon(night ? "sun" : "moon")} ${night ? "Day wall" : "Night wall"}
        </button>
      </div>
    </div>`;
  }

  readonly #outside = (event: Event): void => {
    if (this.open && !event.composedPath().includes(this)) this.#toggle(false);
  };

  #toggle(open: boolean): void {
    this.open = open;
    if (open) void import("./handle-form");
  }

  readonly #rooms = (): void => {
    this.#toggle(false);
    void import("./room-list").then(({ showRooms }) => showRooms());
  };

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#toggle(false);
    this.renderRoot.querySelector<HTMLButtonElement>(".me")?.focus();
  }
}

customElements.define("me-menu", MeMenu);
