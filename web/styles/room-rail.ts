import { css } from "lit";

export const roomRail = css`
  :host {
    display: block;
  }
  .rail {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 2px;
    padding: 6px;
    border-radius: 28px;
    background: var(--panel);
    max-block-size: 100%;
    overflow: hidden auto;
    scrollbar-width: none;
  }
  .set {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 2px;
  }
  .set + .set {
    margin-block-start: 5px;
    padding-block-start: 6px;
    border-block-start: 1px solid var(--line);
  }
  .tool {
    inline-size: 42px;
    block-size: 40px;
    border-radius: 20px;
  }
  .tool[aria-pressed="true"],
  .tool[aria-pressed="true"]:hover {
    background: var(--ink);
    color: var(--wall);
  }
  .round:disabled {
    color: var(--ink3);
    opacity: 0.55;
  }
  .small {
    inline-size: 34px;
    block-size: 24px;
    border-radius: 13px;
    display: grid;
    place-items: center;
    color: var(--ink2);
  }
  .small:not(:disabled):hover {
    color: var(--ink);
  }
  .dot {
    border-radius: 50%;
    background: currentColor;
  }
  .small[aria-pressed="true"] {
    color: var(--ink);
  }
  .small[aria-pressed="true"] .dot {
    box-shadow:
      0 0 0 3px var(--panel),
      0 0 0 4.5px var(--ink);
  }
  .colour {
    inline-size: 26px;
    block-size: 28px;
    display: grid;
    place-items: center;
    border-radius: 13px;
    position: relative;
  }
  .colour i {
    inline-size: 18px;
    block-size: 18px;
    border-radius: 50%;
    background: var(--colour);
    /* Seen on the panel whatever the colour is: black at night, white by day. */
    box-shadow: inset 0 0 0 1.5px color-mix(in srgb, var(--ink) 40%, transparent);
  }
  .colour:is([aria-pressed="true"], [data-chosen="true"]) i {
    box-shadow:
      0 0 0 2px var(--panel),
      0 0 0 3.5px var(--ink);
  }
  .colours {
    display: grid;
    grid-template-columns: repeat(2, auto);
    gap: 1px;
  }
  .any i {
    background: conic-gradient(#f08ad0, #ff7a52, #f2b705, #41d6a1, #4fc3f0, #9fa8ff, #f08ad0);
  }
  /* What it holds, in its middle: none of the others is chosen then. */
  .any[data-chosen="true"] i {
    background:
      radial-gradient(closest-side, var(--colour) 58%, var(--panel) 62% 72%, transparent 76%),
      conic-gradient(#f08ad0, #ff7a52, #f2b705, #41d6a1, #4fc3f0, #9fa8ff, #f08ad0);
  }
  .any input {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .any:has(:focus-visible) {
    outline: 2px solid var(--ink);
    outline-offset: 1px;
  }
  .erases {
    font-size: 11px;
    line-height: 14px;
    min-inline-size: 42px;
    min-block-size: 24px;
    border-radius: 12px;
    text-align: center;
    color: var(--ink2);
  }
  .erases[aria-pressed="true"] {
    background: var(--chip-hover);
    color: var(--ink);
  }
  button:focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }
  /* A low window: two beside each other. */
  @media (max-height: 860px) {
    :host(:not([flat])) .set {
      display: grid;
      grid-template-columns: repeat(2, auto);
      justify-items: center;
    }
  }
  /* On a phone: what draws and takes back in one row, its colour (or what it erases) in another. */
  :host([flat]) .rail {
    align-items: stretch;
    gap: 0;
    border-radius: 0;
    padding: 2px 8px 4px;
  }
  :host([flat]) .row {
    display: flex;
    justify-content: space-between;
    align-items: center;
    min-block-size: 46px;
  }
  :host([flat]) .set {
    flex-direction: row;
    gap: 0;
  }
  :host([flat]) .set + .set {
    margin: 0;
    padding: 0;
    border: 0;
  }
  :host([flat]) :is(.tool, .act) {
    inline-size: 44px;
    block-size: 44px;
    border-radius: 22px;
  }
  :host([flat]) .colours {
    flex: 1;
    display: flex;
    justify-content: space-between;
  }
  :host([flat]) .colour {
    inline-size: 44px;
    block-size: 44px;
  }
  :host([flat]) .colour i {
    inline-size: 26px;
    block-size: 26px;
  }
  :host([flat]) .erases {
    flex: 1;
    font-size: 13px;
    min-block-size: 44px;
    border-radius: 22px;
  }
  /* In a low window: the same, each set in two columns or four. */
  :host([low]) .rail {
    --columns: 2;
    block-size: 100%;
    border-radius: 0;
    padding: 6px 8px;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  :host([low]) .row {
    flex: none;
    display: grid;
    grid-template-columns: repeat(var(--columns), 44px);
    justify-content: center;
    min-block-size: 0;
  }
  :host([low]) .row + .row {
    margin-block-start: 6px;
    padding-block-start: 6px;
    border-block-start: 1px solid var(--line);
  }
  :host([low]) .row > .set {
    display: contents;
  }
  :host([low]) .erases {
    grid-column: span 2;
  }
  @media (max-height: 449px) {
    :host([low]) .rail {
      --columns: 4;
    }
  }
  .menu {
    position: fixed;
    inset: auto;
    margin: 0;
    border: 0;
    padding: 8px;
    border-radius: 18px;
    color: var(--ink);
  }
  .menu:popover-open {
    display: grid;
  }
  .menu.sizes:popover-open {
    display: flex;
  }
  .menu.sizes .small {
    inline-size: 48px;
    block-size: 48px;
    border-radius: 24px;
  }
  .menu.sizes .small[aria-pressed="true"] .dot {
    box-shadow:
      0 0 0 3px var(--raised),
      0 0 0 4.5px var(--ink);
  }
  .item {
    display: block;
    min-block-size: 44px;
    padding-inline: 14px;
    border-radius: 12px;
    white-space: nowrap;
  }
  .item:not(:disabled):hover {
    background: var(--chip);
  }
  .item:disabled {
    color: var(--ink3);
  }
`;
