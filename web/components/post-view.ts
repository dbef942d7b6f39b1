import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Comment, Post } from "../live/protocol";
import { pathOfPost } from "../live/route";
import { titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import "./blank-canvas";
import type { CommentComposer } from "./comment-composer";
import "./comment-composer";
import "./comment-thread";
import { icon } from "./icons";
import "./picture-frame";
import "./post-about";
import "./reaction-burst";
import { shareLink } from "./share";
import { studio, Watch } from "./studio";

/** One picture at its largest on the well, and everything said about it beside (on a phone below). */
export class PostView extends LitElement {
  static override properties = { post: { type: String } };
  declare post: string;
  #leave: () => void = () => undefined;

  constructor() {
    super();
    this.post = "";
    new Watch(this, () => {
      const { posts, gone, feeds } = studio.live.state;
      return [
        posts.get(this.post),
        gone.has(this.post),
        studio.conversation.problems.get(this.post),
        feeds.get(studio.feed)?.blocks,
        studio.live.me,
      ];
    });
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: fixed;
        inset: 0;
        z-index: 40;
        background: var(--well);
        animation: appear var(--step) var(--ease);
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
      [role="dialog"]:focus {
        outline: none;
      }
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 420px;
        block-size: 100%;
      }
      .well {
        position: relative;
        display: grid;
        place-items: center;
        min-inline-size: 0;
        padding: 36px 88px;
        container-type: size;
      }
      .hang {
        position: relative;
        inline-size: min(100cqi, calc(100cqb * var(--ratio)));
        aspect-ratio: var(--ratio);
        border-radius: 3px;
        box-shadow: 0 30px 90px -20px rgb(0 0 0 / 0.5);
      }
      picture-frame {
        inline-size: 100%;
        block-size: 100%;
        border-radius: 3px;
      }
      .control {
        position: absolute;
        background: var(--panel);
        color: var(--ink);
      }
      .control:hover:not(:disabled) {
        background: var(--raised);
      }
      .close {
        inset-block-start: 20px;
        inset-inline-start: 22px;
      }
      .share {
        inset-block-start: 20px;
        inset-inline-end: 22px;
        display: none;
      }
      .before {
        inset-block-start: calc(50% - 20px);
        inset-inline-start: 22px;
      }
      .after {
        inset-block-start: calc(50% - 20px);
        inset-inline-end: 22px;
      }
      :host(:dir(rtl)) :is(.before, .after) svg {
        transform: scaleX(-1);
      }
      aside {
        display: flex;
        flex-direction: column;
        min-block-size: 0;
        background: var(--panel);
        border-inline-start: 1px solid var(--line);
      }
      .scroll {
        flex: 1;
        min-block-size: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        mask-image: linear-gradient(#000 calc(100% - 20px), transparent);
      }
      comment-thread {
        padding: 18px 26px 24px;
      }
      comment-composer {
        padding: 4px 26px 18px;
      }
      .middle {
        display: grid;
        block-size: 100%;
        place-items: center;
        padding: 28px;
      }
      .middle blank-canvas {
        inline-size: min(560px, 100%);
        min-block-size: 340px;
      }
      @media (max-width: 999px) {
        .view {
          display: flex;
          flex-direction: column;
          overflow-y: auto;
          overscroll-behavior: contain;
          background: var(--wall);
        }
        .well {
          display: block;
          flex: none;
          container-type: inline-size;
          padding: 0;
          background: var(--well);
        }
        .hang {
          inline-size: min(100%, calc(72dvh * var(--ratio)));
          margin-inline: auto;
          border-radius: 0;
          box-shadow: none;
        }
        picture-frame {
          border-radius: 0;
        }
        .control {
          background: var(--on-picture);
          color: #fff;
          backdrop-filter: blur(8px);
          -webkit-backdrop-filter: blur(8px);
        }
        .control:hover:not(:disabled) {
          background: rgb(12 13 12 / 0.8);
        }
        .close {
          inset-block-start: calc(12px + env(safe-area-inset-top, 0px));
          inset-inline-start: 12px;
        }
        .share {
          display: inline-grid;
          inset-block-start: calc(12px + env(safe-area-inset-top, 0px));
          inset-inline-end: 12px;
        }
        .before,
        .after {
          display: none;
        }
        aside {
          flex: 1 0 auto;
          background: var(--wall);
          border: 0;
        }
        .scroll {
          overflow: visible;
          flex: 1 0 auto;
          mask-image: none;
        }
        comment-thread {
          padding: 16px 20px 24px;
        }
        comment-composer {
          position: sticky;
          inset-block-end: 0;
          padding: 2px 16px calc(14px + env(safe-area-inset-bottom, 0px));
          background: var(--panel);
          border-block-start: 1px solid var(--line);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#key);
    this.#leave();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("post") || !this.post) return;
    this.#leave();
    this.#leave = studio.conversation.open(this.post);
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("[role=dialog]")?.focus({ preventScroll: true });
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("post")) this.renderRoot.querySelector(".scroll")?.scrollTo(0, 0);
    const post = studio.live.state.posts.get(this.post);
    document.title = post ? `${titleOf(post)} · livefeed` : "livefeed";
  }

  override render(): TemplateResult {
    const { posts, gone } = studio.live.state;
    const post = posts.get(this.post);
    const problem = studio.conversation.problems.get(this.post);
    if (gone.has(this.post)) {
      return this.#message(
        "this picture is gone",
        post ? "Its author took it down." : "It was taken down, or never hung here.",
      );
    }
    if (!post && problem) return this.#message("out of reach", problem.sentence);
    return html`<div
      class="view"
      role="dialog"
      tabindex="-1"
      aria-modal="true"
      aria-label=${post ? titleOf(post) : "Picture"}
      data-testid="post-view"
      data-post=${this.post}
    >
      <div class="well">${post ? this.#picture(post) : nothing} ${this.#controls(post)}</div>
      <aside>
        <div class="scroll">
          <post-about .post=${this.post}></post-about>
          <comment-thread .post=${this.post} @reply=${this.#reply}></comment-thread>
        </div>
        <comment-composer .post=${this.post} @said=${this.#said}></comment-composer>
      </aside>
    </div>`;
  }

  #message(line: string, sentence: string): TemplateResult {
    return html`<div
      class="middle"
      role="dialog"
      tabindex="-1"
      aria-modal="true"
      aria-label=${line}
      data-testid="post-missing"
    >
      <blank-canvas line=${line} sentence=${sentence}>
        <button class="button outlined close-text" @click=${() => studio.router.leavePost()}>
          Back to the feed
        </button>
      </blank-canvas>
    </div>`;
  }

  #picture(post: Post): TemplateResult {
    const { width, height } = post.media;
    return html`<div class="hang" style="--ratio:${width / height}">
      <picture-frame
        .media=${post.media}
        .alt=${post.prompt?.trim() || titleOf(post)}
        eager
        sizes="(max-width: 999px) 100vw, 70vw"
      ></picture-frame>
      <reaction-burst .post=${post.id}></reaction-burst>
    </div>`;
  }

  #controls(post: Post | undefined): TemplateResult {
    const { before, after } = this.#neighbours();
    return html`<button
        class="round control close"
        data-testid="close-post"
        aria-label="Close"
        @click=${() => studio.router.leavePost()}
      >
        ${icon(innerWidth < 1000 ? "down" : "close")}
      </button>
      ${
        post
          ? html`<button class="round control share" aria-label="Share" @click=${() => void shareLink(post)}>
              ${icon("share")}
            </button>`
          : nothing
      }
      ${
        before
          ? html`<button
              class="round control before"
              aria-label="The picture before"
              @click=${() => this.#walk(before)}
            >
              ${icon("back")}
            </button>`
          : nothing
      }
      ${
        after
          ? html`<button
              class="round control after"
              aria-label="The next picture"
              @click=${() => this.#walk(after)}
            >
              ${icon("forward")}
            </button>`
          : nothing
      }`;
  }

  #neighbours(): { before: string | null; after: string | null } {
    const { feeds, gone } = studio.live.state;
    const order = (feeds.get(studio.feed)?.blocks ?? [])
      .flatMap((block) => block.posts)
      .filter((id) => !gone.has(id) || id === this.post);
    const at = order.indexOf(this.post);
    return at < 0
      ? { before: null, after: null }
      : { before: order[at - 1] ?? null, after: order[at + 1] ?? null };
  }

  #walk(id: string): void {
    studio.router.replace(pathOfPost(id));
  }

  #reply(event: CustomEvent<Comment>): void {
    this.renderRoot.querySelector<CommentComposer>("comment-composer")?.write(event.detail);
  }

  /** What I said stands at the end: show it. */
  #said(): void {
    void this.updateComplete.then(() =>
      requestAnimationFrame(() => {
        const pane = this.renderRoot.querySelector(innerWidth < 1000 ? ".view" : ".scroll");
        pane?.scrollTo(0, pane.scrollHeight);
      }),
    );
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.inert) return;
    const target = event.composedPath()[0];
    const typing = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
    if (event.key === "Escape") studio.router.leavePost();
    if (typing || event.altKey || event.metaKey || event.ctrlKey) return;
    const { before, after } = this.#neighbours();
    const forward = getComputedStyle(this).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const next = event.key === forward ? after : before;
    if (next) this.#walk(next);
  };
}

customElements.define("post-view", PostView);
