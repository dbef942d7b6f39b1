import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { faced, pigmentOf } from "../live/fold-room";
import { pigmentColour } from "../live/pigments";
import { asProblem } from "../live/problem";
import type { Here, Member, Role } from "../live/room-protocol";
import { pathOfPost } from "../live/route";
import { roomHead } from "../styles/room-head";
import { joined } from "../words/figures";
import { say, woven } from "../words/words";
import { icon } from "./icons";
import "./person-avatar";
import { opened } from "./popup";
import { WatchRoom, type RoomDesk } from "./room-desk";
import { studio } from "./studio";

/** Rings beside each other; more are counted. */
const MOST_RINGS = 5;

/** Who is here, each with the ring of their pigment; pressed, everybody who may come in, and what they may do. */
export class RoomPeople extends LitElement {
  static override properties = {
    desk: { attribute: false },
    small: { type: Boolean, reflect: true },
    asked: { state: true },
    removing: { state: true },
  };
  declare desk: RoomDesk;
  declare small: boolean;
  /** Whether to leave for good was asked for once. */
  declare asked: boolean;
  /** The handle of whom to remove was asked for once, "" if nobody. */
  declare removing: string;

  constructor() {
    super();
    this.small = false;
    this.asked = false;
    this.removing = "";
    new WatchRoom(this, ({ session: { state } }) => [
      state.roster,
      state.count,
      state.members,
      state.room,
      studio.live.me,
      studio.live.hidden,
    ]);
  }

