import { css } from "lit";

/** A small sheet that a button opens; on a phone it lies at the bottom. */
export const popup = css`
  .popup {
    position: fixed;
    inset: auto;
    margin: 0;
    border: 0;
    inline-size: min(340px, calc(100vw - 24px));
    max-block-size: calc(100dvh - 100px);
    overflow: hidden auto;
    scrollbar-width: thin;
    padding: 20px;
    border-radius: 22px;
    color: var(--ink);
    background: var(--raised);
    box-shadow: var(--float);
  }
  .popup:is(:popover-open, :not([popover])) {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px;
  }
  .popup h2 {
    font-size: 15px;
    line-height: 20px;
    font-weight: 600;
  }
  .popup p {
    color: var(--ink2);
    font-size: 13px;
    line-height: 18px;
  }
  @media (max-width: 719px) {
    .popup {
      inset: auto 0 0 0 !important;
      inline-size: 100%;
      max-inline-size: none;
      max-block-size: 80dvh;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
      padding-block-end: calc(24px + env(safe-area-inset-bottom, 0px));
    }
  }
`;
