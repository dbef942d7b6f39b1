import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { serverNow } from "../live/clock";
import { paletteFor } from "../live/palette";
import type { Post } from "../live/protocol";
import { pathOfPerson } from "../live/route";
import { ago, isUpright, titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { moment } from "../words/figures";
import { say, woven } from "../words/words";
import { textOf } from "./comment-item";
import "./dab-row";
import "./follow-button";
import { icon } from "./icons";
import "./person-avatar";
import "./post-edit";
import "./post-facts";
import "./emoji-button";
import "./reaction-row";
import { remix, together } from "./remix";
import { shareLink } from "./share";
import { studio, Watch } from "./studio";

const PALETTE_DABS = 9;
/** What a line's letters may stick out of it. */
const SLACK_PX = 6;

/** Who painted a picture, its title, its colours, the facts, and what people feel about it. */
export class PostAbout extends LitElement {
  static override properties = {
    post: { type: String },
    confirming: { state: true },
    editing: { state: true },
    whole: { state: true },
    long: { state: true },
  };
  declare post: string;
  /** Taking down is asked about once more. */
  declare confirming: boolean;
  declare editing: boolean;
  /** A title that is longer than a few lines is shown with all of them. */
  declare whole: boolean;
  /** The title has more lines than are shown at first. */
  declare long: boolean;
  #words: string | null = null;

  constructor() {
    super();
    this.post = "";
    this.confirming = false;
    this.editing = false;
    this.whole = this.long = false;
    new Watch(this, () => [studio.live.state.posts.get(this.post), studio.live.shownMe]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        padding: 24px 26px 20px;
        border-block-end: 1px solid var(--line);
      }
      .author {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      .author a {
        display: flex;
        align-items: center;
        gap: 10px;
        min-inline-size: 0;
        border-radius: 20px;
      }
      .author b {
        display: block;
        font-weight: 600;
        line-height: 18px;
        overflow-wrap: anywhere;
      }
      time {
        font-size: 13px;
        line-height: 18px;
        color: var(--ink2);
      }
      .author a {
        margin-inline-end: auto;
      }
      .author .round + .round {
        margin-inline: -8px -10px;
      }
      h1 {
        font-size: 30px;
        line-height: 36px;
        margin-block: 16px 12px;
        text-wrap: pretty;
      }
      h1.upright {
        font-size: 28px;
      }
      h1.clamped {
        display: -webkit-box;
        -webkit-line-clamp: 5;
        -webkit-box-orient: vertical;
        overflow: hidden;
        /* Room for what a serif hangs out. */
        padding-inline: 4px;
        margin-inline: -4px;
      }
      .length {
        min-block-size: 32px;
        margin-block: -8px 8px;
        border-radius: 6px;
        font-size: 13px;
        font-weight: 600;
        color: var(--ink2);
      }
      .length:hover {
        color: var(--ink);
      }
      h1 a:hover {
        text-decoration: underline;
        text-decoration-thickness: 1px;
        text-underline-offset: 4px;
      }
      dab-row {
        inline-size: 200px;
      }
      .feel {
        display: flex;
        align-items: start;
        gap: 12px;
        margin-block-start: 18px;
      }
      .feel reaction-row {
        flex: 1;
        min-inline-size: 0;
      }
      .feel .button {
        display: none;
      }
      .share {
        inline-size: 36px;
        block-size: 36px;
        box-shadow: inset 0 0 0 1px var(--edge);
        color: var(--ink);
      }
      .acts {
        display: flex;
        gap: 8px;
        margin-block-start: 16px;
      }
      .acts .full {
        flex: 1;
      }
      .confirm {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: 8px;
        margin-block-start: 14px;
        font-size: 13px;
        color: var(--ink2);
      }
      @media (max-width: 999px) {
        :host {
          display: flex;
          flex-direction: column;
          padding: 14px 20px 6px;
          border: 0;
        }
        .author a > span {
          display: flex;
          align-items: baseline;
          gap: 8px;
        }
        .author person-avatar {
          margin-block: -4px;
        }
        .feel {
          flex-wrap: wrap;
          gap: 12px 8px;
          margin-block-start: 14px;
        }
        .feel reaction-row {
          flex: 1 0 100%;
        }
        .feel .button {
          display: inline-flex;
          flex: 1;
          min-block-size: 40px;
        }
        h1 {
          order: -1;
          font-size: 23px;
          line-height: 28px;
          margin-block: 0 10px;
        }
        .length {
          order: -1;
        }
        dab-row {
          order: 1;
          margin-block-start: 14px;
        }
        post-facts {
          order: 2;
        }
        .acts {
          display: none;
        }
      }
    `,
  ];

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("post")) return;
    this.confirming = this.editing = this.whole = this.long = false;
    this.#words = null;
  }

  /** Looked at once for each title: whether it has more lines than are shown. */
  override updated(): void {
    const title = this.renderRoot.querySelector("h1");
    const words = title?.textContent ?? null;
    if (!title || this.whole || words === this.#words) return;
    this.#words = words;
    this.long = title.scrollHeight > title.clientHeight + SLACK_PX;
  }

  override render(): TemplateResult {
    const post = studio.live.state.posts.get(this.post);
    if (!post) return html`${nothing}`;
    const title = titleOf(post);
    return html`${this.#author(post)} ${this.confirming ? this.#confirm(post) : nothing}
      ${
        this.editing
          ? html`<post-edit .post=${post} @done=${this.#edited}></post-edit>`
          : html`<h1
                class="title ${isUpright(title) ? "upright" : ""} ${this.whole ? "" : "clamped"}"
                dir="auto"
                data-testid="post-title"
              >
                ${textOf(title)}
              </h1>
              ${this.long ? this.#length() : nothing}`
      }
      <dab-row
        decoration
        .steps=${PALETTE_DABS}
        .done=${PALETTE_DABS}
        .colours=${paletteFor(post.media.palette, studio.theme)}
      ></dab-row>
      <post-facts .post=${post.id}></post-facts>
      <div class="feel">
        <reaction-row .post=${post.id} ?line=${innerWidth < 1000}></reaction-row>
        <button class="button full small" data-testid="remix" @click=${() => remix(this, post)}>
          ${icon("fork", 16)} ${say("remix")}
        </button>
        <button
          class="button outlined small"
          data-testid="together"
          aria-label=${say("together")}
          @click=${() => together(this, post)}
        >
          ${icon("people", 16)} ${say("post.together")}
        </button>
      </div>
      <div class="acts">
        <button class="button full" data-testid="remix" @click=${() => remix(this, post)}>
          ${icon("fork")} ${say("remix")}
        </button>
        <button class="button outlined" data-testid="together" @click=${() => together(this, post)}>
          ${icon("people")} ${say("together")}
        </button>
        <button
          class="round share"
          data-testid="share"
          aria-label=${say("share")}
          title=${say("share")}
          @click=${() => void shareLink(post)}
        >
          ${icon("share")}
        </button>
      </div>`;
  }

  #length(): TemplateResult {
    return html`<button
      class="length"
      data-testid="title-length"
      aria-expanded=${this.whole ? "true" : "false"}
      @click=${() => (this.whole = !this.whole)}
    >
      ${say(this.whole ? "post.fewer-words" : "post.all-words")}
    </button>`;
  }

  #author(post: Post): TemplateResult {
    const mine = post.author.id === studio.live.shownMe?.id;
    const date = new Date(post.created);
    return html`<div class="author">
      <a href=${pathOfPerson(post.author.handle)}>
        <person-avatar .user=${post.author} .size=${innerWidth < 1000 ? 26 : 40}></person-avatar>
        <span>
          <b><bdi>${post.author.handle}</bdi></b>
          <time datetime=${date.toISOString()} title=${moment(post.created)}>${this.#when(post)}</time>
        </span>
      </a>
      ${
        mine
          ? html`<button
                class="round"
                data-testid="edit-post"
                aria-label=${say("post.edit")}
                title=${say("edit")}
                aria-expanded=${this.editing ? "true" : "false"}
                @click=${() => {
                  this.editing = !this.editing;
                  this.confirming = false;
                }}
              >
                ${icon("pencil")}
              </button>
              <button
                class="round"
                data-testid="take-down"
                title=${say("post.take-it-down")}
                aria-label=${say("post.take-down")}
                aria-expanded=${this.confirming ? "true" : "false"}
                @click=${() => (this.confirming = !this.confirming)}
              >
                ${icon("trash")}
              </button>`
          : html`<follow-button .user=${post.author} small></follow-button>`
      }
    </div>`;
  }

  /** How long it hangs, and whether it was changed since. */
  #when(post: Post): unknown {
    const when = ago(post.created, serverNow());
    if (!post.edited) return when;
    return woven("comma", {
      one: when,
      other: html`<span data-testid="post-edited">${say("post.edited")}</span>`,
    });
  }

  readonly #edited = (): void => {
    this.editing = false;
    this.#focus("edit-post");
  };

  readonly #kept = (): void => {
    this.confirming = false;
    this.#focus("take-down");
  };

  #focus(name: string): void {
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`[data-testid=${name}]`)?.focus(),
    );
  }

  #confirm(post: Post): TemplateResult {
    return html`<p class="confirm" role="alert">
      ${say("post.sure")}
      <button
        class="button bad small"
        data-testid="confirm-delete"
        @click=${() => void studio.conversation.removePost(post.id)}
      >
        ${say("post.take-it-down")}
      </button>
      <button class="button plain small" @click=${this.#kept}>${say("not-now")}</button>
    </p>`;
  }
}

customElements.define("post-about", PostAbout);
