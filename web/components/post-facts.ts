import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { makingOf, type Making } from "../live/making";
import type { Post } from "../live/protocol";
import { pathOfPerson, pathOfTag } from "../live/route";
import { titleOf } from "../live/words";
import { base } from "../styles/base";
import { count, say } from "../words/words";
import { icon } from "./icons";
import { styleName } from "./style-names";
import { studio, Watch } from "./studio";

const COPIED_MS = 2_000;

/** How a picture was made: by what, in how many steps, from which words; what it is about, and by whom. */
export class PostFacts extends LitElement {
  static override properties = {
    post: { type: String },
    making: { state: true },
    copied: { state: true },
  };
  declare post: string;
  /** How it was made; null until that is known. */
  declare making: Making | null;
  declare copied: boolean;
  /** The post whose making was asked for. */
  #asked = "";

  constructor() {
    super();
    this.post = "";
    this.making = null;
    this.copied = false;
    new Watch(this, () => [studio.live.state.posts.get(this.post), studio.live.connection.phase]);
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        margin-block-start: 16px;
        font-size: 13px;
        line-height: 18px;
        font-variant-numeric: tabular-nums;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 16px;
      }
      dl.short {
        grid-template-columns: max-content minmax(0, 1fr) max-content minmax(0, 1fr);
      }
      dl + dl {
        margin-block-start: 4px;
      }
      dt {
        color: var(--ink3);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .copy {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        min-block-size: 24px;
        margin-block-start: -3px;
        color: var(--ink2);
        border-radius: 6px;
        vertical-align: top;
      }
      .copy:hover {
        color: var(--ink);
      }
      .tags {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
      }
      .tags a {
        border-radius: 6px;
        text-decoration: underline;
        text-decoration-color: var(--edge);
        text-underline-offset: 3px;
      }
      @media (max-width: 999px) {
        :host {
          margin-block-start: 12px;
        }
        .copy {
          min-block-size: 44px;
          margin-block: -13px;
        }
      }
    `,
  ];

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("post")) return;
    this.#asked = "";
    this.making = null;
    this.copied = false;
  }

  override updated(): void {
    const post = studio.live.state.posts.get(this.post);
    if (!post || this.#asked === post.id) return;
    this.#asked = post.id;
    makingOf(studio.live, post).then(
      (making) => {
        if (post.id === this.post) this.making = making;
      },
      () => {
        // Asked again with the next change of the post, or when the connection stands again.
        if (this.#asked === post.id) this.#asked = "";
      },
    );
  }

  override render(): TemplateResult {
    const post = studio.live.state.posts.get(this.post);
    if (!post) return html`${nothing}`;
    const { making } = this;
    return html`<dl class="short">
        ${this.#known(post, say("post.painted-by"), making?.painter)}
        ${this.#known(post, say("post.steps"), making?.steps && count(making.steps))}
        ${fact(say("post.size"), `${count(post.media.width)} × ${count(post.media.height)}`)}
        ${this.#known(post, say("paint.seed"), making?.seed)}
      </dl>
      <dl>
        ${this.#credits(post)} ${this.#words(post)}
        ${post.style ? fact(say("paint.style"), html`<span dir="auto">${styleName(post.style)}</span>`) : nothing}
        ${
          post.tags.length
            ? fact(
                say("post.tags"),
                html`<span class="tags"
                  >${post.tags.map((tag) => html`<a href=${pathOfTag(tag)} dir="auto">#${tag}</a>`)}</span
                >`,
              )
            : nothing
        }
      </dl>`;
  }

  /** The place of what is asked for is kept until it is known; an upload has none. */
  #known(
    post: Post,
    name: string,
    value: string | number | null | undefined,
  ): TemplateResult | typeof nothing {
    if (this.making === null && post.prompt) return fact(name, "…");
    return value === null || value === undefined || value === "" ? nothing : fact(name, value);
  }

  /** All who made it together. */
  #credits({ author, credits = [] }: Post): TemplateResult | typeof nothing {
    if (!credits.some(({ id }) => id !== author.id)) return nothing;
    const names = credits.map(
      ({ handle }) => html`<a href=${pathOfPerson(handle)} data-testid="credit"><bdi>${handle}</bdi></a>`,
    );
    return fact(say("post.made-by"), html`<span class="tags">${names}</span>`);
  }

  #words(post: Post): TemplateResult | typeof nothing {
    const prompt = post.prompt?.trim();
    if (!prompt) return nothing;
    const words = prompt === titleOf(post) ? nothing : html`<span dir="auto">${prompt}</span>&emsp;`;
    return fact(
      say("post.words"),
      html`${words}<button class="copy" data-testid="copy-prompt" @click=${() => void this.#copy(prompt)}>
          ${icon(this.copied ? "check" : "copy", 14)} ${this.copied ? say("copied") : say("post.copy-words")}
        </button>`,
    );
  }

  async #copy(prompt: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(prompt);
      this.copied = true;
      setTimeout(() => (this.copied = false), COPIED_MS);
    } catch {
      studio.live.notices.say({
        text: say("post.no-copy"),
      });
    }
  }
}

function fact(name: string, value: unknown): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

customElements.define("post-facts", PostFacts);
