import { css, html, LitElement, type TemplateResult } from "lit";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "../words/more";
import { icon } from "./icons";
import "./live-region";

/** A sheet over everything, in the top layer: it keeps the keys to itself, and gives the focus back when it goes. */
export abstract class ModalSheet extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      dialog {
        inline-size: min(480px, calc(100vw - 32px));
        max-block-size: calc(100dvh - 64px);
        padding: 0;
        border: 0;
        border-radius: 24px;
        color: var(--ink);
        background: var(--panel);
        box-shadow: var(--float);
        overflow: hidden auto;
        scrollbar-width: thin;
        animation: rise var(--step) var(--ease);
      }
      dialog::backdrop {
        background: var(--veil);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(10px);
        }
      }
      .head {
        position: sticky;
        inset-block-start: 0;
        z-index: 1;
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: 14px 14px 8px;
        padding-inline-start: 24px;
        background: var(--panel);
      }
      .head h2 {
        font-size: 15px;
        line-height: 20px;
        font-weight: 600;
      }
      .body {
        padding: 4px 24px 24px;
      }
      @media (max-width: 719px) {
        dialog {
          inset-block: auto 0;
          inline-size: 100%;
          max-inline-size: none;
          max-block-size: 88dvh;
          margin-block-end: 0;
          border-end-start-radius: 0;
          border-end-end-radius: 0;
        }
        .body {
          padding: 4px 20px calc(24px + env(safe-area-inset-bottom, 0px));
        }
        .head {
          padding-inline-start: 20px;
        }
      }
    `,
  ];

  abstract heading(): string;
  abstract body(): TemplateResult;

  /** Show it; it takes itself away when it is closed. */
  show(): void {
    document.body.append(this);
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="heading"
      @close=${() => this.remove()}
      @keydown=${(event: KeyboardEvent) => event.stopPropagation()}
      @pointerdown=${this.#beside}
    >
      <div class="head">
        <h2 id="heading">${this.heading()}</h2>
        <button class="round" aria-label=${say("close")} @click=${() => this.close()}>
          ${icon("close")}
        </button>
      </div>
      <div class="body">${this.body()}</div>
      <live-region sheet></live-region>
    </dialog>`;
  }

  close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }

  /** A press beside it puts it away. */
  #beside(event: PointerEvent): void {
    const dialog = event.currentTarget as HTMLDialogElement;
    if (event.composedPath()[0] !== dialog) return;
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const inside =
      event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
    if (!inside) dialog.close();
  }
}
