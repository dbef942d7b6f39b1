import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { anySeed, USUAL_STRENGTH } from "../live/easel";
import { newKey } from "../live/key";
import { leftOver } from "../live/left-over";
import { choiceOf, requestFor, type PaintChoice } from "../live/paint-choice";
import { asProblem } from "../live/problem";
import { nearestShape, painterFor, type Generator } from "../live/generators";
import type { Generation, Post } from "../live/protocol";
import { easelStanding, hasEased, type Standing } from "../live/standing";
import { capped, count, titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { createSheet } from "../styles/create-sheet";
import { say, woven } from "../words/words";
import "../words/more";
import { icon } from "./icons";
import "./dock-chips";
import { GeneratorList } from "./generator-list";
import { framed, uploadChip } from "./original";
import "./paint-options";
import "./picture-frame";
import "./picture-use";
import { PictureIntake, type Brought } from "./picture-intake";
import "./strength-slider";
import "./tell-chip";
import { studio, Watch } from "./studio";
import { myJobs } from "./your-easel";
import { rememberChoice, usualChoice } from "./usual-choice";
import "./your-easel";

/** The picture of one's own that was in a sheet when it was put away, for the next one. */
let left: { readonly image: Brought; readonly repaint: boolean } | null = null;

/**
 * Where a picture begins: the words, their size, who may watch, what it is a remix of and how far it goes from that; or a
 * picture of one's own to post. Long words scroll by themselves; where the window is too low for the rest, the sheet
 * does, below its heading.
 */
export class CreateSheet extends LitElement {
  static override properties = {
    words: { type: String },
    caret: { type: Number },
    selected: { type: Boolean },
    act: { type: String },
    file: { attribute: false },
    repaint: { state: true },
    parent: { attribute: false },
    wish: { attribute: false },
    strength: { state: true },
    choice: { state: true },
    problem: { state: true },
    busy: { state: true },
  };
  /** What the sheet opens with. */
  declare words: string;
  /** Where writing goes on, in characters. */
  declare caret: number;
  /** The words are to be written over, unless one goes on in them. */
  declare selected: boolean;
  /** What it does as soon as it is there: ask for a picture of one's own, or send what was typed before. */
  declare act: "" | "upload" | "send";
  /** A picture of one's own that was dropped or pasted somewhere on the page. */
  declare file: File | null;
  /** One's own picture is not hung as it is: another one is painted from it. */
  declare repaint: boolean;
  /** The picture that is remixed, null for a new one. */
  declare parent: Post | null;
  /** The picture that did not come to be, whose words are to be changed: the rest stays as it was. */
  declare wish: Generation | null;
  /** How far a remix goes from its parent: 0 to 1. */
  declare strength: number;
  declare choice: PaintChoice;
  declare problem: string;
  declare busy: boolean;
  /** The seed of a picture that may have any: the same until it is painted, so that a repeated request is the same. */
  #seed = anySeed();
  #standing: Standing = { running: 0, live: false };
  /** Why the server did not take it: the one problem that can go away by itself. */
  #refusal = "";
  /** It did not begin from a picture that hangs, or that was to. */
  #afresh = false;

  readonly #generators = new GeneratorList(this);
  readonly #intake = new PictureIntake(this, (problem) => {
    this.problem = problem;
    this.renderRoot.querySelector("textarea")?.focus();
  });

  constructor() {
    super();
    this.words = "";
    this.caret = 0;
    this.selected = false;
    this.act = "";
    this.file = null;
    this.repaint = false;
    this.parent = null;
    this.wish = null;
    this.strength = USUAL_STRENGTH;
    this.choice = usualChoice();
    this.problem = "";
    this.busy = false;
    new Watch(this, () => [
      studio.live.state.own,
      studio.live.state.generations,
      studio.live.limits,
      studio.live.connection.phase,
      this.parent && studio.live.state.gone.has(this.parent.id),
    ]);
  }

  static override styles = [base, buttons, createSheet];

  // On the document: when what had the focus goes away (a cancelled picture's button), keys no longer reach the sheet.
  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#escape);
  }

  override disconnectedCallback(): void {
    const { image } = this.#intake;
    if (image || this.#afresh) left = image && { image, repaint: this.repaint };
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#escape);
  }

  override firstUpdated(): void {
    const textarea = this.renderRoot.querySelector("textarea");
    textarea?.focus();
    if (this.selected) textarea?.select();
    else textarea?.setSelectionRange(this.caret, this.caret);
    if (this.act === "upload") this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();
    // Words from another time are not sent by opening them: the caret is behind those that were typed now.
    if (this.act === "send" && this.caret) this.renderRoot.querySelector("form")?.requestSubmit();
  }

  /** A picture of one's own that was brought before is here again, unless it is another one that is made from. */
  #begin(): void {
    this.#afresh = !this.parent && !this.wish;
    if (!this.#afresh || !left) return;
    this.#intake.takeUp(left.image);
    this.repaint = left.repaint;
  }

  /** What was said about a full easel or a lost server is over when that is. */
  override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated) this.#begin();
    if (changed.has("file") && this.file) this.#intake.take(this.file);
    if (changed.has("parent") && this.parent) {
      const { media, style } = this.parent;
      this.choice = { ...this.choice, size: nearestShape(media), style: style ?? "" };
    }
    if (changed.has("wish") && this.wish) {
      this.choice = choiceOf(this.wish);
      this.strength = this.wish.strength ?? USUAL_STRENGTH;
    }
    // Nothing can be made from it any more.
    if (this.parent && studio.live.state.gone.has(this.parent.id)) {
      this.parent = null;
      this.problem = say("create.parent-gone");
    }
    const now = easelStanding(studio.live.state, studio.live.connection.phase);
    if (this.problem === this.#refusal && hasEased(this.#standing, now)) this.problem = "";
    this.#standing = now;
  }

  /** It is to start from a picture. */
  get #remixing(): boolean {
    return this.parent !== null || (this.#intake.image !== null && this.repaint);
  }

  /** Who paints it; null as long as that is not known. */
  get #painter(): Generator | null {
    return painterFor(this.#generators.all, this.choice.generator, this.#remixing);
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
      aria-label=${this.#heading()}
      data-testid="create-sheet"
      @dragover=${this.#intake.draggedOver}
      @dragleave=${this.#intake.draggedAway}
      @drop=${this.#intake.dropped}
    >
      <span class="grip"></span>
      <div class="head">
        <h2>${this.#heading()}</h2>
        <button type="button" class="round" aria-label=${say("close")} @click=${this.#dismiss}>
          ${icon("close")}
        </button>
      </div>
      ${myJobs().length ? html`<your-easel class="part easel"></your-easel>` : nothing}
      <div class="part new">${this.#form()}</div>
    </div>`;
  }

  /** A picture of one's own is to hang as it is: what is written is its caption. */
  get #hanging(): boolean {
    return this.#intake.image !== null && !this.repaint;
  }

  get #limit(): number {
    const { caption, prompt } = studio.live.limits;
    return this.#hanging ? caption : prompt;
  }

  #form(): TemplateResult {
    const hanging = this.#hanging;
    const limit = this.#limit;
    const from = this.parent !== null || this.#intake.image !== null;
    const left = limit - this.words.length;
    return html`<form @submit=${this.#submit}>
      <div class="write">
        ${this.#intake.image ? this.#picture(this.#intake.image.url) : this.parent ? this.#original(this.parent) : nothing}
        <div class="words">
          <textarea
            name="words"
            data-testid="prompt"
            dir=${this.words ? "auto" : nothing}
            rows="2"
            aria-label=${say(hanging ? "create.caption" : "create.words")}
            placeholder=${say(hanging ? "create.name" : from ? "create.repaint" : "create.say")}
            .value=${this.words}
            @input=${this.#write}
            @keydown=${this.#enter}
          ></textarea>
          <div class="chips">
            ${this.#intake.image ? this.#use() : nothing} ${hanging ? nothing : this.#options("what")}
            ${hanging || !from ? nothing : this.#how()} ${from ? nothing : uploadChip(this.#intake.chosen)}
            ${left < 80 ? html`<span class="length ${left < 0 ? "over" : ""}">${count(left)}</span>` : nothing}
          </div>
        </div>
      </div>
      <p class="problem" role="alert">${left < 0 ? say("said.too-long", { count: limit }) : this.problem}</p>
      <div class="foot">
        ${hanging ? html`<span class="meta hint">${say("create.everyone")}</span>` : this.#options("who")}
        ${hanging ? nothing : html`<tell-chip></tell-chip>`}
        <button
          class="button full"
          data-testid="paint-it"
          ?disabled=${this.busy || left < 0 || (!hanging && !this.words.trim())}
        >
          ${hanging ? icon("picture") : icon("brush")}
          ${say(this.busy ? "create.sending" : hanging ? "create.post" : "create.paint")}
        </button>
      </div>
    </form>`;
  }

  #picture(url: string): TemplateResult {
    return framed({
      picture: html`<img
        src=${url}
        @load=${this.#seen}
        alt=${say(this.repaint ? "create.to-repaint" : "create.to-post")}
      />`,
      label: say("create.take-away"),
      letGo: () => this.#intake.take(null),
      words: say("create.yours"),
    });
  }

  /** A picture that is repainted keeps about its shape. */
  #seen(event: Event): void {
    const { naturalWidth: width, naturalHeight: height } = event.target as HTMLImageElement;
    if (width && height) this.choice = { ...this.choice, size: nearestShape({ width, height }) };
  }

  #use(): TemplateResult {
    return html`<picture-use
      .repaint=${this.repaint}
      @choose=${(event: CustomEvent<boolean>) => {
        this.repaint = event.detail;
        this.#otherUpload();
      }}
    ></picture-use>`;
  }

  /** What is remixed, and a way to let go of it. */
  #original(post: Post): TemplateResult {
    return framed({
      post: post.id,
      picture: html`<picture-frame
        .media=${post.media}
        .alt=${say("create.to-remix", { title: capped(titleOf(post)) })}
        eager
        sizes="132px"
      ></picture-frame>`,
      label: say("create.without"),
      letGo: () => {
        this.parent = null;
        this.renderRoot.querySelector("textarea")?.focus();
      },
      words: woven("create.remix-of", { handle: html`<bdi>${post.author.handle}</bdi>` }),
    });
  }

  /** How far it goes from the original; or that whoever paints here does not look at it. */
  #how(): TemplateResult {
    const painter = this.#painter;
    if (painter && !painter.remixes)
      return html`<p class="words-alone" data-testid="words-alone">
        ${say("create.words-alone", { painter: painter.title || painter.name })}
      </p>`;
    return html`<strength-slider
      .value=${this.strength}
      @choose=${(event: CustomEvent<number>) => (this.strength = event.detail)}
    ></strength-slider>`;
  }

  #heading(): string {
    const remixed = this.#intake.image ? this.repaint : this.parent !== null;
    return say(remixed ? "create.remix" : "create.new");
  }

  #options(shows: "what" | "who"): TemplateResult {
    return html`<paint-options
      shows=${shows}
      .choice=${this.choice}
      .generators=${this.#generators.all}
      ?remixing=${this.#remixing}
      @choose=${this.#chosen}
    ></paint-options>`;
  }

  #chosen(event: CustomEvent<PaintChoice>): void {
    rememberChoice(this.choice, event.detail);
    this.choice = event.detail;
  }

  #write(event: Event): void {
    this.words = (event.target as HTMLTextAreaElement).value;
    this.problem = "";
    // With other words it is another upload, unless it goes without words.
    if (!this.repaint) this.#otherUpload();
  }

  #otherUpload(): void {
    if (this.#intake.image) this.#intake.image.key = newKey();
  }

  #enter(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    (event.target as HTMLTextAreaElement).form?.requestSubmit();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { words } = this;
    const said = words.trim();
    const { image } = this.#intake;
    // A key sends a form whose button cannot be pressed.
    if (this.busy || words.length > this.#limit || (!said && (!image || this.repaint))) return;
    this.busy = true;
    this.problem = "";
    try {
      if (!image) await this.#paint(said, this.parent?.id ?? null);
      else if (this.repaint) await this.#repaint(image, said);
      else await this.#hang(image, said);
      this.#sent(words, image);
    } catch (error) {
      this.problem = this.#refusal = asProblem(error).sentence;
    } finally {
      this.busy = false;
    }
  }

  /** What was sent goes; with what was written or brought meanwhile the sheet stays. */
  #sent(words: string, image: Brought | null): void {
    if (image && image === left?.image) left = null;
    if (!this.isConnected) {
      this.dispatchEvent(new CustomEvent("sent", { detail: words }));
      return;
    }
    if (image && image === this.#intake.image) this.#intake.take(null);
    this.words = leftOver(this.words, words);
    if (!this.words && !this.#intake.image) this.#dismiss();
  }

  /** Another picture is made from one's own, which is a post by then. Repeated after a failure, it is posted once. */
  async #repaint(image: Brought, words: string): Promise<void> {
    image.origin ??= (await studio.live.api.upload(image.file, "", image.key)).post;
    await this.#paint(words, image.origin.id);
  }

  async #paint(prompt: string, parent: string | null): Promise<void> {
    const { strength } = this;
    const request = requestFor(prompt, this.choice, this.#painter, { parent, strength, anySeed: this.#seed });
    const id = await studio.easel.paint(request, studio.feed);
    this.#seed = anySeed();
    this.dispatchEvent(new CustomEvent("asked", { detail: id }));
  }

  async #hang({ file, key }: Brought, caption: string): Promise<void> {
    const { post } = await studio.live.api.upload(file, caption, key);
    this.dispatchEvent(new CustomEvent("uploaded", { detail: post }));
  }

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.defaultPrevented) this.#dismiss();
  };

  #dismiss(): void {
    this.dispatchEvent(new CustomEvent("dismiss", { detail: this.words }));
  }
}

customElements.define("create-sheet", CreateSheet);
