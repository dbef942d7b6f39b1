import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { FOLLOWING, Follows } from "../live/follows";
import type { User } from "../live/protocol";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "../words/more";
import { icon } from "./icons";
import { studio, Watch } from "./studio";

export const follows = new Follows(
  studio.live,
  () => studio.feed === FOLLOWING && location.pathname === "/following",
);

/** Follow somebody, or no more. Of oneself there is nothing to follow. */
export class FollowButton extends LitElement {
  static override properties = {
    user: { attribute: false },
    small: { type: Boolean },
    main: { type: Boolean },
  };
  declare user: User | null;
  declare small: boolean;
  /** The one main act of its place. */
  declare main: boolean;

  constructor() {
    super();
    this.user = null;
    this.small = false;
    this.main = false;
    new Watch(this, () => [studio.live.state.people.get(this.user?.id ?? ""), studio.live.shownMe]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: inline-block;
        flex: none;
      }
      /* As wide as the longer word: pressing it moves nothing. */
      .button {
        min-inline-size: 104px;
      }
      .small {
        min-inline-size: 96px;
      }
      .followed {
        color: var(--ink2);
      }
    `,
  ];

  override willUpdate(): void {
    if (this.user && this.user.id !== studio.live.shownMe?.id) void follows.know(this.user);
  }

  override render(): TemplateResult {
    const user = this.user;
    if (!user || user.id === studio.live.shownMe?.id) return html`${nothing}`;
    const followed = studio.live.state.people.get(user.id)?.followed ?? false;
    const look = followed ? "outlined followed" : this.main ? "full" : "outlined";
    return html`<button
      class="button ${look} ${this.small ? "small" : ""}"
      data-testid="follow"
      aria-pressed=${followed ? "true" : "false"}
      aria-label=${followed ? nothing : say("follow.label", { handle: user.handle })}
      @click=${() => void this.#press(user)}
    >
      ${followed ? icon("check", 15) : nothing}
      ${say(followed ? "follow.followed" : "follow.follow")}${
        followed
          ? html`<span class="visually-hidden">${say("comma", { one: "", other: user.handle })}</span>`
          : nothing
      }
    </button>`;
  }

  async #press(user: User): Promise<void> {
    if (!studio.live.state.people.has(user.id)) await follows.know(user);
    const followed = studio.live.state.people.get(user.id)?.followed ?? false;
    await follows.set(user, !followed);
  }
}

customElements.define("follow-button", FollowButton);
