import { css, html, LitElement, type TemplateResult } from "lit";
import type { Problem } from "../live/problem";
import { base, buttons } from "../styles/base";
import { edit } from "../styles/edit";
import { offeredList } from "../styles/offered";
import { say } from "../words/words";
import { MentionPicker } from "./mention-picker";

/**
 * Words that are being changed in their place. Tells `written` what they have become, and `done` when they are saved or
 * left as they were.
 */
export class TextEdit extends LitElement {
  static override properties = {
    text: { type: String },
    begun: { attribute: false },
    label: { type: String },
    most: { type: Number },
    post: { type: String },
    words: { state: true },
    problem: { state: true },
    saving: { state: true },
  };
  declare text: string;
  /** What was half written of it before, which nobody asks for just now; null where it is begun. */
  declare begun: string | null;
  declare label: string;
  /** Characters. */
  declare most: number;
  /** The picture whose talk it is part of. */
  declare post: string;
  declare words: string;
  declare problem: string;
  declare saving: boolean;
  /** Saves; answers why not. */
  save: (text: string) => Promise<Problem | null> = async () => null;
  readonly #picker = new MentionPicker(this, () => this.post);

  constructor() {
    super();
    this.text = "";
    this.begun = null;
    this.label = "";
    this.most = 2000;
    this.post = "";
    this.words = "";
    this.problem = "";
    this.saving = false;
  }

  static override styles = [
    base,
    buttons,
    offeredList,
    edit,
    css`
      :host {
        display: block;
        margin-block: 6px 4px;
      }
      .problem {
        margin-block-start: 6px;
      }
      .acts {
        margin-block-start: 8px;
      }
    `,
  ];

  override firstUpdated(): void {
    this.words = this.begun ?? this.text;
    const field = this.renderRoot.querySelector("textarea");
    if (!field) return;
    field.value = this.words;
    if (this.begun !== null) return;
    field.focus();
    field.setSelectionRange(this.text.length, this.text.length);
  }

  override render(): TemplateResult {
    return html`<form class="naming" @submit=${this.#submit}>
      ${this.#picker.render()}
      <textarea
        rows="1"
        dir="auto"
        data-testid="edit-input"
        aria-label=${this.label}
        aria-autocomplete="list"
        aria-controls=${this.#picker.list}
        aria-activedescendant=${this.#picker.active}
        maxlength=${this.most}
        .value=${this.words}
        @input=${this.#write}
        @keydown=${this.#key}
        @blur=${() => this.#picker.close()}
      ></textarea>
      <p class="problem" role="alert">${this.problem}</p>
      <div class="acts">
        <button class="button full small" data-testid="save" ?disabled=${this.saving || !this.words.trim()}>
          ${say(this.saving ? "saving" : "save")}
        </button>
        <button type="button" class="button plain small" @click=${this.#done}>${say("cancel")}</button>
      </div>
    </form>`;
  }

  #write(event: Event): void {
    const field = event.target as HTMLTextAreaElement;
    this.words = field.value;
    this.dispatchEvent(new CustomEvent("written", { detail: this.words }));
    this.#picker.look(field);
  }

  #key(event: KeyboardEvent): void {
    if (this.#picker.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      (event.target as HTMLTextAreaElement).form?.requestSubmit();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.#done();
    }
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const text = this.words.trim();
    if (!text || this.saving) return;
    if (text === this.text.trim()) return this.#done();
    this.saving = true;
    this.problem = "";
    const problem = await this.save(text);
    this.saving = false;
    if (problem) this.problem = problem.sentence;
    else this.#done();
  }

  readonly #done = (): void => {
    this.dispatchEvent(new CustomEvent("done"));
  };
}

customElements.define("text-edit", TextEdit);
