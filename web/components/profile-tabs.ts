import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { User } from "../live/protocol";
import { isPrivate, pathOfPerson, TABS, type Tab } from "../live/route";
import type { Counts } from "../live/state";
import { base } from "../styles/base";
import { count as figure, say } from "../words/words";
import "../words/more";
import { studio, Watch } from "./studio";

/** The walls of a profile, each with an address of its own; what only its owner sees is offered to nobody else. */
export class ProfileTabs extends LitElement {
  static override properties = { user: { attribute: false }, tab: { type: String } };
  declare user: User | null;
  declare tab: Tab;

  constructor() {
    super();
    this.user = null;
    this.tab = "pictures";
    new Watch(this, () => [studio.live.state.people.get(this.user?.id ?? ""), studio.live.me]);
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-block-size: 45px;
        border-block-end: 1px solid var(--line);
        margin-block: 14px 24px;
      }
      nav {
        display: flex;
        gap: 28px;
        overflow: auto hidden;
        scrollbar-width: none;
        /* The rings of what has the focus are not cut off, nor is the dab that lies on the line. */
        padding-inline: 6px;
        margin-inline: -6px;
        margin-block-end: -1px;
      }
      a {
        position: relative;
        display: flex;
        align-items: baseline;
        gap: 7px;
        flex: none;
        padding-block: 12px 13px;
        font-size: 15px;
        line-height: 20px;
        color: var(--ink2);
        border-radius: 6px;
      }
      a:hover,
      a[aria-current] {
        color: var(--ink);
      }
      a[aria-current] {
        font-weight: 500;
      }
      a[aria-current]::after {
        content: "";
        position: absolute;
        inset-inline: 0;
        inset-block-end: 0;
        block-size: 3px;
        border-radius: 1px;
        background: var(--ink);
        transform: skewX(var(--lean));
      }
      a:focus-visible {
        outline-offset: -7px;
        box-shadow: none;
      }
      small {
        font-size: 13px;
        font-weight: 400;
        font-variant-numeric: tabular-nums;
        color: var(--ink3);
      }
      @media (max-width: 719px) {
        nav {
          gap: 22px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { user } = this;
    if (!user) return html`${nothing}`;
    const own = user.id === studio.live.me?.id;
    const counts = studio.live.state.people.get(user.id)?.counts ?? null;
    return html`<nav aria-label=${say("profile.walls")} data-testid="profile-tabs">
      ${TABS.filter((tab) => own || !isPrivate(tab)).map((tab) => {
        const count = counts?.[tab];
        return html`<a
          href=${pathOfPerson(user.handle, tab)}
          aria-current=${tab === this.tab ? "page" : nothing}
          data-tab=${tab}
          >${say(LABELS[tab])}${count === undefined ? nothing : html` <small>${figure(count)}</small>`}</a
        >`;
      })}
    </nav>`;
  }
}

const LABELS = {
  pictures: "profile.pictures",
  remixes: "profile.remixes",
  rooms: "profile.rooms",
  liked: "profile.liked",
} as const satisfies Record<Tab & keyof Counts, string>;

customElements.define("profile-tabs", ProfileTabs);
