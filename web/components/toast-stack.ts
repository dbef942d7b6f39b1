import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Notice, Notices } from "../live/notices";
import { base, buttons, floating } from "../styles/base";
import { say } from "../words/words";
import { icon } from "./icons";
import { pictureUrl } from "./picture-frame";
import { studio } from "./studio";

const SHOWN_MS = 6_000;

/** One thing said at a time, for six seconds of attention; what asks for an act stays. */
export class ToastStack extends LitElement {
  static override properties = { notices: { attribute: false } };
  /** What is said here; the page's own unless something else is given before it is shown. */
  declare notices: Notices;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown = 0;
  #stop: () => void = () => undefined;

  constructor() {
    super();
    this.notices = studio.live.notices;
  }

  static override styles = [
    base,
    buttons,
    floating,
    css`
      :host {
        position: fixed;
        inset-inline-start: var(--gutter);
        inset-block-end: 28px;
        z-index: 60;
      }
      .toast {
        display: flex;
        align-items: center;
        gap: 12px;
        min-block-size: 52px;
        max-inline-size: min(420px, calc(100vw - 2 * var(--gutter)));
        padding: 9px 9px 9px 16px;
        border-radius: 14px;
        animation: rise var(--step) var(--ease);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
      img {
        inline-size: 44px;
        block-size: 44px;
        border-radius: 3px;
        object-fit: cover;
        margin-inline-start: -7px;
      }
      b {
        display: block;
        font-weight: 600;
      }
      .text.under {
        color: var(--ink2);
        overflow: hidden;
        text-overflow: ellipsis;
        display: -webkit-box;
        -webkit-line-clamp: 2;
        -webkit-box-orient: vertical;
      }
      .words {
        flex: 1;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .bad {
        color: var(--bad);
      }
      .dab {
        inline-size: 6px;
        block-size: 13px;
        border-radius: 2px;
        transform: skewX(var(--lean));
        box-shadow: inset 0 0 0 1.5px var(--ink2);
        flex: none;
      }
      /* Beside the dock where there is room for both, else above it. */
      @media (min-width: 1340px) {
        .toast {
          max-inline-size: calc((100vw - 660px) / 2 - 48px);
        }
      }
      @media (min-width: 720px) and (max-width: 1339px) {
        :host {
          inset-block-end: 104px;
        }
      }
      @media (max-width: 719px) {
        :host {
          inset-block-end: calc(var(--dock) + 12px);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = this.notices.listen(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const notice = this.notices.current;
    return notice ? html`${keyed(notice.id, this.#toast(notice))}` : html`${nothing}`;
  }

  override updated(): void {
    const notice = this.notices.current;
    if (notice?.id === this.#shown) return;
    this.#shown = notice?.id ?? 0;
    // A refusal is an alert; the rest waits for the page's one voice.
    if (notice && notice.tone !== "bad")
      studio.aloud.say(
        notice.title ? say("told.titled", { title: notice.title, text: notice.text }) : notice.text,
      );
    this.#wait();
  }

  #toast(notice: Notice): TemplateResult {
    const act = notice.action;
    return html`<div
      class="toast floating"
      data-testid="toast"
      role=${notice.tone === "bad" ? "alert" : nothing}
      @pointerenter=${() => clearTimeout(this.#timer)}
      @pointerleave=${() => this.#wait()}
      @focusin=${() => clearTimeout(this.#timer)}
      @focusout=${() => this.#wait()}
    >
      ${notice.picture ? html`<img src=${pictureUrl(notice.picture, 256)} alt="" />` : nothing}
      ${notice.tone === "offline" ? html`<span class="dab"></span>` : nothing}
      <div class="words ${notice.tone === "bad" ? "bad" : ""}">
        ${notice.title ? html`<b>${notice.title}</b>` : nothing}
        <span class="text ${notice.title ? "under" : ""}">${notice.text}</span>
      </div>
      ${
        act
          ? html`<button
              class="button plain small"
              @click=${() => {
                this.notices.dismiss(notice.id);
                act.run();
              }}
            >
              ${act.label}
            </button>`
          : nothing
      }
      ${
        act && notice.tone !== "bad"
          ? nothing
          : html`<button
              class="round"
              style="inline-size:32px;block-size:32px"
              aria-label=${say("toast.dismiss")}
              @click=${() => this.notices.dismiss(notice.id)}
            >
              ${icon("close", 15)}
            </button>`
      }
    </div>`;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const notice = this.notices.current;
    if (!notice || (notice.tone === "bad" && notice.action)) return;
    this.#timer = setTimeout(() => this.notices.dismiss(notice.id), SHOWN_MS);
  }
}

customElements.define("toast-stack", ToastStack);
