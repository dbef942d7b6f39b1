import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { paletteFor } from "../live/palette";
import type { User } from "../live/protocol";
import { pathOfPost } from "../live/route";
import { count, titleOf } from "../live/words";
import { base } from "../styles/base";
import "./generation-card";
import "./person-avatar";
import { studio, Watch } from "./studio";

const RIBBON = 12;

/** A person's wall begins with a ribbon: three dabs from each of the last twelve pictures, each a link. */
export class ProfileHead extends LitElement {
  static override properties = { user: { attribute: false }, pictures: { type: Number } };
  declare user: User | null;
  /** How many pictures hang here, null when the server does not say. */
  declare pictures: number | null;

  constructor() {
    super();
    this.user = null;
    this.pictures = null;
    new Watch(this, () => {
      const { feeds, generations } = studio.live.state;
      return [feeds.get(studio.feed), generations];
    });
  }

  static override styles = [
    base,
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
      .now {
        margin-inline-start: auto;
        inline-size: 260px;
      }
      @media (max-width: 719px) {
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
        .now {
          display: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const user = this.user;
    if (!user) return html`${nothing}`;
    const feed = studio.live.state.feeds.get(studio.feed);
    const painting = feed?.easel.find((id) => {
      const stage = studio.live.state.generations.get(id)?.stage;
      return stage === "starting" || stage === "painting" || stage === "finishing";
    });
    return html`${this.#ribbon()}
      <div class="who">
        <person-avatar .user=${user} .size=${innerWidth < 720 ? 60 : 84}></person-avatar>
        <div>
          <h1>${user.handle}</h1>
          ${
            this.pictures === null
              ? nothing
              : html`<p class="counts">
                  <b>${count(this.pictures)}</b> ${this.pictures === 1 ? "picture" : "pictures"}
                </p>`
          }
        </div>
        ${
          painting
            ? html`<div class="now">
                <generation-card variant="line" .generation=${painting}></generation-card>
              </div>`
            : nothing
        }
      </div>`;
  }

  #ribbon(): TemplateResult {
    const { feeds, posts } = studio.live.state;
    const ids =
      feeds
        .get(studio.feed)
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

customElements.define("profile-head", ProfileHead);
