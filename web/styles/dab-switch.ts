import { css } from "lit";

/** A switch whose thumb is a dab. `.switch` is the track: a checkbox itself, or within what has `aria-checked`. */
export const dabSwitch = css`
  .switch {
    appearance: none;
    position: relative;
    flex: none;
    inline-size: 48px;
    block-size: 28px;
    border-radius: 14px;
    box-shadow: inset 0 0 0 1.5px var(--edge);
    cursor: pointer;
  }
  .switch::before {
    content: "";
    position: absolute;
    inset-block: 7px;
    inset-inline-start: 11px;
    inline-size: 8px;
    border-radius: 2px;
    background: var(--edge);
    transform: skewX(var(--lean));
    transition: inset-inline-start var(--quick) var(--ease);
  }
  :is(.switch:checked, [aria-checked="true"] .switch) {
    background: var(--ink);
    box-shadow: none;
  }
  :is(.switch:checked, [aria-checked="true"] .switch)::before {
    inset-inline-start: 29px;
    background: var(--wall);
  }
  .switch:disabled {
    cursor: default;
    box-shadow: inset 0 0 0 1.5px var(--line);
  }
  .switch:focus-visible {
    outline-offset: 3px;
  }
  @media (forced-colors: active) {
    .switch {
      border: 1px solid ButtonText;
    }
    .switch::before {
      background: ButtonText;
    }
    :is(.switch:checked, [aria-checked="true"] .switch) {
      background: Highlight;
    }
  }
`;
