import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { hasLeft } from "../live/fold-feed";
import type { Post } from "../live/protocol";
import { pathOfPerson, pathOfPost } from "../live/route";
import { ago, altOf, capped, count, isUpright, titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { say, woven } from "../words/words";
import { icon } from "./icons";
import { lineOf } from "./measure";
import "./person-avatar";
import "./picture-frame";
import "./reaction-row";
import { remix, together } from "./remix";
import { shareLink } from "./share";
import { studio, Watch } from "./studio";

/**
 * A picture on the wall with its label. Its place and size are given; it never asks for more. The wall makes the element
 * itself the article, with its number and name.
 */
export class PictureCard extends LitElement {
  static override properties = {
    post: { type: String },
    height: { type: Number },
    lines: { type: Number },
    phone: { type: Boolean, reflect: true },
    eager: { type: Boolean },
    bare: { type: Boolean },
    unsigned: { type: Boolean },
    now: { type: Number },
  };
  declare post: string;
  /** Height of the picture, px. */
  declare height: number;
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
    this.height = 0;
    this.lines = 1;
    this.phone = false;
    this.eager = false;
    this.bare = false;
    this.unsigned = false;
    this.now = Date.now();
    new Watch(this, () => {
      const { posts, gone } = studio.live.state;
      return [posts.get(this.post), gone.has(this.post)];
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
      .totals {
        margin-inline-start: auto;
        display: flex;
        gap: 11px;
        color: var(--ink2);
      }
      .totals span,
      .totals a {
        display: inline-flex;
        align-items: center;
        gap: 5px;
      }
      .emoji {
        font-size: 13px;
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
    if (this.post) studio.viewport.watch(this, `post:${this.post}`);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    studio.viewport.unwatch(this);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("post") && this.post && this.isConnected)
      studio.viewport.watch(this, `post:${this.post}`);
  }

  /** Give it the focus, in sight. */
  take(): void {
    this.focus({ preventScroll: true });
    this.scrollIntoView({ block: "center", behavior: studio.shade.calm ? "auto" : "smooth" });
  }

  override render(): TemplateResult {
    const { posts, gone } = studio.live.state;
    const post = posts.get(this.post);
    const left = post !== undefined && hasLeft(studio.feed, post);
    if (gone.has(this.post) || !post || left) {
      return html`<article
        role="none"
        class="gone canvas"
        style="block-size:${this.height}px"
        data-testid="post-gone"
      >
        <p class="title">${say(left ? "wall.left" : "wall.gone")}</p>
      </article>`;
    }
    const title = titleOf(post);
    return html`<article role="none" data-testid="post-card" data-post=${post.id}>
      <div class="hang" style="block-size:${this.height}px">
        <a class="open" href=${pathOfPost(post.id)} aria-label=${capped(title)} style="block-size:100%">
          <picture-frame
            .media=${post.media}
            .alt=${capped(altOf(post))}
            .eager=${this.eager}
            sizes=${this.phone ? "100vw" : "320px"}
          ></picture-frame>
        </a>
        ${this.phone || this.bare ? nothing : this.#acts(post)}
      </div>
      <div class="label">
        <h2
          class="title ${isUpright(title) ? "upright" : ""}"
          dir="auto"
          style="block-size:${this.lines * lineOf(title, this.phone)}px;-webkit-line-clamp:${this.lines}"
        >
          <a href=${pathOfPost(post.id)} tabindex="-1">${title}</a>
        </h2>
        ${this.#meta(post)} ${this.phone ? this.#under(post) : nothing}
      </div>
    </article>`;
  }

  #meta(post: Post): TemplateResult {
    const [emoji, total] = topReaction(post);
    return html`<div class="meta">
      ${
        this.unsigned
          ? nothing
          : html`<a class="who" href=${pathOfPerson(post.author.handle)}>
              <person-avatar .user=${post.author} .size=${22}></person-avatar><span>${authors(post)}</span>
            </a>`
      }
      <time datetime=${new Date(post.created).toISOString()}>${ago(post.created, this.now)}</time>
      ${
        this.phone
          ? nothing
          : html`<span class="totals">
              ${
                emoji
                  ? html`<span aria-label=${say("react.total", { emoji, total })}
                      ><span class="emoji">${emoji}</span> ${count(total)}</span
                    >`
                  : nothing
              }
              ${
                post.comments
                  ? html`<span aria-label=${say("comments", { count: post.comments })}
                      >${icon("bubble", 15)} ${count(post.comments)}</span
                    >`
                  : nothing
              }
            </span>`
      }
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

function topReaction(post: Post): readonly [string, number] {
  return Object.entries(post.reactions).reduce<readonly [string, number]>(
    (best, [emoji, total]) => (total > best[1] ? [emoji, total] : best),
    ["", 0],
  );
}

customElements.define("picture-card", PictureCard);
