import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { serverNow } from "../live/clock";
import type { Comment } from "../live/protocol";
import { remixLines, type RemixLine, type RemixLines } from "../live/remix-lines";
import type { Draft, Thread } from "../live/state";
import { talksOf, type Talk } from "../live/talks";
import { clock } from "../live/words";
import { base, buttons } from "../styles/base";
import { reasonOf } from "../words/problems";
import { say } from "../words/words";
import "./comment-item";
import "./remix-line";
import { studio, Watch } from "./studio";

/** So many pages are read to show an earlier comment; then it is for whoever looks for it to go on. */
const MOST_PAGES = 10;

/** What stands in a thread at its time: what somebody said with what was answered, or a remix. */
type Entry =
  | { readonly id: string; readonly time: number; readonly talk: Talk }
  | { readonly id: string; readonly time: number; readonly line: RemixLine };

/** What is said about a picture: oldest first, one level of replies, drafts at their place, remixes among them. */
export class CommentThread extends LitElement {
  static override properties = { post: { type: String } };
  declare post: string;
  /** Remixes whose line somebody may have seen. */
  readonly #seen = new Set<string>();
  /** Comments that are being changed: taken away elsewhere, they stay until the words are put away. */
  readonly #writing = new Map<string, Comment>();
  #reaching = false;

  constructor() {
    super();
    this.post = "";
    new Watch(this, () => {
      const { threads, drafts, presence, posts } = studio.live.state;
      const minute = Math.floor(serverNow() / 30_000);
      return [
        threads.get(this.post),
        drafts.get(this.post),
        presence.get(`post:${this.post}`),
        posts.get(this.post)?.comments,
        studio.live.shownMe,
        studio.conversation.problems.get(this.post),
        studio.live.connection,
        asText(this.#remixes()),
        minute,
      ];
    });
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        min-block-size: 20px;
        margin-block-end: 14px;
        font-size: 13px;
        line-height: 18px;
        font-variant-numeric: tabular-nums;
      }
      h2 {
        font-weight: 600;
      }
      .looking {
        display: flex;
        align-items: center;
        gap: 8px;
        color: var(--ink2);
      }
      .looking i {
        inline-size: 6px;
        block-size: 13px;
        border-radius: 2px;
        background: var(--good);
        transform: skewX(var(--lean));
      }
      .away i {
        background: none;
        box-shadow: inset 0 0 0 1.5px var(--ink2);
      }
      ol {
        display: grid;
        gap: 16px;
      }
      .replies {
        margin-block-start: 14px;
        margin-inline-start: 41px;
        gap: 14px;
      }
      /* What is shown is clear of the buttons above and the line to write on, and has room for the buttons that it gets. */
      .replies > li,
      comment-item {
        scroll-margin-block: 64px 52px;
      }
      @media (max-width: 999px) {
        .replies > li,
        comment-item {
          scroll-margin-block-end: calc(148px + env(safe-area-inset-bottom, 0px));
        }
      }
      .bad {
        color: var(--bad);
      }
      .empty {
        color: var(--ink3);
      }
      .more {
        margin-block-start: -10px;
        margin-inline-start: 41px;
        color: var(--ink3);
        font-size: 12px;
        line-height: 16px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { threads, drafts, presence, posts } = studio.live.state;
    const thread = threads.get(this.post);
    const waiting = drafts.get(this.post) ?? [];
    const whole = thread?.loaded && !thread.next;
    const total = whole ? thread.comments.length : (posts.get(this.post)?.comments ?? 0);
    const looking = presence.get(`post:${this.post}`) ?? 0;
    return html`<section aria-label=${say("talk.comments")} @writing=${this.#written}>
      <div class="head">
        <h2 data-testid="comment-count" tabindex="-1">
          ${thread ? say("comments", { count: total }) : say("talk.comments")}
        </h2>
        ${this.#company(looking)}
      </div>
      ${
        thread?.next
          ? html`<p style="margin-block-end:14px">
              <button class="button plain small" @click=${() => void studio.conversation.more(this.post)}>
                ${say("talk.earlier")}
              </button>
            </p>`
          : nothing
      }
      ${thread ? this.#list(thread, waiting) : this.#missing(waiting)}
    </section>`;
  }

  /** Who else looks on; while the connection is away, that instead. */
  #company(looking: number): TemplateResult | typeof nothing {
    const { phase, lostAt } = studio.live.connection;
    if ((phase === "offline" || phase === "waiting" || phase === "refused") && lostAt !== null) {
      return html`<span class="looking away"
        ><i></i>${say("live.offline-since", { time: clock(lostAt) })}</span
      >`;
    }
    if (!looking) return nothing;
    return html`<span class="looking" data-testid="looking"
      ><i></i>${say("talk.looking", { count: looking })}</span
    >`;
  }

