import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Post } from "../live/protocol";
import { Pace } from "../live/pace";
import { count } from "../live/words";
import { base } from "../styles/base";
import { say, spoken } from "../words/words";
import { icon } from "./icons";
import { studio, Watch } from "./studio";

/** What was drawn last: of which post, with which reactions of one's own, in which language. */
interface Drawn {
  readonly post: string;
  readonly mine: ReadonlySet<string> | undefined;
  readonly language: string;
}

/** The totals of all pictures change together, so often: nobody reads faster. */
const PACE = new Pace(200);
/** Room for an emoji or a sign with the gap to its number, and between the two totals, px. */
const SIGN_PX = 25;
const BETWEEN_PX = 11;

/**
 * The totals of a post under its picture: the reaction that most chose, and the comments. They change many times a
 * second, and then nothing but their own box is laid out and painted again.
 */
export class PostTotals extends LitElement {
  static override properties = { post: { type: String } };
  declare post: string;
  #drawn: Drawn | null = null;

  constructor() {
    super();
    this.post = "";
    new Watch(this, () => {
      const { posts, mine } = studio.live.state;
      const post = posts.get(this.post);
      return [post?.reactions, post?.comments, mine.get(this.post)];
    });
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        flex: none;
        block-size: 24px;
        margin-inline-start: auto;
        color: var(--ink2);
        contain: size layout style;
      }
      /* The host is one of a row; a box of its own need not ask the row when its text changes. */
      .box {
        position: absolute;
        inset: 0;
        contain: size layout style;
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: ${BETWEEN_PX}px;
        font-variant-numeric: tabular-nums;
      }
      .box > span {
        display: inline-flex;
        align-items: center;
        gap: 5px;
      }
      .emoji {
        font-size: 13px;
      }
    `,
  ];

  /** What is new here, what one does oneself and another language are drawn at once. */
  protected override async scheduleUpdate(): Promise<void> {
    const mine = studio.live.state.mine.get(this.post);
    const { post, mine: before, language } = this.#drawn ?? {};
    if (post === this.post && before === mine && language === spoken()) await PACE.beat();
    this.#drawn = { post: this.post, mine: studio.live.state.mine.get(this.post), language: spoken() };
    super.scheduleUpdate();
  }

  override willUpdate(): void {
    const { emoji, reactions, comments } = this.#shown();
    const shown = [emoji ? reactions : "", comments].filter(Boolean);
    const chars = shown.join("").length;
    const room = shown.length * SIGN_PX + Math.max(0, shown.length - 1) * BETWEEN_PX;
    // Another width is another row: it is asked for only when there is one digit more or less.
    const size = `calc(${chars}ch + ${room}px)`;
    if (this.style.inlineSize !== size) this.style.inlineSize = size;
  }

  override render(): TemplateResult {
    const { emoji, reactions, comments, post } = this.#shown();
    return html`<div class="box totals">
      ${
        emoji
          ? html`<span aria-label=${say("react.total", { emoji, total: topReaction(post)[1] })}
              ><span class="emoji">${emoji}</span> ${reactions}</span
            >`
          : nothing
      }
      ${
        comments
          ? html`<span aria-label=${say("comments", { count: post?.comments ?? 0 })}
              >${icon("bubble", 15)} ${comments}</span
            >`
          : nothing
      }
    </div>`;
  }

  #shown(): { post: Post | undefined; emoji: string; reactions: string; comments: string } {
    const post = studio.live.state.posts.get(this.post);
    const [emoji, total] = topReaction(post);
    return {
      post,
      emoji,
      reactions: emoji ? count(total) : "",
      comments: post?.comments ? count(post.comments) : "",
    };
  }
}

function topReaction(post: Post | undefined): readonly [string, number] {
  return Object.entries(post?.reactions ?? {}).reduce<readonly [string, number]>(
    (best, [emoji, total]) => (total > best[1] ? [emoji, total] : best),
    ["", 0],
  );
}

customElements.define("post-totals", PostTotals);
