import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { serverNow } from "../live/clock";
import type { Problem } from "../live/problem";
import type { Comment } from "../live/protocol";
import { pathOfPerson, pathOfTag } from "../live/route";
import type { Draft } from "../live/state";
import { editComment } from "../live/edits";
import { marked } from "../live/mentions";
import { ago } from "../live/words";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import { halfWritten } from "./half-written";
import "./person-avatar";
import { studio } from "./studio";
import "./text-edit";

/** One comment, or a draft of one on its way; `removed` stands where a comment with replies was, or `earlier` will be. */
export class CommentItem extends LitElement {
  static override properties = {
    comment: { attribute: false },
    draft: { attribute: false },
    post: { type: String },
    removed: { type: Boolean },
    earlier: { type: Boolean },
    now: { type: Number },
    mode: { state: true },
  };
  declare comment: Comment | null;
  declare draft: Draft | null;
  declare post: string;
  declare removed: boolean;
  /** Not removed, as far as is known, but not read yet. */
  declare earlier: boolean;
  declare now: number;
  /** What is being done to it. */
  declare mode: "read" | "edit" | "delete";
  /** What was half written of it when it came into sight, null where it is begun here. */
  #begun: string | null = null;

  constructor() {
    super();
    this.comment = null;
    this.draft = null;
    this.post = "";
    this.removed = false;
    this.earlier = false;
    this.now = serverNow();
    this.mode = "read";
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
      }
      article {
        display: grid;
        grid-template-columns: 30px minmax(0, 1fr);
        gap: 0 11px;
      }
      .blank {
        inline-size: 30px;
        block-size: 30px;
        border-radius: 50%;
        background: var(--chip);
      }
      .who {
        display: flex;
        align-items: baseline;
        gap: 5px;
        min-inline-size: 0;
      }
      .who a {
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        border-radius: 4px;
      }
      .who span {
        color: var(--ink3);
        white-space: nowrap;
      }
      .text {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .text a {
        font-weight: 600;
      }
      .pale {
        color: var(--ink3);
      }
      .acts {
        display: flex;
        align-items: center;
        gap: 14px;
        font-size: 12px;
        line-height: 16px;
        color: var(--ink2);
        margin-block-start: 2px;
      }
      .acts button {
        min-block-size: 24px;
        border-radius: 6px;
      }
      .acts button:hover {
        color: var(--ink);
      }
      .bad {
        color: var(--bad);
      }
      .again {
        font-weight: 600;
        border-radius: 6px;
      }
      @media (pointer: coarse) {
        .acts button {
          min-block-size: 36px;
          padding-inline: 4px;
        }
      }
    `,
  ];

  /** A change that was begun goes on where it was left. */
  override willUpdate(): void {
    const { comment } = this;
    if (!comment || !this.#isMine(comment)) this.mode = "read";
    if (!comment || this.mode !== "read" || !this.#isMine(comment)) return;
    const text = halfWritten.at(placeOf(comment))?.text ?? comment.text;
    if (text === comment.text) return;
    this.#begun = text;
    this.mode = "edit";
    this.#tell();
  }

  override render(): TemplateResult {
    if (this.draft) return this.#drafted(this.draft);
    const comment = this.comment;
    if (!comment || (this.removed && this.mode !== "edit")) {
      return html`<article>
        <span class="blank"></span>
        <p class="pale" style="align-self:center">
          ${
            this.earlier
              ? html`<button
                  class="button plain small"
                  style="margin-inline-start:-12px"
                  data-testid="earlier-comment"
                  @click=${() => this.dispatchEvent(new CustomEvent("earlier"))}
                >
                  ${say("talk.earlier-one")}
                </button>`
              : say("talk.removed")
          }
        </p>
      </article>`;
    }
    const mine = this.#isMine(comment);
    return html`<article data-testid="comment" data-comment=${comment.id}>
      <person-avatar .user=${comment.author} .size=${30}></person-avatar>
      <div>
        <p class="who">
          <a href=${pathOfPerson(comment.author.handle)}><bdi>${comment.author.handle}</bdi></a>
          <span>${ago(comment.created, this.now)}</span>
          ${comment.edited ? html`<span data-testid="comment-edited">${say("talk.edited")}</span>` : nothing}
        </p>
        ${this.mode === "edit" ? this.#edit(comment) : this.#said(comment, mine)}
      </div>
    </article>`;
  }

  #isMine({ author }: Comment): boolean {
    return author.id === studio.live.shownMe?.id;
  }

  #edit(comment: Comment): TemplateResult {
    const gone = this.#isGone(comment);
    return html`${gone ? html`<p class="bad" role="alert">${say("talk.edited-gone")}</p>` : nothing}<text-edit
        .text=${comment.text}
        .begun=${this.#begun}
        .post=${comment.post}
        .label=${say("talk.yours")}
        .most=${studio.live.limits.comment}
        .save=${(text: string) => this.#save(comment, text)}
        @written=${(event: CustomEvent<string>) => halfWritten.keep(placeOf(comment), event.detail)}
        @done=${() => this.#read()}
      ></text-edit>`;
  }

  /** It was taken away, here or elsewhere. */
  #isGone(comment: Comment): boolean {
    const thread = studio.live.state.threads.get(comment.post);
    return thread !== undefined && !thread.comments.some(({ id }) => id === comment.id);
  }

  /** Changed words of a comment that is gone are said anew. */
  async #save(comment: Comment, text: string): Promise<Problem | null> {
    if (!this.#isGone(comment)) return editComment(studio.live, comment.id, text);
    studio.conversation.comment(comment.post, text, comment.parent ?? null);
    return null;
  }

  #said(comment: Comment, mine: boolean): TemplateResult {
    const text = textOf(comment.text, new Set(comment.mentions?.map(({ handle }) => handle)));
    return html`<p class="text" data-testid="comment-text" dir="auto">${text}</p>
      ${this.mode === "delete" ? this.#confirm(comment) : this.#acts(comment, mine)}`;
  }

  #acts(comment: Comment, mine: boolean): TemplateResult {
    return html`<p class="acts">
      <button
        aria-label=${say("talk.reply-to", { handle: comment.author.handle })}
        @click=${() => this.#reply(comment)}
      >
        ${say("talk.reply")}
      </button>
      ${
        mine
          ? html`<button data-testid="edit-comment" @click=${() => this.#begin("edit")}>
                ${say("edit")}
              </button>
              <button data-testid="delete-comment" @click=${() => this.#begin("delete")}>
                ${say("delete")}
              </button>`
          : nothing
      }
    </p>`;
  }

  #confirm(comment: Comment): TemplateResult {
    return html`<p class="acts" role="alert">
      <span>${say("talk.sure")}</span>
      <button
        class="bad"
        data-testid="confirm-delete-comment"
        @click=${() => void studio.conversation.removeComment(comment.post, comment.id)}
      >
        ${say("delete")}
      </button>
      <button data-testid="keep-comment" @click=${() => this.#read()}>${say("talk.keep")}</button>
    </p>`;
  }

  /** What was pressed goes: the focus is with what comes instead. A field takes it itself. */
  #begin(mode: "edit" | "delete"): void {
    this.mode = mode;
    if (mode === "edit" && this.comment) {
      this.#begun = null;
      halfWritten.keep(placeOf(this.comment), this.comment.text);
    }
    this.#tell();
    if (mode === "delete") this.#focus("keep-comment");
  }

  /** Back to reading; the focus goes where it came from. */
  #read(): void {
    const from = this.mode === "edit" ? "edit-comment" : "delete-comment";
    if (this.comment) halfWritten.drop(placeOf(this.comment));
    this.mode = "read";
    this.#tell();
    this.#focus(from);
  }

  #focus(name: string): void {
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`[data-testid=${name}]`)?.focus(),
    );
  }

