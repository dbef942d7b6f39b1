import { css } from "lit";

/** A line of the settings: what it is about, and at its end what is chosen. */
export const settingRow = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 20px;
    min-block-size: 56px;
    border: 0;
    margin: 0;
    padding: 8px 0;
    min-inline-size: 0;
  }
  .what {
    flex: 1 1 220px;
    min-inline-size: 0;
  }
  .what small {
    overflow-wrap: anywhere;
    margin-block-start: 2px;
    display: block;
    font-size: 13px;
    line-height: 18px;
    color: var(--ink2);
    text-wrap: pretty;
  }
`;
