import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Comment } from "../live/protocol";
import { writing } from "../live/words";
import { base, buttons } from "../styles/base";
import { offeredList } from "../styles/offered";
import { writeLine } from "../styles/write-line";
import { say, woven } from "../words/words";
import { icon } from "./icons";
import { MentionPicker } from "./mention-picker";
import { studio, Watch } from "./studio";

/** The line to say something on, with who else is writing above it. */
export class CommentComposer extends LitElement {
  static override properties = {
    post: { type: String },
    answering: { attribute: false },
    text: { state: true },
  };
  declare post: string;
  declare answering: Comment | null;
  declare text: string;
  readonly #picker = new MentionPicker(this, () => this.post);

  constructor() {
    super();
    this.post = "";
    this.answering = null;
    this.text = "";
    new Watch(this, () => [
      studio.live.state.typing.get(`post:${this.post}`),
      studio.live.me,
      studio.live.limits,
    ]);
  }

  static override styles = [
    base,
    buttons,
    writeLine,
    offeredList,
    css`
      :host {
        display: block;
      }
      .dabs {
        display: flex;
        gap: 2px;
        padding-inline: 2px;
      }
      .dabs i {
        inline-size: 5px;
        block-size: 8px;
        border-radius: 2px;
        background: var(--ink2);
        transform: skewX(var(--lean));
        animation: write calc(1.2s * var(--motion)) infinite var(--ease);
      }
      .dabs i:nth-child(2) {
        animation-delay: 0.15s;
      }
      .dabs i:nth-child(3) {
        animation-delay: 0.3s;
      }
      @keyframes write {
        30% {
          transform: skewX(var(--lean)) translateY(-2px);
        }
        60% {
          transform: skewX(var(--lean));
        }
      }
      .answering {
        margin-inline-start: auto;
        display: flex;
        align-items: center;
        gap: 4px;
        overflow: hidden;
      }
      .answering button {
        inline-size: 24px;
        block-size: 24px;
        display: grid;
        place-items: center;
        border-radius: 50%;
      }
    `,
  ];

  override render(): TemplateResult {
    const { typing } = studio.live.state;
    const others = (typing.get(`post:${this.post}`) ?? []).filter(
      (typist) => typist.user.id !== studio.live.me?.id,
    );
    return html`<div class="above">
        ${
          others.length
            ? html`<span class="dabs" aria-hidden="true"><i></i><i></i><i></i></span
                ><span data-testid="typing">${writing(others.map((typist) => typist.user.handle))}</span>`
            : nothing
        }
        ${
          this.answering
            ? html`<span class="answering"
                >${woven("talk.answering", { handle: html`<bdi>${this.answering.author.handle}</bdi>` })}
                <button aria-label=${say("talk.no-answer")} @click=${() => (this.answering = null)}>
                  ${icon("close", 14)}
                </button></span
              >`
            : nothing
        }
      </div>
      <form class="naming" @submit=${this.#submit}>
        ${this.#picker.render()}
        <textarea
          name="comment"
          data-testid="comment-input"
          rows="1"
          dir=${this.text ? "auto" : nothing}
          aria-label=${say("talk.yours")}
          placeholder=${say("talk.say")}
          maxlength=${studio.live.limits.comment}
          .value=${this.text}
          @input=${this.#write}
          aria-autocomplete="list"
          aria-controls=${this.#picker.list}
          aria-activedescendant=${this.#picker.active}
          @keydown=${this.#key}
          @blur=${() => this.#picker.close()}
        ></textarea>
        <button
          class="round"
          data-testid="comment-send"
          aria-label=${say("send")}
          ?disabled=${!this.text.trim()}
        >
          ${icon("send")}
        </button>
      </form>`;
  }

  /** Put the cursor here, to answer a comment or just to write. */
  write(answering: Comment | null): void {
    this.answering = answering;
    this.renderRoot.querySelector("textarea")?.focus();
  }

  #write(event: Event): void {
    const field = event.target as HTMLTextAreaElement;
    this.text = field.value;
    this.#picker.look(field);
    if (this.text.trim()) studio.conversation.typing(this.post);
  }

  #key(event: KeyboardEvent): void {
    if (this.#picker.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      (event.target as HTMLTextAreaElement).form?.requestSubmit();
    } else if (event.key === "Escape" && (this.answering || this.text)) {
      event.stopPropagation();
      this.answering = null;
      (event.target as HTMLTextAreaElement).blur();
    }
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const text = this.text.trim();
    if (!text) return;
    // One level of replies: an answer to an answer stands under the same comment.
    const parent = this.answering?.parent ?? this.answering?.id ?? null;
    studio.conversation.comment(this.post, text, parent);
    this.text = "";
    this.answering = null;
    this.dispatchEvent(new CustomEvent("said", { bubbles: true, composed: true }));
  }
}

customElements.define("comment-composer", CommentComposer);
