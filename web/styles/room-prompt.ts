import { css } from "lit";

export const roomPrompt = css`
  :host {
    display: block;
  }
  .head {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 12px;
    margin-block-end: 18px;
    font-size: 13px;
    line-height: 18px;
  }
  h2 {
    font-weight: 600;
  }
  .state {
    font-size: 12px;
    color: var(--ink3);
  }
  .state.away {
    color: var(--warn);
  }
  .paper {
    position: relative;
    max-block-size: min(248px, 35dvh);
    /* Room for the flags above the first line. */
    padding-block-start: 14px;
    margin-block-start: -8px;
    overflow: hidden auto;
    scrollbar-width: thin;
    border-radius: 6px;
  }
  .paper:has(textarea:focus-visible) {
    outline: 2px solid var(--edge);
    outline-offset: 3px;
  }
  .mirror,
  textarea {
    inline-size: 100%;
    min-block-size: 72px;
    padding: 0;
    margin: 0;
    border: 0;
    font: italic 420 24px/36px var(--serif);
    white-space: pre-wrap;
    overflow-wrap: break-word;
    letter-spacing: normal;
    text-align: start;
  }
  .mirror {
    visibility: hidden;
  }
  .field {
    position: relative;
  }
  textarea {
    position: absolute;
    inset: 0;
    block-size: 100%;
    overflow: hidden;
    resize: none;
    color: var(--ink);
    caret-color: var(--ink);
    background: none;
  }
  textarea:focus-visible {
    outline: none;
    box-shadow: none;
  }
  textarea::placeholder {
    color: var(--ink3);
    opacity: 1;
  }
  textarea:disabled {
    color: var(--ink2);
    -webkit-text-fill-color: var(--ink2);
  }
  .carets {
    direction: ltr;
  }
  .caret,
  .chosen {
    position: absolute;
    pointer-events: none;
  }
  .caret {
    inline-size: 2px;
    margin-inline-start: -1px;
    background: var(--pigment);
    border-radius: 1px;
    z-index: 1;
  }
  .chosen {
    background: var(--pigment);
    opacity: 0.28;
    border-radius: 2px;
  }
  .caret span {
    position: absolute;
    inset-block-end: 100%;
    inset-inline-start: 0;
    padding: 0 6px;
    border-radius: 6px 6px 6px 1px;
    background: var(--flag);
    color: #171917;
    font-size: 11px;
    line-height: 14px;
    font-weight: 600;
    white-space: nowrap;
    transition: opacity var(--step) var(--ease);
  }
  /* At the edge the flag turns inward. */
  .caret.inward span {
    inset-inline: auto 0;
    border-radius: 6px 6px 1px 6px;
  }
  .caret.still span {
    opacity: 0;
  }
  @media (max-width: 999px) {
    .mirror,
    textarea {
      font-size: 22px;
      line-height: 32px;
      min-block-size: 64px;
    }
  }
`;
