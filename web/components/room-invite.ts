import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { asProblem } from "../live/problem";
import { roomHead } from "../styles/room-head";
import { say } from "../words/words";
import { icon } from "./icons";
import { opened } from "./popup";
import { WatchRoom, type RoomDesk } from "./room-desk";

/** The links that let others in: one to paint, one to look on. */
export class RoomInvite extends LitElement {
  static override properties = {
    desk: { attribute: false },
    small: { type: Boolean, reflect: true },
    links: { state: true },
    copied: { state: true },
    problem: { state: true },
  };
  declare desk: RoomDesk;
  declare small: boolean;
  declare links: Readonly<Record<"editor" | "viewer", string>>;
  declare copied: "editor" | "viewer" | "";
  declare problem: string;

  constructor() {
    super();
    this.small = false;
    this.links = { editor: "", viewer: "" };
    this.copied = "";
    this.problem = "";
    new WatchRoom(this, ({ session }) => [session.isOwner, session.state.room?.state]);
  }

  static override styles = [
    roomHead,
    css`
      .way {
        display: grid;
        gap: 6px;
      }
      .way > span {
        font-weight: 600;
        font-size: 13px;
      }
      .line {
        display: flex;
        gap: 8px;
      }
      input {
        flex: 1;
        min-inline-size: 0;
        block-size: 40px;
        padding-inline: 14px;
        border-radius: 20px;
        font-size: 13px;
        color: var(--ink2);
        text-overflow: ellipsis;
      }
      .popup .problem {
        color: var(--bad);
      }
      .problem:empty {
        display: none;
      }
    `,
  ];

  override render(): TemplateResult {
    if (!this.desk.session.isOwner) return html`${nothing}`;
    return html`<button
        class=${this.small ? "round" : "button outlined opener"}
        popovertarget="invite"
        aria-expanded="false"
        aria-label=${say("invite.invite")}
        data-testid="invite"
      >
        ${icon("invite")} ${this.small ? nothing : say("invite.invite")}
      </button>
      <div
        class="popup"
        id="invite"
        popover
        role="dialog"
        aria-label=${say("invite.invite")}
        @toggle=${(event: Event) => opened(event, this.renderRoot.querySelector("[popovertarget]")) && void this.#fetch()}
      >
        <h2>${say("invite.invite")}</h2>
        ${this.#way("editor")} ${this.#way("viewer")}
        <p class="problem" role="alert">${this.problem}</p>
        <p>${say("invite.what")}</p>
      </div>`;
  }

  #way(role: "editor" | "viewer"): TemplateResult {
    const link = this.links[role];
    return html`<div class="way">
      <span>${say(`invite.${role}`)}</span>
      <div class="line">
        <input
          readonly
          aria-label=${say(`invite.link-${role}`)}
          data-testid="link-${role}"
          .value=${link}
          placeholder="…"
          @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
        />
        <button class="button outlined" ?disabled=${!link} @click=${() => void this.#copy(role)}>
          ${say(this.copied === role ? "copied" : "invite.copy")}
        </button>
        <button
          class="round"
          aria-label=${say(`invite.renew-${role}`)}
          title=${say("invite.renew")}
          ?disabled=${!link}
          @click=${() => void this.#renew(role)}
        >
          ${icon("close", 16)}
        </button>
      </div>
    </div>`;
  }

  async #fetch(): Promise<void> {
    this.problem = this.copied = "";
    try {
      const { api } = this.desk.session;
      const [editor, viewer] = await Promise.all([api.invite("editor"), api.invite("viewer")]);
      this.links = { editor: absolute(editor.url), viewer: absolute(viewer.url) };
    } catch (error) {
      this.problem = asProblem(error).sentence;
    }
  }

  async #renew(role: "editor" | "viewer"): Promise<void> {
    try {
      await this.desk.session.api.endInvite(role);
      this.links = { ...this.links, [role]: "" };
      await this.#fetch();
    } catch (error) {
      this.problem = asProblem(error).sentence;
    }
  }

  async #copy(role: "editor" | "viewer"): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.links[role]);
      this.copied = role;
    } catch {
      this.renderRoot.querySelector<HTMLInputElement>(`[data-testid=link-${role}]`)?.select();
      this.problem = say("invite.no-copy");
    }
  }
}

/** A link as somebody else can open it. */
function absolute(url: string): string {
  return new URL(url, location.origin).href;
}

customElements.define("room-invite", RoomInvite);
