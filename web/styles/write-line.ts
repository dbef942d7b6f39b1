import { css } from "lit";

/** The line that something is said on, with room above it for who is writing. */
export const writeLine = css`
  .above {
    display: flex;
    align-items: center;
    gap: 8px;
    block-size: 24px;
    font-size: 12px;
    line-height: 16px;
    color: var(--ink2);
    white-space: nowrap;
    overflow: hidden;
  }
  form {
    display: flex;
    align-items: flex-end;
    gap: 6px;
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    resize: none;
    field-sizing: content;
    min-block-size: 46px;
    max-block-size: 150px;
    padding: 13px 18px;
    border-radius: 23px;
    background: var(--chip);
    font-size: 14px;
    line-height: 20px;
  }
  textarea::placeholder {
    color: var(--ink3);
    opacity: 1;
  }
  textarea:focus-visible {
    outline-offset: 1px;
    box-shadow: none;
  }
  form > .round {
    inline-size: 46px;
    block-size: 46px;
    margin-inline-end: -8px;
    color: var(--ink);
  }
  form > .round:disabled {
    color: var(--ink3);
  }
  @media (max-width: 999px) {
    textarea {
      font-size: 16px;
    }
  }
`;
