import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { anySeed } from "../live/easel";
import { newKey } from "../live/key";
import { asProblem } from "../live/problem";
import { easelStanding, hasEased, type Standing } from "../live/standing";
import { base, buttons } from "../styles/base";
import { icon } from "./icons";
import { USUAL, type PaintChoice } from "./paint-options";
import "./paint-options";
import { PICTURES, PictureIntake } from "./picture-intake";
import { studio, Watch } from "./studio";
import { myJobs } from "./your-easel";
import "./your-easel";

/**
 * Where a picture begins: the words, their size, who may watch; or a picture of one's own to post. Whatever is long
 * scrolls by itself: the heading, what went wrong and the button that paints stay in view.
 */
export class CreateSheet extends LitElement {
  static override properties = {
    words: { type: String },
    caret: { type: Number },
    upload: { type: Boolean },
    choice: { state: true },
    problem: { state: true },
    busy: { state: true },
  };
  /** What the sheet opens with. */
  declare words: string;
  /** Where writing goes on, in characters. */
  declare caret: number;
  /** It opens to post a picture of one's own. */
  declare upload: boolean;
  declare choice: PaintChoice;
  declare problem: string;
  declare busy: boolean;
  /** The seed of a picture that may have any: the same until it is painted, so that a repeated request is the same. */
  #seed = anySeed();
  /** The key of an upload, as long as it is the same one. */
  #key = newKey();
  #standing: Standing = { running: 0, live: false };

