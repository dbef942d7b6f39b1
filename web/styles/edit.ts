import { css } from "lit";

/** Words that are changed in their place: the field, what went wrong, and what saves or leaves it. */
export const edit = css`
  textarea {
    display: block;
    inline-size: 100%;
    resize: none;
    field-sizing: content;
    min-block-size: 40px;
    max-block-size: 220px;
    padding: 10px 14px;
    border-radius: 16px;
    background: var(--chip);
    color: var(--ink);
    font-size: 14px;
    line-height: 20px;
  }
  textarea:focus-visible {
    outline-offset: 1px;
    box-shadow: none;
  }
  textarea::placeholder {
    color: var(--ink3);
    opacity: 1;
  }
  .acts {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .problem {
    color: var(--bad);
    font-size: 13px;
    line-height: 18px;
  }
  .problem:empty {
    display: none;
  }
  @media (max-width: 999px) {
    textarea {
      font-size: 16px;
    }
  }
`;
