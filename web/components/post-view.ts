import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { FLAME } from "../live/emoji";
import { isOver } from "../live/fold-feed";
import type { Comment, Post } from "../live/protocol";
import { altOf, titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { postView } from "../styles/post-view";
import { reasonOf } from "../words/problems";
import { say } from "../words/words";
import "../words/more";
import "./blank-canvas";
import type { CommentComposer } from "./comment-composer";
import "./comment-composer";
import type { CommentThread } from "./comment-thread";
import "./comment-thread";
import { isField, isSingle } from "./field";
import { icon } from "./icons";
import "./lineage-tree";
import { Media } from "./media";
import "./picture-frame";
import { PictureZoom } from "./picture-zoom";
import "./post-about";
import "./reaction-burst";
import { PostUnread } from "./post-unread";
import { PostWalk } from "./post-walk";
import { remix } from "./remix";
import { shareLink } from "./share";
import { studio, Watch } from "./studio";

/** Narrower than this, everything stands in one column. */
const NARROW = new Media("(max-width: 999px)");
/** So many pictures of a lineage have a dab on the picture. */
const MOST_DABS = 9;

/**
 * One picture at its largest on the well, its lineage under it, and everything said about it beside (on a phone below).
 */
export class PostView extends LitElement {
  static override properties = { post: { type: String }, rooted: { state: true } };
  declare post: string;
  /** The post whose lineage has its room: it had some when it was opened, or somebody asked to see it. */
  declare rooted: string;
  #judged = "";
  #gone = false;
  readonly #walk = new PostWalk();
  readonly #unread = new PostUnread(this);
  readonly #zoom = new PictureZoom({
    stage: () => this.renderRoot.querySelector<HTMLElement>(".stage"),
    picture: () => this.renderRoot.querySelector<HTMLElement>(".hang"),
    wheels: () => !NARROW.matches,
    walked: (step) => this.#walk.onwards(this.post, step),
    changed: () => this.requestUpdate(),
  });
  #leave: () => void = () => undefined;

  constructor() {
    super();
    this.post = "";
    this.rooted = "";
    NARROW.redraws(this);
    new Watch(this, () => {
      const { posts, gone, feeds } = studio.live.state;
      return [
        posts.get(this.post),
        gone.has(this.post),
        studio.conversation.problems.get(this.post),
        feeds.get(studio.feed)?.blocks,
        studio.live.shownMe,
        studio.live.state.lineage?.nodes,
        this.#remixing(),
      ];
    });
  }

  static override styles = [base, buttons, postView];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#key);
    this.#leave();
    studio.lineages.close();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("post") && this.post) {
      this.#leave();
      studio.lineages.open(this.post);
      this.#leave = studio.conversation.open(this.post);
    }
    this.#root();
    this.#unread.look(this.post);
  }

  /**
   * Whether there is a lineage to make room for is judged once: what comes later waits behind a chip, unless it is one's
   * own doing.
   */
  #root(): void {
    const { posts, lineage } = studio.live.state;
    if (this.#remixing()) this.rooted = this.post;
    const post = posts.get(this.post);
    const walked = lineage !== null && lineage.nodes.size > 1 && lineage.nodes.has(this.post);
    if ((!post && !walked) || this.#judged === this.post) return;
    this.#judged = this.post;
    if (walked || post?.parent || post?.remixes) this.rooted = this.post;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("[role=dialog]")?.focus({ preventScroll: true });
    if (studio.towards === "comment") this.#write(null);
    studio.towards = null;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("post")) {
      this.renderRoot.querySelector(NARROW.matches ? ".view" : ".scroll")?.scrollTo(0, 0);
      this.#zoom.reset();
    }
    const post = studio.live.state.posts.get(this.post);
    const gone = studio.live.state.gone.has(this.post);
    // What was pressed to take it down has gone with it.
    if (gone && !this.#gone) this.renderRoot.querySelector<HTMLElement>("[role=dialog]")?.focus();
    this.#gone = gone;
    document.title = post ? `${titleOf(post)} · livefeed` : "livefeed";
  }

  override render(): TemplateResult {
    const { posts, gone } = studio.live.state;
    const post = posts.get(this.post);
    const problem = studio.conversation.problems.get(this.post);
    if (gone.has(this.post)) {
      const own = post && post.author.id === studio.live.shownMe?.id;
      return this.#message(
        say("wall.gone"),
        say(own ? "post.taken-down-own" : post ? "post.taken-down" : "post.never"),
      );
    }
    if (!post && problem && !this.#unread.isLooking)
      return this.#message(say("post.out-of-reach"), reasonOf(problem));
    return html`<div
      class="view"
      role="dialog"
      tabindex="-1"
      aria-modal="true"
      aria-label=${post ? titleOf(post) : say("post.picture")}
      data-testid="post-view"
      data-post=${this.post}
    >
      ${NARROW.matches ? html`<div class="staying">${this.#leaving(post)}</div>` : nothing}
      <div class="well">
        <div
          class="stage ${this.#zoom.near ? "near" : ""}"
          data-testid="stage"
          @wheel=${this.#zoom.wheel}
          @pointerdown=${this.#zoom.down}
          @pointermove=${this.#zoom.move}
          @pointerup=${this.#zoom.up}
          @pointercancel=${this.#zoom.up}
        >
          ${post ? this.#picture(post) : nothing} ${this.#controls(post)} ${this.#uproot(post)}
          ${NARROW.matches ? this.#dabs() : nothing}
        </div>
        ${NARROW.matches ? nothing : this.#lineage()}
      </div>
      <aside>
        <div class="scroll">
          <post-about .post=${this.post}></post-about>
          ${NARROW.matches ? this.#lineage() : nothing}
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
          ${say("app.to-feed")}
        </button>
      </blank-canvas>
    </div>`;
  }

  #picture(post: Post): TemplateResult {
    const { width, height } = post.media;
    return html`<div class="hang" style="--ratio:${width / height}">
      <picture-frame
        .media=${post.media}
        .alt=${altOf(post)}
        eager
        sizes=${this.#unread.sizes ?? (this.#zoom.near ? "1024px" : "(max-width: 999px) 100vw, 70vw")}
        @error=${this.#unread.lacks}
      ></picture-frame>
      <reaction-burst .post=${post.id}></reaction-burst>
    </div>`;
  }

  #lineage(): TemplateResult | typeof nothing {
    if (this.rooted !== this.post) return nothing;
    return html`<lineage-tree .post=${this.post} ?narrow=${NARROW.matches}></lineage-tree>`;
  }

  /** A remix of mine is being painted. */
  #remixing(): boolean {
    const { own, generations } = studio.live.state;
    return own.some(
      (id) => generations.get(id)?.generation.parent === this.post && !isOver(studio.live.state, id),
    );
  }

  /** The first remix came while somebody was looking: nothing moves until they ask to see it. */
  #uproot(post: Post | undefined): TemplateResult | typeof nothing {
    if (!post?.remixes || this.rooted === this.post) return nothing;
    const said = say("remixes", { count: post.remixes });
    return html`<button
      class="chip lineage"
      data-testid="show-lineage"
      aria-label=${say("post.show-lineage", { count: post.remixes })}
      @click=${() => (this.rooted = this.post)}
    >
      ${icon("fork", 15)} ${said}
    </button>`;
  }

  /** On a phone they stay where they are while the picture is scrolled away. */
  #leaving(post: Post | undefined): TemplateResult {
    return html`<button
        class="round control close"
        data-testid="close-post"
        aria-label=${say("close")}
        @click=${() => studio.router.leavePost()}
      >
        ${icon(NARROW.matches ? "down" : "close")}
      </button>
      ${
        post
          ? html`<button
              class="round control share"
              aria-label=${say("share")}
              @click=${() => void shareLink(post)}
            >
              ${icon("share")}
            </button>`
          : nothing
      }`;
  }

  #controls(post: Post | undefined): TemplateResult {
    const { before, after } = this.#walk.neighbours(this.post);
    return html`${NARROW.matches ? nothing : this.#leaving(post)}
    ${
      post
        ? html`<button
            class="round control zoom"
            data-testid="zoom"
            aria-pressed=${this.#zoom.near ? "true" : "false"}
            aria-label=${say(this.#zoom.near ? "post.whole" : "post.nearer")}
            title=${say(this.#zoom.near ? "post.whole" : "post.nearer")}
            @click=${() => this.#zoom.toggle()}
          >
            ${icon(this.#zoom.near ? "zoom-out" : "zoom-in")}
          </button>`
        : nothing
    }
    ${
      before
        ? html`<button
            class="round control before"
            aria-label=${say("post.before")}
            @click=${() => this.#walk.inFeed(this.post, -1)}
          >
            ${icon("back")}
          </button>`
        : nothing
    }
    ${
      after
        ? html`<button
            class="round control after"
            aria-label=${say("post.after")}
            @click=${() => this.#walk.inFeed(this.post, 1)}
          >
            ${icon("forward")}
          </button>`
        : nothing
    }`;
  }

  /** Where in the lineage a swipe has come to. */
  #dabs(): TemplateResult | typeof nothing {
    const { line, at } = this.#walk.line(this.post);
    if (at < 0 || line.length < 2) return nothing;
    const from = Math.max(0, Math.min(at - (MOST_DABS >> 1), line.length - MOST_DABS));
    return html`<span class="dabs" aria-hidden="true" data-testid="line-dabs"
      >${line.slice(from, from + MOST_DABS).map((id) => html`<i class=${id === this.post ? "here" : ""}></i>`)}</span
    >`;
  }

  #reply(event: CustomEvent<Comment>): void {
    this.#write(event.detail);
  }

  #write(answering: Comment | null): void {
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<CommentComposer>("comment-composer")?.write(answering),
    );
  }

  /** What I said stands at the end, an answer under what it is to: show it. */
  #said({ detail: parent }: CustomEvent<string | null>): void {
    void this.updateComplete.then(() =>
      requestAnimationFrame(() => {
        const thread = this.renderRoot.querySelector<CommentThread>("comment-thread");
        if (parent !== null && thread?.showAnswer(parent)) return;
        const pane = this.renderRoot.querySelector(innerWidth < 1000 ? ".view" : ".scroll");
        pane?.scrollTo(0, pane.scrollHeight);
      }),
    );
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.inert || event.isComposing) return;
    if (event.key === "Escape") {
      if (this.#zoom.near) this.#zoom.toggle();
      else studio.router.leavePost();
    }
    if (isField(event) || event.altKey || event.metaKey || event.ctrlKey) return;
    if (isSingle(event) && !studio.singleKeys) return;
    if (this.#act(event.key, event.shiftKey)) event.preventDefault();
  };

  /** Return whether a key did something. */
  #act(key: string, shift: boolean): boolean {
    const post = studio.live.state.posts.get(this.post);
    const onwards = getComputedStyle(this).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    switch (key) {
      case "ArrowLeft":
      case "ArrowRight": {
        const step = key === onwards ? 1 : -1;
        if (shift) this.#walk.throughRemixes(this.post, step);
        else this.#walk.inFeed(this.post, step);
        return true;
      }
      case "j":
        this.#walk.inFeed(this.post, 1);
        return true;
      case "k":
        this.#walk.inFeed(this.post, -1);
        return true;
      case "l":
        if (post) void studio.conversation.react(post.id, FLAME);
        return true;
      case "c":
        this.#write(null);
        return true;
      case "r":
        if (post) remix(this, post);
        return true;
      case "+":
      case "=":
        this.#zoom.by();
        return true;
      case "-":
        this.#zoom.by(1 / 1.5);
        return true;
      case "0":
        this.#zoom.reset();
        return true;
      default:
        return false;
    }
  }
}

customElements.define("post-view", PostView);
