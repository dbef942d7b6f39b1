import { css, html, LitElement, type TemplateResult } from "lit";
import { editPost } from "../live/edits";
import type { Post } from "../live/protocol";
import { base, buttons } from "../styles/base";
import { edit } from "../styles/edit";
import { say } from "../words/words";
import { studio } from "./studio";

const MOST_ALT = 1000;

/** The title of one's own picture, and what it shows in words. Tells `done`. */
export class PostEdit extends LitElement {
  static override properties = {
    post: { attribute: false },
    problem: { state: true },
    saving: { state: true },
  };
  declare post: Post | null;
  declare problem: string;
  declare saving: boolean;

  constructor() {
    super();
    this.post = null;
    this.problem = "";
    this.saving = false;
  }

  static override styles = [
    base,
    buttons,
    edit,
    css`
      :host {
        display: block;
        margin-block: 16px 18px;
      }
      form {
        display: grid;
        gap: 14px;
      }
      label {
        display: grid;
        gap: 6px;
        font-size: 13px;
        line-height: 18px;
        color: var(--ink2);
      }
      textarea.title {
        font-size: 19px;
        line-height: 24px;
      }
    `,
  ];

  override firstUpdated(): void {
    this.renderRoot.querySelector("textarea")?.focus();
  }

  override render(): TemplateResult {
    const post = this.post;
    return html`<form data-testid="post-edit" @submit=${this.#submit} @keydown=${this.#key}>
      <label
        >${say("edit.title")}
        <textarea
          name="caption"
          class="title"
          rows="1"
          dir="auto"
          maxlength=${studio.live.limits.caption}
          placeholder=${post?.prompt?.trim() || say("untitled")}
          .defaultValue=${post?.caption ?? ""}
        ></textarea>
      </label>
      <label
        >${say("edit.alt")}
        <textarea
          name="alt"
          rows="2"
          dir="auto"
          maxlength=${MOST_ALT}
          placeholder=${post?.prompt?.trim() || say("edit.say")}
          .defaultValue=${post?.alt ?? ""}
        ></textarea>
      </label>
      <p class="problem" role="alert">${this.problem}</p>
      <div class="acts">
        <button class="button full small" data-testid="save-post" ?disabled=${this.saving}>
          ${say(this.saving ? "saving" : "save")}
        </button>
        <button type="button" class="button plain small" @click=${this.#done}>${say("cancel")}</button>
      </div>
    </form>`;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.#done();
    } else if (
      event.key === "Enter" &&
      !event.shiftKey &&
      !event.isComposing &&
      event.target instanceof HTMLTextAreaElement
    ) {
      event.preventDefault();
      event.target.form?.requestSubmit();
    }
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { post } = this;
    if (!post || this.saving) return;
    const form = new FormData(event.target as HTMLFormElement);
    const caption = String(form.get("caption") ?? "").trim();
    const alt = String(form.get("alt") ?? "").trim();
    if (caption === post.caption.trim() && alt === (post.alt ?? "").trim()) return this.#done();
    this.saving = true;
    this.problem = "";
    const problem = await editPost(studio.live, post.id, { caption, alt });
    this.saving = false;
    if (problem) this.problem = problem.sentence;
    else this.#done();
  }

  readonly #done = (): void => {
    this.dispatchEvent(new CustomEvent("done"));
  };
}

customElements.define("post-edit", PostEdit);
