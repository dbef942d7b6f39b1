import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { count } from "../live/words";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import { studio, Watch } from "./studio";

const BUMP_MS = 100;

/** A post's reactions: toggle buttons with their totals, and the button for more. */
export class ReactionRow extends LitElement {
  static override properties = { post: { type: String }, most: { type: Number } };
  declare post: string;
  /** How many different ones are drawn. */
  declare most: number;
  #totals: Readonly<Record<string, number>> = {};
  #bumpedAt = new Map<string, number>();

  constructor() {
    super();
    this.post = "";
    this.most = 12;
    new Watch(this, () => {
      const { posts, mine } = studio.live.state;
      return [posts.get(this.post)?.reactions, mine.get(this.post)];
    });
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 7px;
      }
      /* In one line: what does not fit is scrolled to, and the button for more stays in sight. */
      :host([line]) .row {
        flex-wrap: nowrap;
        overflow-x: auto;
        overscroll-behavior-inline: contain;
        scrollbar-width: none;
        /* Room for rings and bumps, which the scrolling would cut off. */
        margin-block: -7px;
        margin-inline: -20px -7px;
        padding-block: 7px;
        padding-inline: 20px 7px;
      }
      :host([line]) .reaction {
        flex: none;
      }
      :host([line]) emoji-button {
        position: sticky;
        inset-inline-end: 0;
        border-radius: 16px;
        background: var(--wall);
        box-shadow: 0 0 0 7px var(--wall);
      }
      .reaction {
        min-block-size: 32px;
        padding-inline: 12px;
        border-radius: 16px;
        gap: 8px;
        color: var(--ink);
        font-weight: 500;
      }
      .reaction[aria-pressed="true"] {
        background: transparent;
        box-shadow: inset 0 0 0 1.5px var(--ink);
      }
      .reaction[aria-pressed="true"]:focus-visible {
        box-shadow:
          inset 0 0 0 1.5px var(--ink),
          0 0 0 3px var(--wall);
      }
      .emoji {
        font-size: 15px;
        line-height: 18px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { posts, mine } = studio.live.state;
    const reactions = posts.get(this.post)?.reactions ?? {};
    const own = mine.get(this.post);
    const sorted = Object.entries(reactions).sort(([, left], [, right]) => right - left);
    return html`<div class="row" role="group" aria-label=${say("react.all")} data-testid="reactions">
      ${repeat(
        sorted.slice(0, this.most),
        ([emoji]) => emoji,
        ([emoji, total]) => this.#chip(emoji, total, own?.has(emoji) ?? false),
      )}
      <emoji-button .post=${this.post} chip></emoji-button>
    </div>`;
  }

  /** A total that changed bumps its chip, at most once per 100 ms. */
  override updated(): void {
    const reactions = studio.live.state.posts.get(this.post)?.reactions ?? {};
    const before = this.#totals;
    this.#totals = reactions;
    if (before === reactions || !Object.keys(before).length) return;
    if (studio.live.paused || studio.shade.calm) return;
    const now = performance.now();
    for (const [emoji, total] of Object.entries(reactions)) {
      if (total === before[emoji] || now - (this.#bumpedAt.get(emoji) ?? -BUMP_MS) < BUMP_MS) continue;
      this.#bumpedAt.set(emoji, now);
      this.renderRoot
        .querySelector(`[data-emoji="${CSS.escape(emoji)}"]`)
        ?.animate([{ transform: "scale(1.09)" }, { transform: "none" }], {
          duration: 240,
          easing: "cubic-bezier(.2,.8,.2,1)",
        });
    }
  }

  #chip(emoji: string, total: number, mine: boolean): TemplateResult {
    return html`<button
      class="chip reaction"
      data-emoji=${emoji}
      aria-pressed=${mine ? "true" : "false"}
      aria-label=${say(mine ? "react.mine" : "react.total", { emoji, total })}
      @click=${() => void studio.conversation.react(this.post, emoji)}
    >
      <span class="emoji" aria-hidden="true">${emoji}</span><span>${count(total)}</span>
    </button>`;
  }
}

customElements.define("reaction-row", ReactionRow);
