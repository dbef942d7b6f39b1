import { css } from "lit";

/** Sizes that the drawing and the styles share, px. */
export const THUMB = 44;
export const OPEN = 48;
/** How far the ring of the open picture stands out. */
export const RING = 5;
export const ROW = OPEN + 2 * RING;
export const COLUMN = 206;
/** Without names. */
export const COLUMN_NARROW = 112;

export const lineageTree = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .head {
    display: flex;
    align-items: baseline;
    gap: 8px;
    color: var(--ink2);
    font-size: 13px;
    line-height: 18px;
    font-variant-numeric: tabular-nums;
  }
  h2 {
    font-weight: 600;
    color: var(--ink);
  }
  .keys {
    margin-inline-start: auto;
    color: var(--ink3);
    font-size: 12px;
  }
  .scroll {
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    /* Room for the ring of whatever stands at an edge. */
    margin-inline: -${2 * RING}px;
    padding: 10px ${2 * RING}px 16px;
    mask-image: linear-gradient(transparent, #000 10px calc(100% - 16px), transparent);
  }
  .tree {
    position: relative;
    min-inline-size: 100%;
  }
  svg.lines {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: 0;
    pointer-events: none;
    overflow: visible;
  }
  :host(:dir(rtl)) svg.lines {
    transform: scaleX(-1);
  }
  .lines path {
    fill: none;
    stroke: var(--edge);
    stroke-width: 1.4;
  }
  .lines path.road {
    stroke: var(--ink);
    stroke-width: 2;
  }
  .node {
    position: absolute;
    display: flex;
    align-items: center;
    block-size: ${THUMB}px;
    border-radius: 3px;
    font-size: 12px;
    line-height: 16px;
    color: var(--ink2);
    -webkit-tap-highlight-color: transparent;
  }
  .frame {
    flex: none;
    position: relative;
    inline-size: ${THUMB}px;
    block-size: ${THUMB}px;
    border-radius: 3px;
    overflow: hidden;
    background: var(--canvas);
  }
  .frame picture-frame {
    inline-size: 100%;
    block-size: 100%;
  }
  a.node:hover .who {
    color: var(--ink);
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .who {
    min-inline-size: 0;
    padding-inline: 8px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .open .frame {
    inline-size: ${OPEN}px;
    block-size: ${OPEN}px;
    margin: ${(THUMB - OPEN) / 2}px;
    outline: 2px solid var(--ink);
    outline-offset: ${RING - 2}px;
  }
  .open:focus-visible .frame {
    outline-width: 4px;
  }
  .gone .frame {
    border: 1px dashed var(--edge);
  }
  .gone,
  .gone .who {
    color: var(--ink3);
    cursor: default;
  }
  .running {
    cursor: default;
  }
  .running .who {
    display: grid;
    gap: 5px;
  }
  .running dab-row {
    inline-size: 96px;
  }
  .frame small {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    font-size: 12px;
    line-height: 16px;
  }
  .more {
    justify-content: center;
    min-inline-size: ${THUMB}px;
    padding-inline: 10px;
    block-size: 32px;
    margin-block-start: ${(THUMB - 32) / 2}px;
    border-radius: 16px;
    background: var(--panel);
    color: var(--ink2);
    box-shadow: inset 0 0 0 1px var(--edge);
    font-variant-numeric: tabular-nums;
  }
  .more:hover {
    color: var(--ink);
    background: var(--raised);
  }
  @media (max-width: 999px) {
    .keys {
      display: none;
    }
  }
  @media (pointer: coarse) {
    .more::after {
      content: "";
      position: absolute;
      inset: -6px 0;
    }
    .keys {
      display: none;
    }
  }
`;
