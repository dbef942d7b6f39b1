import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { serverNow } from "../live/clock";
import { hasLeft } from "../live/fold-feed";
import type { Post } from "../live/protocol";
import { pathOfPerson, pathOfPost } from "../live/route";
import { lineHeight } from "../live/shape";
import { ago, altOf, capped, count, isUpright, titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { say, woven } from "../words/words";
import { icon } from "./icons";
import "./person-avatar";
import "./picture-frame";
import "./post-totals";
import { remix, together } from "./remix";
import { shareLink } from "./share";
import { studio, Watch } from "./studio";

/** A picture in a column is read in this width; px. */
const USUAL_WIDTH = 320;
/** A title beside its picture: height of a line and of what stands under it, px, and so many lines at most. */
const BESIDE_LINE = 36;
const UNDER_TITLE = 40;
const MOST_BESIDE = 6;

/**
 * A picture on the wall with its label. Its place and size are given; it never asks for more. The wall makes the element
 * itself the article, with its number and name.
 */
export class PictureCard extends LitElement {
  static override properties = {
    post: { type: String },
    width: { type: Number },
    height: { type: Number },
    beside: { type: Number },
    lines: { type: Number },
    phone: { type: Boolean, reflect: true },
    eager: { type: Boolean },
    bare: { type: Boolean },
    unsigned: { type: Boolean },
    now: { type: Number },
  };
  declare post: string;
  /** Of the picture, px. */
  declare width: number;
  declare height: number;
  /** Width of the label at the side of the picture, px; 0: it stands under it. */
  declare beside: number;
  declare lines: number;
  declare phone: boolean;
  declare eager: boolean;
  /** Without what can be done about it: that comes when the first picture is there. */
  declare bare: boolean;
  /** On a person's own wall the labels do not repeat the person. */
  declare unsigned: boolean;
  declare now: number;

  constructor() {
    super();
    this.post = "";
    this.width = 0;
    this.height = 0;
    this.beside = 0;
    this.lines = 1;
    this.phone = false;
    this.eager = false;
    this.bare = false;
    this.unsigned = false;
    this.now = serverNow();
    // Its totals change many times a second, and draw themselves.
    new Watch(this, () => {
      const { posts, gone } = studio.live.state;
      const post = posts.get(this.post);
      const { media, caption, alt, prompt, tags, author, credits, created, comments, origin } = post ?? {};
      const told = this.phone ? comments : 0;
      const alone = gone.has(post?.parent ?? "");
      return [
        media,
        caption,
        alt,
        prompt,
        tags,
        author,
        credits,
        created,
        told,
        origin,
        alone,
        gone.has(this.post),
      ];
    });
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        contain: layout style;
      }
      article {
        position: relative;
      }
      .hang {
        position: relative;
        border-radius: 3px;
        box-shadow: var(--hang);
      }
      .open {
        display: block;
        border-radius: 3px;
        overflow: hidden;
      }
      picture-frame {
        block-size: 100%;
        border-radius: 3px;
      }
      .acts {
        position: absolute;
        inset-block-end: 10px;
        inset-inline-end: 10px;
        display: flex;
        gap: 8px;
        opacity: 0;
        transition: opacity var(--quick) var(--ease);
        pointer-events: none;
      }
      parent-stamp {
        position: absolute;
        inset-block-end: 8px;
        inset-inline-start: 8px;
      }
      /* Beside a stamp there is less room. */
      parent-stamp + .acts {
        --round: 33px;
        gap: 5px;
        inset-block-end: 11px;
      }
      article:hover .acts,
      article:focus-within .acts {
        opacity: 1;
        pointer-events: auto;
      }
      /* A blur that nobody sees would still be a layer of its own, five to a picture. */
      article:not(:hover, :focus-within) .acts > * {
        --blur: none;
      }
      @media (hover: none) {
        .acts {
          display: none;
        }
      }
      .title {
        display: -webkit-box;
        -webkit-line-clamp: 2;
        -webkit-box-orient: vertical;
        overflow: hidden;
        margin-block-start: 8px;
        padding-inline: 1px;
        font-size: calc(17px + var(--taller, 0px));
        line-height: calc(22px + var(--looser, 0px));
      }
      .meta {
        display: flex;
        align-items: center;
        gap: 8px;
        block-size: 24px;
        margin-block-start: 7px;
        padding-inline: 1px;
        white-space: nowrap;
      }
      .who {
        display: flex;
        align-items: center;
        gap: 8px;
        color: var(--ink);
        min-inline-size: 0;
        border-radius: 11px;
      }
      .who span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      time {
        color: var(--ink3);
      }
      :host([phone]) .hang,
      :host([phone]) .open,
      :host([phone]) picture-frame {
        border-radius: 0;
      }
      :host([phone]) .label {
        padding-inline: var(--gutter);
      }
      :host([phone]) .title {
        font-size: calc(21px + var(--taller, 0px));
        line-height: calc(26px + var(--looser, 0px));
        margin-block-start: 11px;
      }
      :host([phone]) .meta {
        margin-block-start: 8px;
      }
      .under {
        display: flex;
        align-items: center;
        gap: 8px;
        block-size: 36px;
        margin-block-start: 10px;
      }
      .under reaction-row {
        flex: 1;
        min-inline-size: 0;
      }
      .under .plain {
        display: inline-flex;
        align-items: center;
        gap: 7px;
        min-block-size: 36px;
        padding-inline: 6px;
        color: var(--ink2);
        font-size: 13px;
        font-variant-numeric: tabular-nums;
      }
      /* Fewer than a row: the label hangs at the side, as in a museum. */
      .aside {
        display: flex;
        align-items: flex-end;
        block-size: 100%;
      }
      .aside .hang {
        flex: 1;
        min-inline-size: 0;
      }
      .aside .label {
        flex: none;
        box-sizing: border-box;
        padding-inline-start: 26px;
      }
      .aside .label > * {
        max-inline-size: 460px;
      }
      .aside .title {
        font-size: calc(29px + var(--taller, 0px));
        line-height: calc(${BESIDE_LINE}px + var(--looser, 0px));
        text-wrap: balance;
      }
      .gone {
        display: grid;
        place-items: center;
        border-radius: 3px;
      }
      .gone .title {
        color: var(--ink3);
        font-size: 17px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    studio.viewport.unwatch(this);
  }

  override updated(): void {
    if (this.isConnected) this.#watch();
  }

  /** What is not at hand is not followed yet: its totals would come before it, and be lost. */
  #watch(): void {
    if (studio.live.state.posts.has(this.post)) studio.viewport.watch(this, `post:${this.post}`);
  }

  /** Give it the focus, in sight. */
  take(): void {
    this.focus({ preventScroll: true });
    this.scrollIntoView({ block: "center", behavior: studio.shade.calm ? "auto" : "smooth" });
  }

  override render(): TemplateResult {
    const { posts, gone } = studio.live.state;
    const post = posts.get(this.post);
    const canvas = `block-size:${this.height}px`;
    const left = post !== undefined && hasLeft(studio.feed, post);
    if (gone.has(this.post) || left) {
      return html`<article role="none" class="gone canvas" style=${canvas} data-testid="post-gone">
        <p class="title">${say(left ? "wall.left" : "wall.gone")}</p>
      </article>`;
    }
    // It was laid aside, and is being read again.
    if (!post)
      return html`<article role="none" class="canvas" style=${canvas} data-testid="post-coming"></article>`;
    const title = titleOf(post);
    return html`<article
      role="none"
      class=${this.beside ? "aside" : ""}
      data-testid="post-card"
      data-post=${post.id}
    >
      <div class="hang" style="block-size:${this.height}px">
        <a class="open" href=${pathOfPost(post.id)} aria-label=${capped(title)} style="block-size:100%">
          <picture-frame
            .media=${post.media}
            .alt=${capped(altOf(post))}
            .eager=${this.eager}
            sizes=${this.phone ? "100vw" : `${Math.max(USUAL_WIDTH, Math.round(this.width))}px`}
          ></picture-frame>
        </a>
        ${
          post.origin && post.parent && !gone.has(post.parent) && !this.bare
            ? html`<parent-stamp .post=${post.parent} .media=${post.origin.media}></parent-stamp>`
            : nothing
        }
        ${this.phone || this.bare ? nothing : this.#acts(post)}
      </div>
      <div class="label" style=${this.beside ? `inline-size:${this.beside}px` : nothing}>
        <h2
          class="title ${isUpright(title) ? "upright" : ""}"
          dir="auto"
          style=${this.#titleStyle(isUpright(title))}
        >
          <a href=${pathOfPost(post.id)} tabindex="-1">${title}</a>
        </h2>
        ${this.#meta(post)} ${this.phone ? this.#under(post) : nothing}
      </div>
    </article>`;
  }

  /** Under a picture there is room for so many lines as were measured; beside it for as many as it is high. */
  #titleStyle(upright: boolean): string {
    if (this.beside) {
      const most = Math.floor((this.height - UNDER_TITLE) / BESIDE_LINE);
      return `-webkit-line-clamp:${Math.max(1, Math.min(MOST_BESIDE, most))}`;
    }
    // What a clamp cuts off is still drawn below it, and its tall letters would reach into the last line: one has no next.
    return `block-size:${this.lines * lineHeight(upright, this.phone)}px;${this.lines > 1 ? "" : "display:block;white-space:nowrap;text-overflow:ellipsis"}`;
  }

  #meta(post: Post): TemplateResult {
    return html`<div class="meta">
      ${
        this.unsigned
          ? nothing
          : html`<a class="who" href=${pathOfPerson(post.author.handle)}>
              <person-avatar .user=${post.author} .size=${22}></person-avatar><span>${authors(post)}</span>
            </a>`
      }
      <time datetime=${new Date(post.created).toISOString()}>${ago(post.created, this.now)}</time>
      ${this.phone ? nothing : html`<post-totals .post=${post.id}></post-totals>`}
    </div>`;
  }

  /** With a mouse or keyboard: react, comment, remix, share, on the picture. */
  #acts(post: Post): TemplateResult {
    return html`<div class="acts">
      <emoji-button .post=${post.id}></emoji-button>
      <a class="round on-picture" href=${pathOfPost(post.id)} aria-label=${say("picture.comment")}
        >${icon("bubble")}</a
      >
      <button class="round on-picture" aria-label=${say("remix")} @click=${() => remix(this, post)}>
        ${icon("fork")}
      </button>
      <button
        class="round on-picture"
        data-testid="together"
        aria-label=${say("together")}
        title=${say("together")}
        @click=${() => together(this, post)}
      >
        ${icon("people")}
      </button>
      <button class="round on-picture" aria-label=${say("share")} @click=${() => void shareLink(post)}>
        ${icon("share")}
      </button>
    </div>`;
  }

  /** Under a thumb they live below the picture. */
  #under(post: Post): TemplateResult {
    return html`<div class="under">
      <reaction-row .post=${post.id} .most=${2}></reaction-row>
      <a class="plain" href=${pathOfPost(post.id)} aria-label=${say("comments", { count: post.comments })}>
        ${icon("bubble")} ${count(post.comments)}
      </a>
      <button class="plain" aria-label=${say("remix")} @click=${() => remix(this, post)}>
        ${icon("fork")}
      </button>
      <button class="plain" aria-label=${say("together")} @click=${() => together(this, post)}>
        ${icon("people")}
      </button>
      <button class="plain" aria-label=${say("share")} @click=${() => void shareLink(post)}>
        ${icon("share")}
      </button>
    </div>`;
  }
}

/** Who made it, or one of them "and 2 more". */
function authors({ author, credits = [] }: Post): unknown {
  const others = credits.filter(({ id }) => id !== author.id).length;
  const handle = html`<bdi>${author.handle}</bdi>`;
  return others ? woven("picture.by-several", { handle, count: others }) : handle;
}

customElements.define("picture-card", PictureCard);
