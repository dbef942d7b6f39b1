import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { plural } from "../live/words";
import { base, buttons } from "../styles/base";
import "./generation-card";
import { studio, Watch } from "./studio";

const MOST_JOBS = 6;

/** My own jobs, newest first, each with what can be done about it. On a phone a list, elsewhere pictures. */
export class YourEasel extends LitElement {
  static override properties = { phone: { type: Boolean, reflect: true } };
  declare phone: boolean;

  constructor() {
    super();
    this.phone = false;
    new Watch(this, () => [myJobs().join()]);
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
        min-block-size: 40px;
        margin-block-end: 14px;
        color: var(--ink2);
        font-size: 13px;
      }
      h2 {
        font-size: 15px;
        line-height: 20px;
        font-weight: 600;
        color: var(--ink);
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(220px, 1fr));
        gap: 22px;
      }
      :host([phone]) ul {
        grid-template-columns: minmax(0, 1fr);
        gap: 18px;
      }
      slot {
        display: block;
        margin-inline-start: auto;
      }
      ::slotted(button) {
        margin-inline-end: -10px;
      }
    `,
  ];

  override render(): TemplateResult {
    const jobs = myJobs();
    if (!jobs.length) return html`${nothing}`;
    const count = plural(jobs.length, "picture", "pictures");
    return html`<section aria-label="Your easel" data-testid="your-easel">
      <div class="head">
        <h2>Your easel</h2>
        <span>${this.phone ? count : `${count}. Keep browsing, they paint on.`}</span>
        <slot></slot>
      </div>
      <ul>
        ${repeat(
          jobs,
          (id) => id,
          (id) =>
            html`<li>
              <generation-card variant=${this.phone ? "line" : "mine"} .generation=${id}></generation-card>
            </li>`,
        )}
      </ul>
    </section>`;
  }
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
