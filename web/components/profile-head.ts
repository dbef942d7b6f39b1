import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { paletteFor } from "../live/palette";
import type { User } from "../live/protocol";
import { pathOfPost } from "../live/route";
import { titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "../words/more";
import { shareFeed } from "./share";
import "./follow-button";
import "./generation-card";
import { icon } from "./icons";
import "./person-avatar";
import { studio, Watch } from "./studio";

const RIBBON = 12;

/** A person's wall begins with a ribbon: three dabs from each of the last twelve pictures, each a link. */
export class ProfileHead extends LitElement {
  static override properties = { user: { attribute: false } };
  declare user: User | null;

  constructor() {
    super();
    this.user = null;
    new Watch(this, () => {
      const { feeds, generations, people } = studio.live.state;
      return [feeds.get(this.#topic), generations, people.get(this.user?.id ?? ""), studio.live.me];
    });
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        padding-block: 18px 6px;
      }
      .ribbon {
        display: grid;
        grid-template-columns: repeat(12, 1fr);
        gap: 12px;
        block-size: 54px;
        padding-inline: 8px;
        margin-block-end: 24px;
      }
      .ribbon a {
        display: flex;
        gap: 3px;
        transform: skewX(var(--lean));
        border-radius: 4px;
      }
      .ribbon i {
        flex: 1;
        border-radius: 4px;
      }
      .ribbon .blank {
        background: var(--unpainted);
        border-radius: 4px;
        opacity: 0.4;
        transform: skewX(var(--lean));
      }
      .who {
        display: flex;
        align-items: center;
        gap: 20px;
      }
      h1 {
        font-size: 32px;
        line-height: 36px;
        font-weight: 600;
        letter-spacing: -0.01em;
        overflow-wrap: anywhere;
      }
      .counts {
        color: var(--ink2);
        margin-block-start: 6px;
        font-variant-numeric: tabular-nums;
      }
      b {
        font-weight: 600;
        color: var(--ink);
      }
      .counts {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        min-block-size: 20px;
      }
      .counts button {
        border-radius: 4px;
      }
      .counts button:hover {
        color: var(--ink);
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      .names {
        flex: 1;
        min-inline-size: 0;
      }
      /* No higher than the avatar: it comes and goes, and nothing moves. */
      .now {
        display: flex;
        align-items: center;
        gap: 22px;
      }
      .now generation-card {
        inline-size: 232px;
      }
      .label {
        display: flex;
        align-items: center;
        gap: 8px;
        color: var(--ink2);
        white-space: nowrap;
      }
      .label i {
        inline-size: 6px;
        block-size: 13px;
        border-radius: 2px;
        background: var(--good);
        transform: skewX(var(--lean));
      }
      .acts {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      /* Two rows, of which the second has room for what is being painted. */
      @media (max-width: 1139px) {
        .who {
          flex-wrap: wrap;
          gap: 10px 14px;
        }
        .names {
          flex-basis: calc(100% - 110px);
        }
        .acts {
          order: 1;
          min-block-size: 68px;
        }
        .now {
          order: 2;
          margin-inline-start: auto;
          flex: 0 1 auto;
          min-inline-size: 0;
        }
      }
      @media (max-width: 719px) {
        .now {
          gap: 8px;
          flex: 1;
        }
        .now generation-card {
          flex: 1;
          min-inline-size: 0;
        }
        .label span {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .ribbon {
          gap: 5px;
          block-size: 34px;
        }
        .ribbon a {
          gap: 1.5px;
        }
        h1 {
          font-size: 23px;
          line-height: 28px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const user = this.user;
    if (!user) return html`${nothing}`;
    const feed = studio.live.state.feeds.get(this.#topic);
    const painting = feed?.easel.find((id) => {
      const stage = studio.live.state.generations.get(id)?.stage;
      return stage === "starting" || stage === "painting" || stage === "finishing";
    });
    return html`${this.#ribbon()}
      <div class="who">
        <person-avatar .user=${user} .size=${innerWidth < 720 ? 60 : 84}></person-avatar>
        <div class="names">
          <h1><bdi>${user.handle}</bdi></h1>
          ${this.#counts(user)}
        </div>
        ${
          painting
            ? html`<div class="now" data-testid="painting-now">
                <p class="label"><i></i><span>${say("profile.now")}</span></p>
                <generation-card variant="line" plain .generation=${painting}></generation-card>
              </div>`
            : nothing
        }
        <div class="acts">
          ${
            user.id === studio.live.me?.id
              ? html`<a class="button outlined" href="/settings">${say("nav.settings")}</a>`
              : html`<follow-button .user=${user} main></follow-button>`
          }
          <button
            class="round"
            aria-label=${say("share.person", { handle: user.handle })}
            title=${say("share")}
            @click=${() => void shareFeed({ kind: "person", user })}
          >
            ${icon("share")}
          </button>
        </div>
      </div>`;
  }

  /** Who follows whom is shown to oneself only; everybody sees how many. */
  #counts(user: User): TemplateResult {
    const counts = studio.live.state.people.get(user.id)?.counts;
    if (!counts) return html`<p class="counts" data-testid="counts"></p>`;
    const own = user.id === studio.live.me?.id;
    const people = (list: "followers" | "following"): TemplateResult => {
      const said = numbered(say(`profile.${list}`, { count: counts[list] }));
      return own
        ? html`<button data-testid=${list} aria-haspopup="dialog" @click=${() => void showPeople(list)}>
            ${said}
          </button>`
        : html`<span data-testid=${list}>${said}</span>`;
    };
    const remixed = own ? "profile.remixed-own" : "profile.remixed";
    return html`<p class="counts" data-testid="counts">
      <span>${numbered(say("pictures", { count: counts.pictures }))}</span>
      ${people("followers")} ${people("following")}
      <span data-testid="remixed">${numbered(say(remixed, { count: counts.remixed }))}</span>
    </p>`;
  }

  /** Their own feed, whichever of their walls hangs below. */
  get #topic(): string {
    return `feed:user:${this.user?.id ?? ""}`;
  }

  #ribbon(): TemplateResult {
    const { feeds, posts } = studio.live.state;
    const ids =
      feeds
        .get(this.#topic)
        ?.blocks.flatMap((block) => block.posts)
        .slice(0, RIBBON) ?? [];
    const dabs = ids.map((id) => {
      const post = posts.get(id);
      if (!post) return nothing;
      const colours = paletteFor(post.media.palette, studio.theme);
      return html`<a href=${pathOfPost(id)} aria-label=${titleOf(post)}
        >${[0, Math.floor(colours.length / 2), colours.length - 1].map(
          (index) => html`<i style="background:${colours[index] ?? "var(--ink3)"}"></i>`,
        )}</a
      >`;
    });
    const blanks = Array.from({ length: RIBBON - dabs.length }, () => html`<span class="blank"></span>`);
    return html`<div class="ribbon">${dabs}${blanks}</div>`;
  }
}

async function showPeople(list: "followers" | "following"): Promise<void> {
  const { PeopleSheet } = await import("./people-sheet");
  PeopleSheet.open(list);
}

/** A count with its figures set off. */
function numbered(said: string): unknown[] {
  return said
    .split(/([\p{N}.,\u202f\u00a0]*\p{N}\+?)/u)
    .map((part) => (/\p{N}/u.test(part) ? html`<b>${part}</b>` : part));
}

customElements.define("profile-head", ProfileHead);
