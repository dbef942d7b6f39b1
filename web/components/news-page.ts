import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { serverNow } from "../live/clock";
import { endSentence } from "../live/job-words";
import { mergedNews, newsPath, newsPieces, withPicture, type NewsLine } from "../live/news-words";
import { asProblem } from "../live/problem";
import type { Generation } from "../live/protocol";
import { ago, clock } from "../live/words";
import { base, buttons } from "../styles/base";
import { page } from "../styles/page";
import { reasonOf } from "../words/problems";
import { say } from "../words/words";
import "../words/more";
import "./blank-canvas";
import { icon, type IconName } from "./icons";
import "./person-avatar";
import "./picture-frame";
import { studio, Watch } from "./studio";

/** So long a line is in sight before it counts as read. */
const SEEN_MS = 1_200;
/** Whoever leaves has read after so long; who is gone sooner was only passing through. */
const GLANCE_MS = 400;
const SHAPES: Readonly<Record<NewsLine["newest"]["kind"], IconName>> = {
  comment: "bubble",
  reply: "reply",
  mention: "bubble",
  reaction: "react",
  remix: "fork",
  publication: "brush",
  follow: "people",
  generation: "brush",
};

/** What concerns me, newest first; read when it has been seen. */
export class NewsPage extends LitElement {
  /** What was unread when the page was opened: it stays marked while it is looked at. */
  readonly #fresh = new Set<string>();
  /** What the pictures of one's own are that the news tell of; null of one that is not known any more. */
  readonly #made = new Map<string, Generation | null>();
  #asking = false;
  #stop: () => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Since when something unread is looked at. */
  #since = 0;

  constructor() {
    super();
    new Watch(this, () => [
      studio.live.state.news,
      studio.news,
      studio.news?.problem,
      studio.live.connection.phase,
      Math.floor(serverNow() / 30_000),
    ]);
  }