  static override styles = [
    roomHead,
    css`
      .here {
        display: flex;
        align-items: center;
        gap: 14px;
        min-block-size: 44px;
        padding-inline: 8px;
        border-radius: 22px;
        font-size: 13px;
        color: var(--ink2);
        white-space: nowrap;
      }
      .here:hover {
        background: var(--chip);
      }
      .rings {
        display: flex;
        gap: 5px;
      }
      .ring {
        display: grid;
        padding: 2px;
        border-radius: 50%;
        box-shadow: 0 0 0 2px var(--pigment);
      }
      :host([small]) .rings {
        gap: 0;
      }
      :host([small]) .ring + .ring {
        margin-inline-start: -7px;
      }
      :host([small]) .ring {
        background: var(--panel);
      }
      ul {
        display: grid;
        gap: 4px;
        margin-inline: -6px;
      }
      li {
        display: flex;
        align-items: center;
        gap: 12px;
        min-block-size: 44px;
        padding-inline: 6px;
        border-radius: 12px;
      }
      .asked {
        flex-wrap: wrap;
      }
      .sure {
        flex: 1 1 100%;
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        padding-block-end: 8px;
      }
      .sure .button {
        block-size: auto;
        min-inline-size: 0;
        padding-block: 7px;
        white-space: normal;
        overflow-wrap: anywhere;
        text-align: start;
      }
      .away .ring {
        box-shadow: none;
      }
      .name {
        flex: 1;
        min-inline-size: 0;
      }
      .name b {
        display: block;
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .name small {
        font-size: 12px;
        color: var(--ink3);
      }
      .leave {
        border-block-start: 1px solid var(--line);
        padding-block-start: 14px;
      }
      .button.leave {
        justify-content: start;
        padding: 10px 0 0;
        border-radius: 0;
      }
      div.leave {
        display: grid;
        gap: 10px;
      }
      .acts {
        display: flex;
        gap: 2px;
      }
      .acts .button {
        padding-inline: 9px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { roster } = this.desk.session.state;
    const me = this.desk.session.me;
    const others = roster.filter(({ user }) => user.id !== me);
    const rings = this.small ? roster.slice(0, 3) : (others.length ? others : roster).slice(0, MOST_RINGS);
    return html`<button
        class="here"
        popovertarget="people"
        aria-expanded="false"
        data-testid="roster"
        data-here=${roster.length}
      >
        <span class="visually-hidden">${say("here.who-may", { here: this.#words(roster) })}</span>
        <span class="rings" aria-hidden="true"
          >${rings.map((here) => this.#ring(here, this.small ? 24 : 34))}</span
        >
        ${this.small ? nothing : html`<span>${this.#rest(others.length - rings.length)}</span>`}
      </button>
      <div
        class="popup"
        id="people"
        popover
        role="dialog"
        aria-label=${say("here.in-room")}
        @toggle=${(event: Event) => {
          opened(event, this.renderRoot.querySelector(".here"));
          this.asked = false;
          this.removing = "";
        }}
      >
        <h2>${say("here.in-room")}</h2>
        <ul>
          ${[...this.desk.session.state.members.values()].map((member) => this.#member(member))}
        </ul>
        <button
          class="button outlined"
          aria-pressed=${studio.live.hidden ? "true" : "false"}
          @click=${() => studio.live.hide(!studio.live.hidden)}
        >
          ${icon(studio.live.hidden ? "eye" : "unseen", 16)}
          ${say(studio.live.hidden ? "you.seen" : "here.unseen")}
        </button>
        <p>${studio.live.hidden ? say("here.unseen-now") : say("here.unseen-what")}</p>
        ${this.#leaving()}
      </div>`;
  }

  /** To leave for good, not only the page: asked twice, as there is no way back without an invitation. */
  #leaving(): TemplateResult | typeof nothing {
    const { room } = this.desk.session.state;
    if (!room) return nothing;
    if (room.role === "owner") {
      return html`<p class="leave">${say("leave.owner")}</p>`;
    }
    if (!this.asked) {
      return html`<button class="button plain leave" data-testid="leave" @click=${() => (this.asked = true)}>
        ${say("leave.leave")}
      </button>`;
    }
    return html`<div class="leave" role="group" aria-label=${say("leave.leave")}>
      <p>${say("leave.sure")}</p>
      <span class="acts">
        <button class="button bad" data-testid="leave-really" @click=${() => void this.#leave()}>
          ${say("leave.leave")}
        </button>
        <button class="button plain" @click=${() => (this.asked = false)}>${say("leave.stay")}</button>
      </span>
    </div>`;
  }

  async #leave(): Promise<void> {
    const { session } = this.desk;
    const { room } = session.state;
    const left = await tried(() => session.leave());
    if (!left) return;
    studio.live.notices.say({ text: say("leave.left") });
    studio.router.go(room?.post ? pathOfPost(room.post.id) : "/");
  }

  #words(roster: readonly Here[]): string {
    return say("here.here", { count: this.desk.session.state.count || roster.length });
  }

  /** "and you, 2 looking on". */
  #rest(more: number): string {
    const { roster, members } = this.desk.session.state;
    const { me } = this.desk.session;
    const mine = roster.some(({ user }) => user.id === me);
    const looking = roster.filter(
      ({ user }) => members.get(user.id)?.role === "viewer" && user.id !== me,
    ).length;
    return joined([
      more > 0 ? say("here.more", { count: more }) : "",
      mine
        ? say(roster.length > 1 ? "here.and-you" : "here.only-you")
        : studio.live.hidden
          ? say("here.you-unseen")
          : "",
      looking ? say("here.looking", { count: looking }) : "",
    ]);
  }

  #ring({ user, pigment }: Here, size: number): TemplateResult {
    return html`<span
      class="ring"
      style="--pigment:${pigmentColour(pigment, studio.theme)}"
      title=${user.handle}
      ><person-avatar .user=${faced(this.desk.session.state, user)} .size=${size}></person-avatar
    ></span>`;
  }

  #member({ user, role }: Member): TemplateResult {
    const { session } = this.desk;
    const here = session.state.roster.find((one) => one.user.id === user.id);
    const colour = pigmentColour(pigmentOf(session.state, user.id), studio.theme);
    const me = user.id === session.me;
    const named = html`<bdi>${user.handle || say("news.somebody")}</bdi>`;
    const owned = session.isOwner && role !== "owner" && !me;
    const sure = owned && this.removing === user.handle;
    return html`<li
      class="${here || me ? "" : "away"} ${sure ? "asked" : ""}"
      data-testid="member"
      data-role=${role}
    >
      <span class="ring" style="--pigment:${colour}"
        ><person-avatar .user=${faced(session.state, user)} .size=${28}></person-avatar
      ></span>
      <span class="name">
        <b>${me ? woven("here.you", { handle: named }) : named}</b>
        <small>${this.#standing(role, me, here !== undefined)}</small>
      </span>
      ${owned ? this.#acts(user.handle, role) : nothing} ${sure ? this.#sure(user.handle) : nothing}
    </li>`;
  }

  /** What somebody may do, and whether they are here; of myself I know that I am. */
  #standing(role: Role, me: boolean, here: boolean): string {
    const words = say(`here.${role}`);
    if (me) return studio.live.hidden ? say("here.unseen-role", { role: words }) : words;
    return here ? words : say("here.not-now", { role: words });
  }

  #acts(handle: string, role: Role): TemplateResult {
    const { session } = this.desk;
    const button = (label: string, title: string, act: () => Promise<void>): TemplateResult =>
      html`<button class="button plain small" title=${title} @click=${() => void tried(act)}>
        ${label}${whom(handle)}
      </button>`;
    const other = role === "editor" ? "viewer" : "editor";
    return html`<span class="acts">
      ${button(
        say(other === "editor" ? "here.let-paint" : "here.only-look"),
        say(other === "editor" ? "here.let-paint-who" : "here.only-look-who", { handle }),
        () => session.api.setRole(handle, other),
      )}
      ${this.#remove(handle)}
    </span>`;
  }

  /** Asked twice, as their invitation leads nowhere for them then. */
  #remove(handle: string): TemplateResult {
    const words = say("here.remove-who", { handle });
    const sure = this.removing === handle;
    return html`<button
      class="button plain small"
      data-testid="remove"
      data-handle=${handle}
      aria-expanded=${sure ? "true" : "false"}
      title=${words}
      @click=${() => (this.removing = sure ? "" : handle)}
    >
      ${say("here.remove")}${whom(handle)}
    </button>`;
  }

  /** On a line of its own, as long as a name may be. */
  #sure(handle: string): TemplateResult {
    return html`<span class="sure" role="group" aria-label=${say("here.remove-who", { handle })}>
      <button
        class="button small bad"
        data-testid="remove-really"
        @click=${() => void this.#removeNow(handle)}
      >
        ${say("here.remove-who", { handle })}
      </button>
      <button class="button plain small" data-testid="remove-not" @click=${() => this.#keep(handle)}>
        ${say("here.keep")}
      </button>
    </span>`;
  }

  async #removeNow(handle: string): Promise<void> {
    if (await tried(() => this.desk.session.api.remove(handle))) this.removing = "";
  }

  /** The focus goes back to where it was asked for. */
  #keep(handle: string): void {
    this.removing = "";
    const all = [...this.renderRoot.querySelectorAll<HTMLElement>("[data-testid=remove]")];
    all.find(({ dataset }) => dataset["handle"] === handle)?.focus();
  }
}

/** Of whom a button is, for those who do not see beside whom it stands. */
function whom(handle: string): TemplateResult {
  return html`<span class="visually-hidden">${say("comma", { one: "", other: handle })}</span>`;
}

/** Return whether it was done; why not, is said. */
async function tried(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    studio.live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    return false;
  }
}

customElements.define("room-people", RoomPeople);