  /** What was said is not known; what I have said meanwhile is. */
  #missing(waiting: readonly Draft[]): TemplateResult | typeof nothing {
    const problem = studio.conversation.problems.get(this.post);
    if (!problem) return nothing;
    return html`<p class="bad">
        ${reasonOf(problem)}
        <button class="button plain small" @click=${() => studio.conversation.retry()}>
          ${say("try-again")}
        </button>
      </p>
      ${
        waiting.length
          ? html`<ol data-testid="comments">
              ${waiting.map((draft) => this.#draft(draft))}
            </ol>`
          : nothing
      }`;
  }

  #list(thread: Thread, waiting: readonly Draft[]): TemplateResult {
    const talks = talksOf(this.#withWritten(thread));
    const { lines, more, last } = this.#remixes();
    for (const { id } of lines) this.#seen.add(id);
    if (!talks.length && !waiting.length && !lines.length)
      return html`<p class="empty">${say("talk.nobody")}</p>`;
    const top = new Set(talks.map((talk) => talk.id));
    const now = serverNow();
    const loose = waiting.filter((draft) => draft.parent === null || !top.has(draft.parent));
    return html`<ol data-testid="comments">
      ${repeat(
        entriesOf(talks, lines),
        ({ id }) => id,
        (entry) =>
          "talk" in entry
            ? this.#talk(entry.talk, waiting, now)
            : html`<li><remix-line .line=${entry.line} .now=${now}></remix-line></li>
                ${
                  more && entry.id === last
                    ? html`<li class="more" data-testid="more-remixing">
                        ${say("talk.more-remixing", { count: more })}
                      </li>`
                    : nothing
                }`,
      )}
      ${loose.map((draft) => this.#draft(draft))}
    </ol>`;
  }

  #talk(talk: Talk, waiting: readonly Draft[], now: number): TemplateResult {
    const replying = waiting.filter((draft) => draft.parent === talk.id);
    return html`<li data-talk=${talk.id}>
      <comment-item
        .comment=${talk.comment}
        ?removed=${talk.comment === null}
        .earlier=${talk.earlier}
        .now=${now}
        @earlier=${() => void this.#reach(talk.id)}
      ></comment-item>
      ${
        talk.replies.length || replying.length
          ? html`<ol class="replies">
              ${repeat(
                talk.replies,
                (reply) => reply.id,
                (reply) => html`<li><comment-item .comment=${reply} .now=${now}></comment-item></li>`,
              )}
              ${replying.map((draft) => this.#draft(draft))}
            </ol>`
          : nothing
      }
    </li>`;
  }

  /** Read earlier comments until this one is here. */
  async #reach(comment: string): Promise<void> {
    if (this.#reaching) return;
    this.#reaching = true;
    const { post } = this;
    const thread = (): Thread | undefined => studio.live.state.threads.get(post);
    for (let page = 0; page < MOST_PAGES && !thread()?.comments.some(({ id }) => id === comment); page++) {
      const before = thread()?.next;
      await studio.conversation.more(post);
      if (thread()?.next === before) break;
    }
    this.#reaching = false;
    requestAnimationFrame(() => this.#at(comment)?.scrollIntoView({ block: "nearest" }));
  }

  /** Show what was answered last to a comment, going no further than that needs. Return whether anything was. */
  showAnswer(comment: string): boolean {
    const answer = this.#at(comment)?.parentElement?.querySelector(".replies > li:last-child");
    answer?.scrollIntoView({ block: "nearest" });
    return Boolean(answer);
  }

  /** The place of a comment that is no answer. */
  #at(comment: string): Element | null {
    return this.renderRoot.querySelector(`[data-talk="${comment}"] > comment-item`);
  }

  #remixes(): RemixLines {
    return remixLines(studio.live.state, this.post, studio.live.shownMe?.id ?? "", this.#seen);
  }

  #written(event: CustomEvent<{ comment: Comment; writing: boolean }>): void {
    const { comment, writing } = event.detail;
    if (writing) this.#writing.set(comment.id, comment);
    else this.#writing.delete(comment.id);
    this.requestUpdate();
  }

  #withWritten(thread: Thread): Thread {
    const present = new Set(thread.comments.map(({ id }) => id));
    const kept = [...this.#writing.values()].filter(({ id, post }) => post === this.post && !present.has(id));
    return kept.length ? { ...thread, comments: [...thread.comments, ...kept] } : thread;
  }

  #draft(draft: Draft): TemplateResult {
    return html`<li><comment-item .post=${this.post} .draft=${draft}></comment-item></li>`;
  }
}

/** Which remixes there are and what has become of them: their steps are each line's own business. */
function asText({ lines, more }: RemixLines): string {
  return `${lines.map(({ id, kind }) => `${id} ${kind}`).join()} ${more}`;
}

/** Everything in a thread by its time. */
function entriesOf(talks: readonly Talk[], lines: readonly RemixLine[]): readonly Entry[] {
  const said = talks.map((talk) => ({ id: talk.id, time: talk.time, talk }));
  const made = lines.map((line) => ({ id: line.id, time: line.time, line }));
  return [...said, ...made].sort((left, right) => left.time - right.time);
}

customElements.define("comment-thread", CommentThread);
