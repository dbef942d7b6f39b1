import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { requestOf } from "../live/easel";
import { asProblem, type Problem } from "../live/problem";
import type { Generation, Media } from "../live/protocol";
import { pathOfPost } from "../live/route";
import { isUpright } from "../live/words";
import { base, buttons } from "../styles/base";
import { moment } from "../words/figures";
import { reasonOf } from "../words/problems";
import { count, say } from "../words/words";
import "../words/more";
import "./blank-canvas";
import "./generation-card";
import { GeneratorList } from "./generator-list";
import { icon } from "./icons";
import "./picture-frame";
import { pictureUrl } from "./picture-frame";
import { styleName } from "./style-names";
import { studio, Watch } from "./studio";

/** A picture that only I see: how it was made, and what can be done with it. One that was published has a post instead. */
export class OwnPicture extends LitElement {
  static override properties = {
    generation: { type: String },
    made: { state: true },
    problem: { state: true },
  };
  declare generation: string;
  /** What is known of it; null until it is asked for. */
  declare made: Generation | null;
  declare problem: Problem | null;
  /** What was asked for last. */
  #asked = "";
  #stop: () => void = () => undefined;
  readonly #generators = new GeneratorList(this);

  constructor() {
    super();
    this.generation = "";
    this.made = null;
    this.problem = null;
    new Watch(this, () => [studio.live.state.generations.get(this.generation)?.stage, studio.live.me]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 24px;
        max-inline-size: 1120px;
        margin-inline: auto;
        padding-block-start: 18px;
      }
      .hang {
        justify-self: center;
        inline-size: min(100%, 1024px, calc((100dvh - 180px) * var(--ratio)));
        border-radius: 3px;
        box-shadow: var(--hang);
      }
      h1 {
        font-size: 28px;
        line-height: 34px;
        margin-block: 12px 14px;
        text-wrap: pretty;
        overflow-wrap: anywhere;
      }
      .seen {
        display: flex;
        align-items: center;
        gap: 8px;
        font-weight: 600;
      }
      .kept {
        color: var(--ink2);
        text-wrap: pretty;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 16px;
        margin-block: 16px;
        font-size: 13px;
        line-height: 18px;
        font-variant-numeric: tabular-nums;
      }
      dt {
        color: var(--ink3);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .acts {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .message {
        min-block-size: 420px;
      }
      .waiting {
        color: var(--ink2);
      }
      @media (min-width: 1000px) {
        :host([hung]) {
          grid-template-columns: minmax(0, 1fr) 340px;
          gap: 40px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = studio.live.comeback.listen(() => {
      if (this.problem) void this.#read();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("generation")) {
      this.made = this.problem = null;
      this.#asked = "";
    }
  }

  /** Asked for once somebody is let in, and again when what was still being painted is done. */
  override updated(): void {
    const stage = studio.live.state.generations.get(this.generation)?.stage ?? "";
    const asked = `${studio.live.me?.id} ${this.generation} ${stage}`;
    if (!this.generation || asked === this.#asked) return;
    this.#asked = asked;
    void this.#read();
  }

  async #read(): Promise<void> {
    const id = this.generation;
    try {
      if (!studio.live.me) await studio.live.letIn();
      const { generation } = await studio.live.api.generation(id);
      if (id !== this.generation || !this.isConnected) return;
      if (generation.post) return studio.router.replace(pathOfPost(generation.post));
      this.made = generation;
      this.problem = null;
      document.title = `${generation.prompt} · livefeed`;
      if (!generation.media) studio.live.dispatch({ kind: "generation", generation, easel: null });
    } catch (error) {
      if (id !== this.generation) return;
      this.problem = asProblem(error);
      studio.live.comeback.missed(this.problem);
    }
  }

  override render(): TemplateResult {
    const { made, problem } = this;
    const media = made?.media ?? null;
    this.toggleAttribute("hung", Boolean(media));
    if (made && media) return this.#hung(made, media);
    if (made) return html`<generation-card variant="line" .generation=${made.id}></generation-card>`;
    if (!problem) return html`<p class="waiting" role="status">${say("own.fetching")}</p>`;
    const gone = problem.status === 404;
    return html`<blank-canvas
      class="message"
      line=${say(gone ? "app.nothing" : "post.out-of-reach")}
      sentence=${gone ? say("own.gone") : reasonOf(problem)}
      data-testid="no-picture"
    >
      ${
        gone
          ? html`<a class="button outlined" href="/">${say("app.to-feed")}</a>`
          : html`<button class="button outlined" @click=${() => void this.#read()}>
              ${say("try-again")}
            </button>`
      }
    </blank-canvas>`;
  }

  #hung(made: Generation, media: Media): TemplateResult {
    const { width, height } = media;
    return html`<picture-frame
        class="hang"
        style="aspect-ratio:${width}/${height};--ratio:${width / height}"
        .media=${media}
        .alt=${made.prompt}
        eager
        sizes="(min-width: 1000px) 740px, 100vw"
      ></picture-frame>
      <section class="about" data-testid="own-picture">
        <p class="seen">${icon("lock", 16)} ${say("paint.only-you")}</p>
        <h1 class="title ${isUpright(made.prompt) ? "upright" : ""}" dir="auto">${made.prompt}</h1>
        <p class="kept">${say("own.kept")}</p>
        ${this.#facts(made, media)}
        <div class="acts">
          <button class="button full" @click=${() => void this.#forEveryone(made)}>
            ${icon("globe", 16)} ${say("own.everyone")}
          </button>
          <a class="button outlined" href=${pictureUrl(media.sha256, 1024)} download="${fileName(made)}.webp"
            >${say("save")}</a
          >
          <button class="button outlined" @click=${() => this.#tell("change-words", made)}>
            ${say("card.change-words")}
          </button>
        </div>
      </section>`;
  }

  #facts({ generator, steps, seed, style, created }: Generation, { width, height }: Media): TemplateResult {
    const painter = this.#generators.all.find(({ name }) => name === generator);
    return html`<dl>
      ${fact(say("post.painted-by"), painter?.title || generator)}
      ${fact(say("post.steps"), steps && count(steps))}
      ${fact(say("post.size"), `${count(width)} × ${count(height)}`)} ${fact(say("paint.seed"), seed)}
      ${fact(say("paint.style"), style && html`<span dir="auto">${styleName(style)}</span>`)}
      ${fact(say("own.asked"), html`<time datetime=${new Date(created).toISOString()}>${moment(created)}</time>`)}
    </dl>`;
  }

  /** The same words, seed and hand once more: what was painted for one's own eyes stays so. */
  async #forEveryone(made: Generation): Promise<void> {
    try {
      const id = await studio.easel.paint({ ...requestOf(made), publish: true }, studio.feed);
      this.#tell("asked", id);
    } catch (error) {
      studio.live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    }
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

function fact(name: string, value: unknown): TemplateResult | typeof nothing {
  if (value === null || value === undefined || value === "") return nothing;
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

/** The first words of what was asked for, as a file may be called. */
function fileName({ prompt }: Generation): string {
  return (
    prompt
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .trim()
      .slice(0, 60)
      .trim() || "livefeed"
  );
}

customElements.define("own-picture", OwnPicture);
