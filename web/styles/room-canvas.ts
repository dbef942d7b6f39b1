import { css } from "lit";

export const roomCanvas = css`
  :host {
    display: block;
    position: relative;
    min-inline-size: 0;
    min-block-size: 0;
  }
  .window {
    position: absolute;
    inset: 0;
    overflow: hidden;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
    direction: ltr;
  }
  .window.drawing {
    cursor: crosshair;
  }
  .window.hand {
    cursor: grab;
  }
  .window.panning {
    cursor: grabbing;
  }
  .picture {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: 0;
    overflow: hidden;
    border-radius: 3px;
    box-shadow: 0 12px 30px -14px rgb(0 0 0 / 0.45);
    transform-origin: 0 0;
  }
  .picture > :is(img, canvas, .shown) {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    pointer-events: none;
  }
  .picture > img {
    object-fit: cover;
  }
  .others {
    opacity: 0.8;
  }
  /* What the room did not take: paler than what it has. */
  .kept {
    opacity: 0.4;
  }
  /* What the server lays paint on where there is no picture, whatever the theme. */
  .paper {
    background: #fff;
  }
  .gone {
    position: absolute;
    inset-block-start: 18px;
    inset-inline: 84px;
    display: grid;
    justify-items: center;
    pointer-events: none;
  }
  .gone p {
    display: flex;
    align-items: center;
    gap: 8px;
    max-inline-size: 560px;
    padding-block: 8px;
    padding-inline: 18px 8px;
    border-radius: 14px;
    font-size: 13px;
    line-height: 18px;
  }
  .gone .title {
    display: block;
    font-weight: inherit;
    font-size: 16px;
  }
  .gone button {
    flex: none;
    pointer-events: auto;
  }
  .mask {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    pointer-events: none;
  }
  .pointers {
    position: absolute;
    inset: 0;
    pointer-events: none;
    overflow: hidden;
  }
  .pointer {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: 0;
    inline-size: 0;
    block-size: 0;
    will-change: transform;
  }
  .pointer svg {
    position: absolute;
    inset-block-start: -2px;
    inset-inline-start: -2px;
    overflow: visible;
    fill: var(--pigment);
    stroke: #fff;
    stroke-width: 1.6;
    stroke-linejoin: round;
    filter: drop-shadow(0 1px 2px rgb(0 0 0 / 0.45));
  }
  .pointer span {
    position: absolute;
    inset-block-start: 15px;
    inset-inline-start: 12px;
    padding: 2px 9px 3px;
    border-radius: 3px 11px 11px 11px;
    background: var(--pigment);
    color: #171917;
    font-size: 12px;
    line-height: 16px;
    font-weight: 600;
    white-space: nowrap;
    transition: opacity var(--step) var(--ease);
  }
  /* At an edge of the window the flag turns inward. */
  .pointer.inward span {
    inset-inline: auto 6px;
    border-radius: 11px 3px 11px 11px;
  }
  .pointer.above span {
    inset-block: auto 8px;
    border-radius: 11px 11px 11px 3px;
  }
  .pointer.inward.above span {
    border-radius: 11px 11px 3px 11px;
  }
  .pointer.still span {
    opacity: 0;
  }
  .ring {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: 0;
    border-radius: 50%;
    pointer-events: none;
    box-shadow:
      inset 0 0 0 1px rgb(255 255 255 / 0.9),
      0 0 0 1px rgb(12 13 12 / 0.55);
  }
  .zoom {
    position: absolute;
    inset-block-start: 18px;
    inset-inline-end: 18px;
    /* Upright, so that it stands beside the picture and not on it. */
    display: flex;
    flex-direction: column-reverse;
    align-items: center;
    padding: 2px;
    border-radius: 22px;
    background: var(--panel);
    color: var(--ink2);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .zoom .share {
    min-inline-size: 42px;
    min-block-size: 32px;
    border-radius: 12px;
    text-align: center;
  }
  .zoom .share:hover {
    color: var(--ink);
  }
  .zoom .round {
    inline-size: 36px;
    block-size: 36px;
  }
  .back {
    position: absolute;
    inset-block-end: 36px;
    inset-inline-start: 50%;
    transform: translateX(-50%);
    background: var(--on-picture);
    color: #fff;
    backdrop-filter: blur(8px);
    -webkit-backdrop-filter: blur(8px);
  }
  .back:hover {
    background: rgb(12 13 12 / 0.8);
    color: #fff;
  }
  :host(:dir(rtl)) .back {
    transform: translateX(50%);
  }
  .whole {
    position: absolute;
    inset-block-end: 10px;
    inset-inline-end: 10px;
  }
  @media (max-width: 999px) {
    .gone {
      inset-block: auto 10px;
      inset-inline: 10px;
    }
    .back {
      inset-block-end: 12px;
    }
    .picture {
      border-radius: 0;
      box-shadow: none;
    }
  }
`;
