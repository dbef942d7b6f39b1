import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { easelStanding } from "../live/standing";
import { easelWords } from "../live/words";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "./generation-card";
import { studio, Watch } from "./studio";

const MOST_JOBS = 6;

/**
 * My own jobs, newest first, each with what can be done about it: in one row that scrolls by itself, on a phone one below
 * the other.
 */
export class YourEasel extends LitElement {
  /** The job that was brought into sight last. */
  #brought = "";

  constructor() {
    super();
    new Watch(this, () => [myJobs().join(), running(), painted()]);
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
        gap: 8px;
        min-block-size: 36px;
        margin-block-end: 6px;
        color: var(--ink2);
        font-size: 13px;
      }
      h2 {
        font-size: 13px;
        font-weight: 600;
        color: var(--ink);
        white-space: nowrap;
      }
      ul {
        display: flex;
        gap: 12px;
        /* Room for the ring of what has the focus. */
        margin: -4px;
        padding: 4px 4px 10px;
        overflow: auto hidden;
        overscroll-behavior-inline: contain;
        scrollbar-width: thin;
      }
      li {
        flex: none;
        /* Three are whole. */
        inline-size: clamp(230px, calc((100% - 24px) / 3), 300px);
      }
      li:only-child {
        inline-size: 100%;
      }
      @media (max-width: 719px) {
        ul {
          flex-direction: column;
          gap: 14px;
          overflow: visible;
        }
        li {
          inline-size: 100%;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const jobs = myJobs();
    if (!jobs.length) return html`${nothing}`;
    return html`<section aria-label=${say("easel.yours")} data-testid="your-easel">
      <div class="head">
        <h2>${say("easel.yours")}</h2>
        <span>${easelWords(running())}</span>
      </div>
      <ul>
        ${repeat(
          jobs,
          (id) => id,
          (id) =>
            html`<li>
              <generation-card variant="line" .generation=${id}></generation-card>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  /** New ones stand before it: what is being painted is brought into sight again, without moving anything else. */
  override updated(): void {
    const id = painted();
    const row = this.renderRoot.querySelector("ul");
    const shown = `${id} ${myJobs().indexOf(id)}`;
    if (!row || !id || shown === this.#brought) return;
    this.#brought = shown;
    const card = row.children[myJobs().indexOf(id)];
    if (!card) return;
    const [here, box] = [card.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollBy(Math.min(0, here.left - box.left - 4) || Math.max(0, here.right - box.right + 4), 0);
  }
}

/** The one of mine that is being painted; the newest of several. */
function painted(): string {
  const { generations } = studio.live.state;
  const busy = new Set(["starting", "painting", "finishing"]);
  return myJobs().find((id) => busy.has(generations.get(id)?.stage ?? "")) ?? "";
}

/** How many of mine wait or are being painted. */
function running(): number {
  return easelStanding(studio.live.state, studio.live.connection.phase).running;
}

/** The jobs this page shows as mine. */
export function myJobs(): string[] {
  const { own, generations } = studio.live.state;
  return own
    .filter((id) => generations.has(id))
    .slice(-MOST_JOBS)
    .reverse();
}

customElements.define("your-easel", YourEasel);
