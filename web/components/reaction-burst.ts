import { css, html, LitElement, type TemplateResult } from "lit";
import { base } from "../styles/base";
import { studio, Watch } from "./studio";

const AT_MOST = 6;
const MERGE_MS = 100;
const MOST_SCALE = 1.8;
const RISE_MS = 900;

/** Reactions rising along the end edge of a picture: few at a time, never over text. */
export class ReactionBurst extends LitElement {
  static override properties = { post: { type: String } };
  declare post: string;
  #totals: Readonly<Record<string, number>> | null = null;
  /** What came in since the last rise. */
  readonly #waiting = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
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
    if (studio.shade.calm) return;
    for (const [emoji, total] of Object.entries(totals)) {
      const more = total - (before[emoji] ?? 0);
      if (more > 0) this.#waiting.set(emoji, (this.#waiting.get(emoji) ?? 0) + more);
    }
    if (this.#waiting.size) this.#timer ??= setTimeout(() => this.#flush(), MERGE_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  /** Ten times a second at most: one of each that came, most of them first; many are larger than few. */
  #flush(): void {
    this.#timer = undefined;
    const merged = [...this.#waiting].sort(([, one], [, other]) => other - one);
    this.#waiting.clear();
    for (const [emoji, total] of merged) this.#rise(emoji, Math.min(MOST_SCALE, 1 + Math.log10(total) / 2));
  }

  #rise(emoji: string, scale: number): void {
    if (this.#flying >= AT_MOST) return;
    this.#flying++;
    const drop = document.createElement("span");
    drop.className = "emoji";
    drop.textContent = emoji;
    drop.style.insetInlineEnd = `${3 + Math.random() * 9}%`;
    drop.style.fontSize = `${Math.round(28 * scale)}px`;
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
