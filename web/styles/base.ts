import { css } from "lit";

/** What every component starts from: reset, focus, and the few shapes that all of them share. */
export const base = css`
  :host {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
    font: inherit;
  }
  ul,
  ol {
    list-style: none;
  }
  img,
  canvas {
    display: block;
  }
  a {
    color: inherit;
    text-decoration: none;
  }
  button,
  input,
  textarea {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    margin: 0;
    border-radius: 0;
    text-align: start;
  }
  button {
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: default;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--ink);
    outline-offset: 3px;
    box-shadow: 0 0 0 3px var(--wall);
  }
  .title {
    font-family: var(--serif);
    font-style: italic;
    font-weight: 420;
    overflow-wrap: anywhere;
  }
  /* Scripts that are written from the right have no italics, and want a little more room. */
  .title:dir(rtl),
  .title.upright {
    font-family: var(--sans);
    font-style: normal;
    font-weight: 500;
    letter-spacing: 0;
    --taller: 1px;
    --looser: 4px;
  }
  svg[data-mirrored]:dir(rtl) {
    transform: scaleX(-1);
  }
  .meta {
    font-size: 13px;
    line-height: 18px;
    font-variant-numeric: tabular-nums;
    color: var(--ink2);
  }
  .hint {
    color: var(--ink3);
  }
  .emoji {
    font-family: "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", var(--sans);
    font-style: normal;
    font-weight: 400;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .canvas {
    background-color: var(--canvas);
    background-image:
      repeating-linear-gradient(0deg, var(--weave) 0 1px, transparent 1px 3px),
      repeating-linear-gradient(90deg, var(--weave) 0 1px, transparent 1px 3px);
    box-shadow: inset 0 0 0 1px var(--ring);
  }
  /* Where a system takes fills and shadows away, whatever can be pressed or filled in has an edge of its own. */
  @media (forced-colors: active) {
    :is(button, select, input, textarea, .button, .chip, .round) {
      outline: 1px solid ButtonBorder !important;
      outline-offset: -1px !important;
    }
    /* Words without a frame of their own want room in it. */
    button:not(.button, .chip, .round) {
      outline-offset: 1px !important;
    }
    :is(.canvas, .floating, .popup, dialog) {
      outline: 1px solid CanvasText;
      outline-offset: -1px;
    }
    :is(button, a, input, [role])[disabled] {
      outline-color: GrayText !important;
    }
    :is(
      [aria-pressed="true"],
      [aria-checked="true"],
      [aria-selected="true"],
      [aria-current]:not(a, [aria-current="false"])
    ) {
      outline: 2px solid Highlight !important;
      outline-offset: -2px !important;
    }
    :focus-visible {
      outline: 3px solid Highlight !important;
      outline-offset: 2px !important;
    }
    /* Shapes that say something by their colour alone, and words in the wall's colour: no plate is put under those. */
    :is(i, .dab, .pause, .pill, .button.full:not(:disabled)) {
      forced-color-adjust: none;
    }
  }
`;

/** Buttons: full (the one main act), outlined, plain, chip, round. */
export const buttons = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 36px;
    padding-inline: 16px;
    border-radius: 22px;
    font-weight: 600;
    white-space: nowrap;
    transition:
      transform var(--quick) var(--ease),
      background-color var(--quick) var(--ease),
      color var(--quick) var(--ease);
  }
  .button:active:not(:disabled) {
    transform: scale(0.97);
  }
  .button.full {
    background: var(--ink);
    color: var(--wall);
  }
  .button.full:disabled {
    background: var(--chip);
    color: var(--ink3);
  }
  .button.outlined {
    box-shadow: inset 0 0 0 1px var(--edge);
  }
  .button:is(.outlined, .plain):disabled {
    color: var(--ink3);
  }
  .button.outlined:disabled {
    box-shadow: inset 0 0 0 1px var(--line);
  }
  .button.outlined:hover:not(:disabled) {
    background: var(--chip);
  }
  .button.plain {
    color: var(--ink2);
  }
  .button.plain:hover:not(:disabled) {
    color: var(--ink);
  }
  .button.bad {
    color: var(--bad);
    box-shadow: inset 0 0 0 1px currentColor;
  }
  .button.small {
    min-block-size: 32px;
    padding-inline: 13px;
    font-size: 13px;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    min-block-size: 36px;
    padding-inline: var(--chip-padding, 13px);
    border-radius: 18px;
    background: var(--chip);
    color: var(--ink2);
    font-size: 13px;
    line-height: 18px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    transition: background-color var(--quick) var(--ease);
  }
  .chip:hover,
  .chip[aria-expanded="true"] {
    background: var(--chip-hover);
    color: var(--ink);
  }
  .round {
    display: inline-grid;
    place-items: center;
    inline-size: var(--round, 40px);
    block-size: var(--round, 40px);
    border-radius: 50%;
    color: var(--ink2);
    flex: none;
    transition: background-color var(--quick) var(--ease);
  }
  .round:hover:not(:disabled) {
    background: var(--chip);
    color: var(--ink);
  }
  .round.on-picture {
    background: var(--on-picture);
    color: #fff;
    backdrop-filter: var(--blur, blur(8px));
    -webkit-backdrop-filter: var(--blur, blur(8px));
  }
  .round.on-picture:hover {
    background: rgb(12 13 12 / 0.8);
    color: #fff;
  }
  :is(.button, .chip, .round):focus-visible {
    outline-offset: 3px;
    box-shadow: 0 0 0 3px var(--wall);
  }
  .button.outlined:focus-visible {
    box-shadow:
      inset 0 0 0 1px var(--edge),
      0 0 0 3px var(--wall);
  }
  @media (pointer: coarse) {
    :is(.button, .chip, .round) {
      position: relative;
    }
    :is(.button, .chip, .round)::after {
      content: "";
      position: absolute;
      inset: 50% auto auto 50%;
      inline-size: max(100%, 44px);
      block-size: max(100%, 44px);
      transform: translate(-50%, -50%);
    }
  }
`;

/** A surface that floats over the wall. */
export const floating = css`
  .floating {
    background: var(--raised);
    box-shadow: var(--float);
  }
`;
