import { css, html, LitElement, type TemplateResult } from "lit";
import { base } from "../styles/base";
import { studio, Watch } from "./studio";

const AT_MOST = 6;
const MERGE_MS = 100;
const RISE_MS = 900;

/** Reactions rising along the end edge of a picture: few at a time, never over text. */
export class ReactionBurst extends LitElement {
  static override properties = { post: { type: String } };
  declare post: string;
  #totals: Readonly<Record<string, number>> | null = null;
  #lastAt = 0;
  #flying = 0;

  constructor() {
    super();
    this.post = "";
    new Watch(this, () => [studio.live.state.posts.get(this.post)?.reactions]);
  }

  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        overflow: hidden;
        pointer-events: none;
      }
      span {
        position: absolute;
        inset-block-end: 3%;
        font-size: 28px;
        line-height: 1;
      }
    `,
  ];

  override render(): TemplateResult {
    return html``;
  }

  override updated(changed: Map<string, unknown>): void {
    const totals = studio.live.state.posts.get(this.post)?.reactions ?? null;
    const before = changed.has("post") ? null : this.#totals;
    this.#totals = totals;
    if (!before || !totals || before === totals || studio.live.paused) return;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const now = performance.now();
    if (now - this.#lastAt < MERGE_MS) return;
    this.#lastAt = now;
    for (const [emoji, total] of Object.entries(totals)) if (total > (before[emoji] ?? 0)) this.#rise(emoji);
  }

  #rise(emoji: string): void {
    if (this.#flying >= AT_MOST) return;
    this.#flying++;
    const drop = document.createElement("span");
    drop.className = "emoji";
    drop.textContent = emoji;
    drop.style.insetInlineEnd = `${3 + Math.random() * 9}%`;
    this.renderRoot.append(drop);
    const sway = (Math.random() - 0.5) * 40;
    const flight = drop.animate(
      [
        { transform: "translateY(0) scale(0.7)", opacity: 0 },
        { transform: `translate(${sway * 0.4}px, -60px) scale(1.1)`, opacity: 1, offset: 0.25 },
        { transform: `translate(${sway}px, -220px) scale(0.8)`, opacity: 0 },
      ],
      { duration: RISE_MS, easing: "ease-out" },
    );
    flight.onfinish = () => {
      drop.remove();
      this.#flying--;
    };
  }
}

customElements.define("reaction-burst", ReactionBurst);
