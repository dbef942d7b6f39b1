import { css } from "lit";

/** Who is offered while a name is typed: above the field, over what stands there. */
export const offeredList = css`
  .naming {
    position: relative;
  }
  .offered {
    position: absolute;
    inset-block-end: calc(100% + 6px);
    inset-inline-start: 0;
    z-index: 5;
    inline-size: min(280px, 100%);
    padding: 6px;
    border-radius: 16px;
    background: var(--raised);
    box-shadow: var(--float);
  }
  .offered li {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 40px;
    padding-inline: 10px;
    border-radius: 11px;
    cursor: pointer;
  }
  .offered li:is(:hover, [aria-selected="true"]) {
    background: var(--chip);
  }
  .offered bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  @media (pointer: coarse) {
    .offered li {
      min-block-size: 44px;
    }
  }
`;
