import { css } from "lit";

/** The lines of a chip's menu: a mark, a name with what is said under it, a hint at the end. */
export const choiceItems = css`
  .label {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    min-inline-size: 0;
  }
  .label > .name {
    max-inline-size: 150px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .item {
    display: grid;
    grid-template-columns: 18px 1fr auto;
    align-items: center;
    justify-items: center;
    gap: 10px;
    min-block-size: 40px;
    padding-inline: 10px;
    border-radius: 12px;
    color: var(--ink2);
    white-space: nowrap;
  }
  .item > span:nth-child(2) {
    justify-self: start;
    text-align: start;
  }
  .item small {
    font-size: 12px;
    line-height: 16px;
    color: var(--ink3);
    font-variant-numeric: tabular-nums;
  }
  .item:is(:hover, [aria-checked="true"]):not([aria-disabled="true"]) {
    background: var(--chip);
    color: var(--ink);
  }
  .item[aria-checked="true"] small {
    color: var(--ink2);
  }
  .item[aria-disabled="true"] {
    color: var(--ink3);
    cursor: default;
  }
  .item:focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }
  input {
    block-size: 36px;
    padding-inline: 14px;
    border-radius: 18px;
    box-shadow: inset 0 0 0 1px var(--edge);
    font-size: 14px;
  }
  input:focus-visible {
    outline-offset: 1px;
  }
  @media (max-width: 999px) {
    input {
      font-size: 16px;
    }
  }
`;
