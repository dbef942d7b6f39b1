import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { pigmentOf, voters } from "../live/fold-room";
import { pigmentColour } from "../live/pigments";
import type { Variation } from "../live/room-protocol";
import { pathOfPost } from "../live/route";
import { roomHead } from "../styles/room-head";
import { say } from "../words/words";
import "./picture-frame";
import { opened } from "./popup";
import { WatchRoom, type RoomDesk } from "./room-desk";
import { studio } from "./studio";

const MOST_DABS = 6;

/** Hang one variation on the wall with everybody's name on it: the owner, or any editor once most have voted for it. */
export class RoomPublish extends LitElement {
  static override properties = {
    desk: { attribute: false },
    small: { type: Boolean, reflect: true },
    caption: { state: true },
  };
  declare desk: RoomDesk;
  declare small: boolean;
  declare caption: string;

  constructor() {
    super();
    this.small = false;
    this.caption = "";
    new WatchRoom(this, ({ session, viewed }) => [
      session.state.room,
      session.state.variations,
      session.state.votes,
      session.state.totals,
      session.state.members,
      session.state.roster,
      session.state.revoked,
      session.publishing,
      viewed,
    ]);
  }

  static override styles = [
    roomHead,
    css`
      .dabs {
        display: flex;
        gap: 3px;
      }
      .dabs i {
        inline-size: 7px;
        block-size: 13px;
        border-radius: 2px;
        background: color-mix(in srgb, currentColor 22%, transparent);
        transform: skewX(var(--lean));
      }
      .tally {
        font-variant-numeric: tabular-nums;
      }
      .what {
        display: grid;
        grid-template-columns: 84px minmax(0, 1fr);
        gap: 14px;
        align-items: center;
      }
      picture-frame {
        inline-size: 84px;
        block-size: 84px;
        border-radius: 3px;
      }
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
      }
      label {
        display: grid;
        gap: 6px;
        font-size: 13px;
        color: var(--ink2);
      }
      textarea {
        min-block-size: 60px;
        padding: 10px 14px;
        border-radius: 16px;
        resize: none;
        field-sizing: content;
        max-block-size: 140px;
        font: italic 420 18px/24px var(--serif);
        color: var(--ink);
      }
      textarea::placeholder {
        color: var(--ink3);
        opacity: 1;
      }
    `,
  ];

  override render(): TemplateResult {
    const { room } = this.desk.session.state;
    if (room?.state === "published" && room.published) {
      return html`<a class="button full opener" href=${pathOfPost(room.published)} data-testid="published">
        ${say(this.small ? "publish.see" : "publish.see-wall")}
      </a>`;
    }
    // Who only looks on is not offered what is not theirs to do.
    if (room?.role === "viewer" || !room) return html`${nothing}`;
    const chosen = this.#chosen;
    return html`<button
        class="button full opener"
        popovertarget="publish"
        aria-expanded="false"
        aria-label=${chosen ? say("publish.with-tally", this.#votes(chosen)) : say("publish.publish")}
        data-testid="publish"
      >
        ${say("publish.publish")}
        ${
          chosen && !this.small
            ? html`${this.#dabs(chosen)}<span class="tally" aria-hidden="true"
                  >${say("publish.tally", this.#votes(chosen))}</span
                >`
            : nothing
        }
      </button>
      <div
        class="popup"
        id="publish"
        popover
        role="dialog"
        aria-label=${say("publish.publish")}
        @toggle=${(event: Event) => opened(event, this.renderRoot.querySelector("[popovertarget]"))}
      >
        <h2>${say("publish.publish")}</h2>
        ${
          chosen
            ? html`<form @submit=${this.#submit}>${this.#form(chosen)}</form>`
            : html`<p>${this.#reason(null)}</p>`
        }
      </div>`;
  }

  #form(chosen: Variation): TemplateResult {
    const { session } = this.desk;
    const reason = this.#reason(chosen);
    const number = session.state.variations.indexOf(chosen) + 1;
    return html`<div class="what">
        <picture-frame
          .media=${chosen.media ?? null}
          .alt=${chosen.prompt}
          sizes="84px"
          eager
        ></picture-frame>
        <p>${say("publish.what", { number, ...this.#votes(chosen) })}</p>
      </div>
      <label
        >${say("publish.title")}
        <textarea
          rows="2"
          dir="auto"
          data-testid="caption"
          maxlength=${studio.live.limits.caption}
          placeholder=${chosen.prompt}
          .value=${this.caption}
          @input=${(event: Event) => (this.caption = (event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </label>
      ${reason ? html`<p data-testid="publish-reason">${reason}</p>` : nothing}
      <button class="button full" data-testid="publish-it" ?disabled=${Boolean(reason) || session.publishing}>
        ${say(session.publishing ? "publish.publishing" : "publish.it")}
      </button>`;
  }

  /** The one that is looked at, if it is finished; else the one with the most votes, else the newest. */
  get #chosen(): Variation | null {
    const { session, viewed } = this.desk;
    const finished = session.state.variations.filter(({ state }) => state === "completed");
    return finished.find(({ id }) => id === viewed) ?? session.leading ?? finished.at(-1) ?? null;
  }

  /** Why it cannot be published by me now, "" when it can. */
  #reason(chosen: Variation | null): string {
    const { session } = this.desk;
    const { state } = session;
    if (!session.mayEdit) return this.desk.reason;
    if (!chosen) return say("publish.none");
    if (session.isOwner) return "";
    const needed = Math.floor(voters(state) / 2) + 1;
    const missing = needed - (state.totals.get(chosen.id) ?? 0);
    return missing > 0 ? say("publish.missing", { count: missing }) : "";
  }

  #votes(chosen: Variation): { readonly votes: number; readonly voters: number } {
    const { state } = this.desk.session;
    return { votes: state.totals.get(chosen.id) ?? 0, voters: voters(state) };
  }

  #dabs(chosen: Variation): TemplateResult | typeof nothing {
    const { state } = this.desk.session;
    const all = voters(state);
    if (all > MOST_DABS) return nothing;
    const users = [...state.votes].filter(([, id]) => id === chosen.id).map(([user]) => user);
    const total = Math.max(users.length, state.totals.get(chosen.id) ?? 0);
    // The button is ink on the wall, turned over: so is the theme.
    const theme = studio.theme === "night" ? "day" : "night";
    return html`<span class="dabs" aria-hidden="true"
      >${Array.from({ length: Math.max(all, total) }, (_, index) => {
        const user = users[index];
        const colour =
          user || index < total ? pigmentColour(user ? pigmentOf(state, user) : null, theme) : "";
        return html`<i style=${colour ? `background:${colour}` : ""}></i>`;
      })}</span
    >`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const chosen = this.#chosen;
    if (!chosen) return;
    const popup = (event.currentTarget as HTMLElement).closest<HTMLElement>("[popover]");
    const post = await this.desk.session.publish(chosen.id, this.caption.trim());
    if (post && popup?.matches(":popover-open")) popup.hidePopover();
  }
}

customElements.define("room-publish", RoomPublish);