  readonly #intake = new PictureIntake(this, (problem) => {
    this.problem = problem;
    this.#key = newKey();
    this.renderRoot.querySelector("textarea")?.focus();
  });

  constructor() {
    super();
    this.words = "";
    this.caret = 0;
    this.upload = false;
    this.choice = USUAL;
    this.problem = "";
    this.busy = false;
    new Watch(this, () => [
      studio.live.state.own,
      studio.live.state.generations,
      studio.live.limits,
      studio.live.connection.phase,
    ]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: fixed;
        inset: 0;
        z-index: 50;
        display: grid;
        place-items: center;
        padding: 24px;
        background: var(--veil);
        animation: appear var(--quick) var(--ease);
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
      .sheet {
        position: relative;
        display: flex;
        flex-direction: column;
        inline-size: min(940px, 100%);
        max-block-size: calc(100dvh - 48px);
        overflow: hidden auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        border-radius: 26px;
        background: var(--panel);
        box-shadow: var(--float);
        animation: rise var(--sheet) var(--ease);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(24px);
        }
      }
      .dropping {
        outline: 2px dashed var(--ink2);
        outline-offset: -10px;
      }
      .part {
        padding: 20px 30px 26px;
      }
      .easel {
        flex: none;
        padding-block: 0 18px;
        border-block-end: 1px solid var(--line);
      }
      .new {
        display: flex;
        flex-direction: column;
        min-block-size: 0;
      }
      .head {
        flex: none;
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 18px 30px 0;
        color: var(--ink2);
        font-size: 13px;
      }
      h2 {
        font-size: 15px;
        line-height: 20px;
        font-weight: 600;
        color: var(--ink);
      }
      .head .round {
        margin-inline-start: auto;
        margin-inline-end: -10px;
      }
      form {
        display: flex;
        flex-direction: column;
        gap: 20px;
        min-block-size: 0;
      }
      .write {
        display: flex;
        gap: 24px;
        min-block-size: 0;
      }
      .words {
        flex: 1;
        min-inline-size: 0;
        display: flex;
        flex-direction: column;
        justify-content: space-between;
        gap: 14px;
      }
      textarea {
        inline-size: 100%;
        flex: 0 1 auto;
        min-block-size: 76px;
        max-block-size: 40dvh;
        resize: none;
        field-sizing: content;
        font: italic 420 30px/36px var(--serif);
        color: var(--ink);
        caret-color: var(--ink);
      }
      textarea::placeholder {
        color: var(--ink3);
        opacity: 1;
      }
      textarea:focus-visible {
        outline: none;
        box-shadow: none;
      }
      .chips {
        flex: none;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .foot {
        flex: none;
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 16px;
        flex-wrap: wrap;
      }
      .foot .full {
        min-block-size: 46px;
        padding-inline: 24px;
        border-radius: 23px;
        font-size: 15px;
      }
      .problem {
        flex: none;
        color: var(--bad);
        font-size: 13px;
        overflow-wrap: anywhere;
      }
      .problem:empty {
        display: none;
      }
      .picture {
        position: relative;
        flex: none;
      }
      .picture img {
        inline-size: 132px;
        block-size: 132px;
        object-fit: cover;
        border-radius: 3px;
      }
      .picture .round {
        position: absolute;
        inset-block-start: 6px;
        inset-inline-end: 6px;
        inline-size: 32px;
        block-size: 32px;
      }
      .picture p {
        font-size: 12px;
        line-height: 16px;
        color: var(--ink3);
        margin-block-start: 6px;
      }
      .grip {
        display: none;
      }
      .length {
        color: var(--ink3);
        font-size: 12px;
        margin-inline-start: auto;
      }
      @media (max-width: 719px) {
        :host {
          place-items: end stretch;
          padding: 0;
        }
        .sheet {
          max-block-size: calc(100dvh - 40px);
          border-end-start-radius: 0;
          border-end-end-radius: 0;
          border-start-start-radius: 22px;
          border-start-end-radius: 22px;
          padding-block-end: env(safe-area-inset-bottom, 0px);
        }
        .grip {
          display: block;
          inline-size: 40px;
          block-size: 5px;
          border-radius: 3px;
          background: var(--unpainted);
          margin: 10px auto 0;
          flex: none;
        }
        .head {
          padding: 8px 20px 0;
        }
        .part {
          padding: 12px 20px 20px;
        }
        .easel {
          order: 2;
          padding-block: 0 18px;
          border: 0;
        }
        textarea {
          font-size: 25px;
          line-height: 32px;
          min-block-size: 96px;
        }
        .foot .full {
          inline-size: 100%;
          min-block-size: 50px;
          border-radius: 25px;
        }
        .picture img {
          inline-size: 84px;
          block-size: 84px;
        }
      }
    `,
  ];

  override firstUpdated(): void {
    const textarea = this.renderRoot.querySelector("textarea");
    textarea?.focus();
    textarea?.setSelectionRange(this.caret, this.caret);
    if (this.upload) this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();
  }

  /** What was said about a full easel or a lost server is over when that is. */
  override willUpdate(): void {
    const now = easelStanding(studio.live.state, studio.live.connection.phase);
    if (this.problem && hasEased(this.#standing, now)) this.problem = "";
    this.#standing = now;
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("busy") || this.busy || !this.problem) return;
    this.renderRoot.querySelector(".problem")?.scrollIntoView({ block: "nearest" });
    // The button let go of the focus while it could not be pressed; without it no key would reach the sheet.
    if (!this.shadowRoot?.activeElement) this.renderRoot.querySelector("textarea")?.focus();
  }

  override render(): TemplateResult {
    return html`<div
      class="sheet ${this.#intake.dragging ? "dropping" : ""}"
      role="dialog"
      aria-modal="true"
      aria-label="New picture"
      data-testid="create-sheet"
      @keydown=${this.#escape}
      @dragover=${this.#intake.draggedOver}
      @dragleave=${this.#intake.draggedAway}
      @drop=${this.#intake.dropped}
    >
      <span class="grip"></span>
      <div class="head">
        <h2>New picture</h2>
        <button type="button" class="round" aria-label="Close" @click=${this.#dismiss}>
          ${icon("close")}
        </button>
      </div>
      ${myJobs().length ? html`<your-easel class="part easel"></your-easel>` : nothing}
      <div class="part new">${this.#form()}</div>
    </div>`;
  }

  #form(): TemplateResult {
    const limit = this.#intake.image ? studio.live.limits.caption : studio.live.limits.prompt;
    const hanging = this.#intake.image !== null;
    const left = limit - this.words.length;
    return html`<form @submit=${this.#submit}>
      <div class="write">
        ${this.#intake.image ? this.#picture(this.#intake.image.url) : nothing}
        <div class="words">
          <textarea
            name="words"
            data-testid="prompt"
            dir="auto"
            rows="2"
            maxlength=${limit}
            aria-label=${hanging ? "Caption" : "What you want to see"}
            placeholder=${hanging ? "Give it a title…" : "Say what you want to see…"}
            .value=${this.words}
            @input=${this.#write}
            @keydown=${this.#enter}
          ></textarea>
          <div class="chips">
            ${hanging ? nothing : this.#options("what")}
            ${
              hanging
                ? nothing
                : html`<label class="chip" tabindex="0" @keydown=${this.#pressLabel}>
                    ${icon("picture", 16)} Upload a picture
                    <input
                      type="file"
                      accept=${PICTURES}
                      hidden
                      data-testid="file"
                      @change=${this.#intake.chosen}
                    />
                  </label>`
            }
            ${left < 80 ? html`<span class="length">${left}</span>` : nothing}
          </div>
        </div>
      </div>
      <p class="problem" role="alert">${this.problem}</p>
      <div class="foot">
        ${hanging ? html`<span class="meta hint">Everyone can see it</span>` : this.#options("who")}
        <button
          class="button full"
          data-testid="paint-it"
          ?disabled=${this.busy || (!hanging && !this.words.trim())}
        >
          ${hanging ? icon("picture") : icon("brush")}
          ${this.busy ? "Sending…" : hanging ? "Post it" : "Paint it"}
        </button>
      </div>
    </form>`;
  }

  #picture(url: string): TemplateResult {
    return html`<div class="picture">
      <img src=${url} alt="The picture to post" />
      <button
        type="button"
        class="round on-picture"
        aria-label="Take the picture away"
        @click=${() => this.#intake.take(null)}
      >
        ${icon("close", 15)}
      </button>
      <p>Yours</p>
    </div>`;
  }

  #options(shows: "what" | "who"): TemplateResult {
    return html`<paint-options
      shows=${shows}
      .choice=${this.choice}
      @choose=${(event: CustomEvent<PaintChoice>) => (this.choice = event.detail)}
    ></paint-options>`;
  }

  #pressLabel(event: KeyboardEvent): void {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    (event.currentTarget as HTMLLabelElement).querySelector("input")?.click();
  }

  #write(event: Event): void {
    this.words = (event.target as HTMLTextAreaElement).value;
    this.problem = "";
    this.#key = newKey();
  }

  #enter(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    (event.target as HTMLTextAreaElement).form?.requestSubmit();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const words = this.words.trim();
    if (this.busy || (!words && !this.#intake.image)) return;
    this.busy = true;
    this.problem = "";
    try {
      if (this.#intake.image) await this.#hang(this.#intake.image.file, words);
      else await this.#paint(words);
    } finally {
      this.busy = false;
    }
  }

  async #paint(prompt: string): Promise<void> {
    const { size, everyone, seed } = this.choice;
    const request = {
      prompt,
      width: size.width,
      height: size.height,
      seed: seed ?? this.#seed,
      publish: everyone,
    };
    try {
      await studio.easel.paint(request, studio.feed);
      this.#seed = anySeed();
      this.words = "";
      this.#dismiss();
    } catch (error) {
      this.problem = asProblem(error).sentence;
    }
  }

  async #hang(file: File, caption: string): Promise<void> {
    try {
      const { post } = await studio.live.api.upload(file, caption, this.#key);
      this.#intake.take(null);
      this.words = "";
      this.#dismiss();
      this.dispatchEvent(new CustomEvent("uploaded", { detail: post }));
    } catch (error) {
      this.problem = asProblem(error).sentence;
    }
  }

  #escape(event: KeyboardEvent): void {
    if (event.key === "Escape") this.#dismiss();
  }

  #dismiss(): void {
    this.dispatchEvent(new CustomEvent("dismiss", { detail: this.words }));
  }
}

customElements.define("create-sheet", CreateSheet);