  /** Whoever holds it keeps it as long as something is being written in it. */
  #tell(): void {
    const writing = this.mode === "edit";
    this.dispatchEvent(
      new CustomEvent("writing", { detail: { comment: this.comment, writing }, bubbles: true }),
    );
  }

  #drafted(draft: Draft): TemplateResult {
    const failed = draft.status === "failed";
    return html`<article data-testid="comment-draft" data-status=${draft.status}>
      <person-avatar .user=${draft.author ?? studio.live.shownMe} .size=${30}></person-avatar>
      <div>
        <p class="who">
          <a>${say("talk.you")}</a>
          ${failed ? nothing : html`<span>${say(draft.status === "waiting" ? "talk.waits" : "talk.sending")}</span>`}
        </p>
        <p class="text pale" dir="auto">${draft.text}</p>
        ${
          failed
            ? html`<p class="acts" style="font-size:14px;line-height:20px;gap:6px" role="alert">
                  <span class="bad" title=${draft.problem}>${say("talk.not-sent")}</span>
                  <button
                    class="again"
                    style="color:var(--ink)"
                    @click=${() => void studio.conversation.send(this.post, draft)}
                  >
                    ${say("try-again")}
                  </button>
                  <button @click=${() => studio.conversation.discard(this.post, draft.key)}>
                    ${say("talk.discard")}
                  </button>
                </p>
                <p class="pale">${draft.problem}</p>`
            : nothing
        }
      </div>
    </article>`;
  }

  #reply(comment: Comment): void {
    this.dispatchEvent(new CustomEvent("reply", { detail: comment, bubbles: true, composed: true }));
  }
}

/** Where words that change it wait. */
function placeOf({ id }: Comment): string {
  return `comment:${id}`;
}

/** Text with its tags as links, and with those it names. handles: who these are. */
export function textOf(text: string, handles: ReadonlySet<string> = new Set()): unknown[] {
  return marked(text, handles).map((part) => {
    if (part.tag !== null) return html`<a href=${pathOfTag(part.tag)}>${part.text}</a>`;
    return part.handle === null
      ? part.text
      : html`<a href=${pathOfPerson(part.handle)}><bdi>${part.text}</bdi></a>`;
  });
}

customElements.define("comment-item", CommentItem);
