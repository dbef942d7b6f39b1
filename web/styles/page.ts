import { css } from "lit";

/** A page of one column under a heading of its own, beside the walls. */
export const page = css`
  :host {
    display: block;
    max-inline-size: 680px;
    margin-inline: auto;
    padding-block-start: 18px;
  }
  h1 {
    font-size: 23px;
    line-height: 28px;
    font-weight: 600;
    margin-block-end: 12px;
  }
`;
