import { css } from "lit";

export const roomStrip = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .head {
    display: flex;
    align-items: baseline;
    gap: 9px;
    padding-inline: 22px;
    font-size: 13px;
    line-height: 18px;
  }
  h2 {
    font-weight: 600;
    font-size: 14px;
  }
  .head span {
    color: var(--ink3);
  }
  ol {
    display: flex;
    gap: 16px;
    padding: 10px 22px 12px;
    overflow: auto hidden;
    overscroll-behavior-inline: contain;
    scrollbar-width: thin;
  }
  li {
    flex: none;
    inline-size: 128px;
  }
  .tile {
    display: block;
    position: relative;
    inline-size: 128px;
    block-size: 128px;
    border-radius: 3px;
  }
  .tile > :is(job-picture, picture-frame, .canvas, .paper) {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    border-radius: 3px;
  }
  .tile > .paper {
    background: #fff;
    box-shadow: inset 0 0 0 1px var(--ring);
  }
  .tile[aria-pressed="true"] {
    outline: 2px solid var(--ink);
    outline-offset: 3px;
  }
  .tile:focus-visible {
    outline-offset: 3px;
  }
  .under {
    display: flex;
    align-items: center;
    gap: 8px;
    inline-size: 100%;
    min-block-size: 26px;
    margin-block-start: 6px;
    font-size: 12px;
    line-height: 16px;
    color: var(--ink2);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .under .name {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .under dab-row + .name {
    flex: none;
  }
  .bad {
    color: var(--bad);
  }
  .vote {
    border-radius: 8px;
    padding: 4px;
    margin-inline: -4px;
    inline-size: calc(100% + 8px);
  }
  .vote:not(:disabled):hover {
    background: var(--chip);
    color: var(--ink);
  }
  .vote[aria-pressed="true"] {
    color: var(--ink);
    font-weight: 600;
  }
  .vote:focus-visible {
    outline-offset: 0;
    box-shadow: none;
  }
  .dabs {
    display: flex;
    gap: 3px;
    margin-inline-start: auto;
  }
  .dabs i {
    inline-size: 7px;
    block-size: 13px;
    border-radius: 2px;
    background: var(--unpainted);
    transform: skewX(var(--lean));
  }
  dab-row {
    flex: 1 1 40px;
    min-inline-size: 0;
    max-inline-size: 76px;
  }
  /* On the picture: what is under it has no room to spare. */
  .hang {
    position: relative;
  }
  .cancel {
    position: absolute;
    inset-block-start: 4px;
    inset-inline-end: 4px;
    inline-size: 28px;
    block-size: 28px;
  }
  .eta {
    position: absolute;
    inset-block-end: 5px;
    inset-inline-start: 5px;
    padding: 1px 7px 2px;
    border-radius: 9px;
    background: var(--on-picture);
    color: #fff;
    font-size: 11px;
    line-height: 14px;
    font-variant-numeric: tabular-nums;
    pointer-events: none;
  }
  .another {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 12px;
    padding-inline: 8px;
    font-weight: 600;
    font-size: 13px;
    text-align: center;
    overflow-wrap: anywhere;
    box-shadow: inset 0 0 0 1.5px var(--edge);
    transition: background-color var(--quick) var(--ease);
  }
  .another:not(:disabled):hover {
    background: var(--chip);
  }
  .another .mark {
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    background: var(--ink);
    color: var(--wall);
  }
  .another:disabled {
    color: var(--ink3);
    box-shadow: inset 0 0 0 1.5px var(--line);
  }
  .another:disabled .mark {
    background: var(--chip);
    color: var(--ink3);
  }
  :host([wrapped]) .head {
    padding: 4px 18px 0;
  }
  :host([wrapped]) h2 {
    display: none;
  }
  :host([wrapped]) ol {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(104px, 1fr));
    gap: 14px;
    padding: 12px 18px 20px;
    overflow: visible;
  }
  :host([wrapped]) :is(li, .tile) {
    inline-size: 100%;
  }
  :host([wrapped]) .tile {
    block-size: auto;
    aspect-ratio: 1;
  }
  @media (pointer: coarse) {
    /* All of them, so that their words stand on one line. */
    .under {
      min-block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .dabs i {
      border: 1px solid CanvasText;
      forced-color-adjust: none;
    }
  }
`;
