import { css } from "lit";

export const roomTalk = css`
  :host {
    display: block;
    min-block-size: 0;
  }
  section {
    position: relative;
    display: flex;
    flex-direction: column;
    block-size: 100%;
    min-block-size: 0;
  }
  h2 {
    padding: 16px 24px 4px;
    font-size: 13px;
    line-height: 18px;
    font-weight: 600;
  }
  .scroll {
    flex: 1;
    min-block-size: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    padding: 8px 24px 12px;
  }
  .scroll:focus {
    outline: none;
  }
  .empty {
    color: var(--ink3);
  }
  article {
    position: relative;
    display: flex;
    gap: 10px;
  }
  li.first {
    margin-block-start: 14px;
  }
  li.first:first-child {
    margin-block-start: 0;
  }
  .said {
    flex: 1;
    min-inline-size: 0;
  }
  li:not(.first) .said {
    margin-inline-start: 36px;
  }
  .who {
    display: flex;
    align-items: baseline;
    gap: 6px;
    line-height: 18px;
  }
  .who b {
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  time {
    color: var(--ink3);
    font-size: 12px;
    white-space: nowrap;
  }
  .dab {
    flex: none;
    align-self: center;
    inline-size: 6px;
    block-size: 11px;
    border-radius: 2px;
    transform: skewX(var(--lean));
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .pale {
    color: var(--ink3);
  }
  .reactions {
    display: flex;
    flex-wrap: wrap;
    gap: 5px;
    margin-block: 4px 2px;
  }
  .reaction {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-block-size: 26px;
    padding-inline: 9px;
    border-radius: 13px;
    background: var(--chip);
    color: var(--ink2);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .reaction[aria-pressed="true"] {
    background: none;
    box-shadow: inset 0 0 0 1.5px var(--ink);
    color: var(--ink);
  }
  .react {
    position: absolute;
    inset-block-start: -6px;
    inset-inline-end: 0;
    border-radius: 16px;
    background: var(--panel);
    opacity: 0;
  }
  article:is(:hover, :focus-within) .react {
    opacity: 1;
  }
  @media (hover: none) {
    .react {
      position: static;
      opacity: 1;
    }
  }
  .note {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-block: 16px 4px;
    font-size: 12px;
    line-height: 16px;
    color: var(--ink2);
    text-align: center;
    overflow-wrap: anywhere;
  }
  .note::before,
  .note::after {
    content: "";
    flex: 1;
    border-block-start: 1px solid var(--line);
  }
  .failed {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    font-size: 13px;
  }
  .failed button {
    font-weight: 600;
    min-block-size: 24px;
  }
  .bad {
    color: var(--bad);
  }
  @media (pointer: coarse) {
    .reaction,
    .failed button {
      min-block-size: 44px;
    }
    .reaction {
      min-inline-size: 48px;
      border-radius: 22px;
    }
  }
  .newest {
    position: absolute;
    inset-block-end: 92px;
    inset-inline-start: 50%;
    transform: translateX(-50%);
  }
  :host(:dir(rtl)) .newest {
    transform: translateX(50%);
  }
  .composer {
    padding: 0 24px 18px;
  }
  @media (max-width: 999px) {
    h2 {
      display: none;
    }
    .scroll {
      padding: 14px 18px;
    }
    .composer {
      padding: 0 18px calc(12px + env(safe-area-inset-bottom, 0px));
    }
  }
`;