  static override styles = [
    base,
    buttons,
    page,
    css`
      li {
        position: relative;
        display: grid;
        grid-template-columns: 40px minmax(0, 1fr) auto;
        align-items: center;
        gap: 14px;
        min-block-size: 72px;
        padding: 10px 12px;
        margin-inline: -12px;
        border-radius: 14px;
      }
      li:hover {
        background: var(--chip);
      }
      /* The whole line leads where its sentence does; what else can be pressed lies above. */
      .open::after {
        content: "";
        position: absolute;
        inset: 0;
        border-radius: 14px;
      }
      .open:focus-visible {
        outline: none;
        box-shadow: none;
      }
      .open:focus-visible::after {
        outline: 2px solid var(--ink);
        outline-offset: -2px;
      }
      .face {
        position: relative;
        inline-size: 40px;
        block-size: 40px;
      }
      .blank {
        display: grid;
        place-items: center;
        inline-size: 40px;
        block-size: 40px;
        border-radius: 50%;
        background: var(--chip);
        color: var(--ink2);
      }
      .kind {
        position: absolute;
        inset-block-end: -4px;
        inset-inline-end: -5px;
        display: grid;
        place-items: center;
        inline-size: 20px;
        block-size: 20px;
        border-radius: 50%;
        background: var(--raised);
        color: var(--ink2);
        box-shadow: 0 0 0 2px var(--wall);
      }
      b {
        font-weight: 600;
      }
      .line {
        overflow-wrap: anywhere;
      }
      .quote.title {
        font-size: 16px;
        line-height: 22px;
      }
      .quote {
        color: var(--ink2);
        /* It belongs to the sentence above it, whichever way it reads. */
        text-align: match-parent;
        overflow: hidden;
        display: -webkit-box;
        -webkit-line-clamp: 2;
        -webkit-box-orient: vertical;
        overflow-wrap: anywhere;
      }
      time {
        color: var(--ink3);
        font-size: 13px;
        line-height: 18px;
      }
      .end {
        position: relative;
        z-index: 1;
        display: flex;
        align-items: center;
        gap: 12px;
        pointer-events: none;
      }
      .end .button {
        pointer-events: auto;
      }
      picture-frame {
        inline-size: 52px;
        block-size: 52px;
        border-radius: 3px;
      }
      .dab {
        inline-size: 6px;
        block-size: 13px;
        border-radius: 2px;
        background: var(--ink);
        transform: skewX(var(--lean));
      }
      .bad {
        color: var(--bad);
      }
      .more {
        padding: 20px;
        text-align: center;
      }
      .message {
        min-block-size: 320px;
      }
      .away {
        color: var(--ink2);
        font-size: 13px;
        margin-block-end: 10px;
      }
      .loading li {
        background: none;
      }
      .bar {
        block-size: 9px;
        border-radius: 2px;
        background: var(--chip);
        inline-size: 60%;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#seen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#seen);
    if (this.#timer !== undefined && performance.now() - this.#since >= GLANCE_MS) this.#read();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stop();
    this.#stop = () => undefined;
    this.#fresh.clear();
    this.#showing = false;
  }

  #showing = false;

  override willUpdate(): void {
    if (!this.#showing && studio.news && this.isConnected) {
      this.#showing = true;
      this.#stop = studio.news.show();
    }
    for (const line of studio.live.state.news.lines) if (line.unread) this.#fresh.add(line.id);
  }

  override updated(): void {
    this.#seen();
    void this.#ask();
  }

  /** The list says which of my pictures it was, the pictures say the rest. One after the other. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      for (const { kind, generation: id } of studio.live.state.news.lines) {
        if (kind !== "generation" || !id || this.#made.has(id) || !this.isConnected) continue;
        const made = await studio.live.api.generation(id).then(
          ({ generation }) => generation,
          () => null,
        );
        this.#made.set(id, made);
        this.requestUpdate();
      }
    } finally {
      this.#asking = false;
    }
  }

  override render(): TemplateResult {
    const { news } = studio.live.state;
    const problem = studio.news?.problem;
    return html`<section aria-labelledby="heading">
      <h1 id="heading">${say("nav.news")}</h1>
      ${this.#away()}
      ${
        !news.loaded
          ? problem
            ? html`<blank-canvas
                class="message"
                line=${say("post.out-of-reach")}
                sentence=${reasonOf(problem)}
              >
                <button class="button outlined" @click=${() => void studio.news?.read()}>
                  ${say("try-again")}
                </button>
              </blank-canvas>`
            : this.#loading()
          : news.lines.length
            ? this.#lines()
            : html`<blank-canvas
                class="message"
                line=${say("news.quiet")}
                sentence=${say("news.what")}
                data-testid="no-news"
              >
                <a class="button outlined" href="/">${say("app.to-feed")}</a>
              </blank-canvas>`
      }
      ${
        news.next
          ? html`<p class="more">
              <button class="button outlined" @click=${() => void studio.news?.older()}>
                ${say("news.earlier")}
              </button>
            </p>`
          : nothing
      }
    </section>`;
  }

  #away(): TemplateResult | typeof nothing {
    const { phase, lostAt } = studio.live.connection;
    if (phase !== "offline" || lostAt === null || !studio.live.state.news.loaded) return nothing;
    return html`<p class="away">${say("news.away", { time: clock(lostAt) })}</p>`;
  }

  #loading(): TemplateResult {
    return html`<ol class="loading" aria-hidden="true">
      ${Array.from({ length: 5 }, () => html`<li><span class="blank"></span><span class="bar"></span></li>`)}
    </ol>`;
  }

  #lines(): TemplateResult {
    const now = serverNow();
    return html`<ol data-testid="news-list">
      ${repeat(
        mergedNews(
          studio.live.state.news.lines.map((one) =>
            withPicture(one, this.#made.get(one.generation ?? "") ?? undefined),
          ),
          this.#fresh,
        ),
        (line) => line.id,
        (line) => this.#line(line, now),
      )}
    </ol>`;
  }

  /** Why a picture came to nothing, as far as that is known. */
  #why(generation: string): string {
    const error = this.#made.get(generation)?.error;
    return error ? endSentence(error) : "";
  }

  #line(line: NewsLine, now: number): TemplateResult {
    const { newest } = line;
    const path = newsPath(line);
    const fresh = this.#fresh.has(newest.id);
    const bad = newest.kind === "generation" && newest.state !== "completed";
    const said = html`<span class=${bad ? "bad" : ""}
      >${newsPieces(line, (name) => html`<b><bdi>${name}</bdi></b>`)}</span
    >`;
    const sentence = fresh
      ? html`${said}<span class="visually-hidden">${say("comma", { one: "", other: say("news.new") })}</span>`
      : said;
    return html`<li data-testid="news-line" data-kind=${newest.kind} data-unread=${fresh ? "true" : "false"}>
      ${this.#face(line)}
      <div>
        <p class="line">${path ? html`<a class="open" href=${path}>${sentence}</a>` : sentence}</p>
        ${newest.text ? html`<p class="quote ${newest.kind === "generation" ? "title" : ""}" dir="auto">${newest.text}</p>` : nothing}
        ${bad ? html`<p class="quote">${this.#why(newest.generation ?? "")}</p>` : nothing}
        <time datetime=${new Date(newest.time).toISOString()}>${ago(newest.time, now)}</time>
      </div>
      <span class="end">
        ${bad ? this.#again(newest.generation ?? "", newest.state ?? "") : nothing}
        ${
          newest.media
            ? html`<picture-frame .media=${newest.media} .alt=${""} sizes="52px"></picture-frame>`
            : nothing
        }
        ${fresh ? html`<i class="dab"></i>` : nothing}
      </span>
    </li>`;
  }

  #face({ newest, actors }: NewsLine): TemplateResult {
    const shape = icon(SHAPES[newest.kind], 13);
    const [first] = actors;
    if (newest.kind === "generation" || !first)
      return html`<span class="blank">${icon(SHAPES[newest.kind])}</span>`;
    return html`<span class="face"
      ><person-avatar .user=${first} .size=${40}></person-avatar><span class="kind">${shape}</span></span
    >`;
  }

  #again(generation: string, state: string): TemplateResult {
    return html`<button class="button outlined small" @click=${() => void this.#reopen(generation)}>
      ${say(state === "refused" ? "card.change-words" : "try-again")}
    </button>`;
  }

  /** The sheet opens with the words of what did not come to be. */
  async #reopen(id: string): Promise<void> {
    try {
      const { generation } = await studio.live.api.generation(id);
      this.dispatchEvent(
        new CustomEvent("change-words", { detail: generation, bubbles: true, composed: true }),
      );
    } catch (error) {
      studio.live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    }
  }

  /** What stands here for a moment, in a page that is looked at, is read. */
  readonly #seen = (): void => {
    if (document.visibilityState !== "visible" || !studio.live.state.news.unread) return;
    if (this.#timer !== undefined) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#read();
    }, SEEN_MS);
  };

  #read(): void {
    if (document.visibilityState === "visible") void studio.news?.seen();
  }
}

customElements.define("news-page", NewsPage);
