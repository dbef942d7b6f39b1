import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { answered, type AnswerTo } from "../live/answering";
import type { Answered } from "../live/half-written";
import { writing } from "../live/words";
import { base, buttons } from "../styles/base";
import { offeredList } from "../styles/offered";
import { writeLine } from "../styles/write-line";
import { say, woven } from "../words/words";
import { halfWritten } from "./half-written";
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
  declare answering: Answered | null;
  declare text: string;
  /** Whose words stand here, and about which picture. */
  #shown = "";
  readonly #picker = new MentionPicker(this, () => this.post);

  constructor() {
    super();
    this.post = "";
    this.answering = null;
    this.text = "";
    new Watch(this, () => [
      studio.live.state.typing.get(`post:${this.post}`),
      studio.live.state.threads.get(this.post)?.removed,
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

  /** What is half written stays with its picture: one line serves all that are walked by. */
  override willUpdate(changed: PropertyValues<this>): void {
    const shown = `${this.post} ${halfWritten.hand}`;
    if (shown === this.#shown) return;
    const begun = halfWritten.at(this.#place);
    this.#shown = shown;
    this.text = begun?.text ?? "";
    if (begun || !changed.has("answering")) this.answering = begun?.answering ?? null;
  }

  override render(): TemplateResult {
    const { typing } = studio.live.state;
    const others = (typing.get(`post:${this.post}`) ?? []).filter(
      (typist) => typist.user.id !== studio.live.me?.id,
    );
    const answering = this.#answered();
    return html`<div class="above">
        ${
          others.length
            ? html`<span class="dabs" aria-hidden="true"><i></i><i></i><i></i></span
                ><span data-testid="typing">${writing(others.map((typist) => typist.user.handle))}</span>`
            : nothing
        }
        ${
          answering
            ? html`<span class="answering" data-testid="answering"
                >${
                  answering.handle === null
                    ? say("talk.answering-removed")
                    : woven("talk.answering", { handle: html`<bdi>${answering.handle}</bdi>` })
                }
                <button aria-label=${say("talk.no-answer")} @click=${() => this.#begin(this.text, null)}>
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

  /** Put the cursor here, to answer a comment or just to write: then what is half written goes on as it is. */
  write(answering: Answered | null): void {
    const begun = halfWritten.at(this.#place);
    if (answering || !begun?.text) this.#begin(begun?.text ?? "", answering);
    this.renderRoot.querySelector("textarea")?.focus();
  }

  get #place(): string {
    return `post:${this.post}`;
  }

  #begin(text: string, answering: Answered | null): void {
    this.text = text;
    this.answering = answering;
    if (text || answering) halfWritten.keep(this.#place, text, answering);
    else halfWritten.drop(this.#place);
  }

  #write(event: Event): void {
    const field = event.target as HTMLTextAreaElement;
    this.#begin(field.value, this.answering);
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
      this.#begin(this.text, null);
      (event.target as HTMLTextAreaElement).blur();
    }
  }

  #answered(): AnswerTo | null {
    return this.answering && answered(studio.live.state.threads.get(this.post), this.answering);
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const text = this.text.trim();
    if (!text) return;
    const detail = this.#answered()?.parent ?? null;
    studio.conversation.comment(this.post, text, detail);
    this.#begin("", null);
    this.dispatchEvent(new CustomEvent<string | null>("said", { detail, bubbles: true, composed: true }));
  }
}

customElements.define("comment-composer", CommentComposer);
