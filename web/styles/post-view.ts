import { css } from "lit";

export const postView = css`
  :host {
    position: fixed;
    inset: 0;
    z-index: 40;
    background: var(--well);
    animation: appear var(--step) var(--ease);
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  [role="dialog"]:focus {
    outline: none;
  }
  .view {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 420px;
    block-size: 100%;
  }
  .well {
    display: flex;
    flex-direction: column;
    min-inline-size: 0;
    min-block-size: 0;
  }
  .stage {
    position: relative;
    flex: 1;
    min-block-size: 0;
    display: grid;
    place-items: center;
    padding: 36px 88px;
    container-type: size;
  }
  /* Its height is the same however the tree grows: the picture keeps its size. */
  .well lineage-tree {
    flex: none;
    block-size: 222px;
    padding: 0 88px 4px;
  }
  .lineage {
    position: absolute;
    inset-block-end: 3px;
    inset-inline-start: 50%;
    transform: translateX(-50%);
    min-block-size: 30px;
    background: var(--panel);
  }
  :host(:dir(rtl)) .lineage {
    transform: translateX(50%);
  }
  .hang {
    position: relative;
    inline-size: min(100cqi, calc(100cqb * var(--ratio)));
    aspect-ratio: var(--ratio);
    border-radius: 3px;
    box-shadow: 0 30px 90px -20px rgb(0 0 0 / 0.5);
  }
  picture-frame {
    inline-size: 100%;
    block-size: 100%;
    border-radius: 3px;
  }
  .control {
    position: absolute;
    background: var(--panel);
    color: var(--ink);
  }
  .control:hover:not(:disabled) {
    background: var(--raised);
  }
  .close {
    inset-block-start: 20px;
    inset-inline-start: 22px;
  }
  .share {
    inset-block-start: 20px;
    inset-inline-end: 22px;
    display: none;
  }
  .zoom {
    inset-block-start: 20px;
    inset-inline-end: 22px;
  }
  .stage .hang {
    cursor: zoom-in;
    touch-action: pan-y;
  }
  /* Nearer than whole: it fills its stage, and is moved by hand. */
  .near {
    overflow: hidden;
    cursor: grab;
    touch-action: none;
  }
  .near .hang {
    cursor: grab;
    touch-action: none;
  }
  .near:active,
  .near:active .hang {
    cursor: grabbing;
  }
  .near .control {
    z-index: 1;
  }
  .dabs {
    position: absolute;
    inset-block-end: 12px;
    inset-inline: 0;
    display: flex;
    justify-content: center;
    gap: 5px;
    pointer-events: none;
  }
  .dabs i {
    inline-size: 7px;
    block-size: 6px;
    border-radius: 2px;
    background: rgb(255 255 255 / 0.62);
    box-shadow: 0 0 3px rgb(0 0 0 / 0.5);
    transform: skewX(var(--lean));
  }
  .dabs .here {
    inline-size: 18px;
    background: #fff;
  }
  .before {
    inset-block-start: calc(50% - 20px);
    inset-inline-start: 22px;
  }
  .after {
    inset-block-start: calc(50% - 20px);
    inset-inline-end: 22px;
  }
  aside {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    background: var(--panel);
    border-inline-start: 1px solid var(--line);
  }
  .scroll {
    flex: 1;
    min-block-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    mask-image: linear-gradient(#000 calc(100% - 20px), transparent);
  }
  comment-thread {
    padding: 18px 26px 24px;
  }
  comment-composer {
    padding: 4px 26px 18px;
  }
  .middle {
    display: grid;
    block-size: 100%;
    place-items: center;
    padding: 28px;
  }
  .middle blank-canvas {
    inline-size: min(560px, 100%);
    min-block-size: 340px;
  }
  @media (max-width: 999px) {
    .view {
      display: flex;
      flex-direction: column;
      overflow-y: auto;
      overscroll-behavior: contain;
      background: var(--wall);
    }
    .well {
      display: block;
      flex: none;
      background: var(--well);
    }
    .stage {
      display: block;
      container-type: inline-size;
      padding: 0;
    }
    aside lineage-tree {
      padding: 14px 20px 0;
    }
    .lineage {
      inset-block-end: 12px;
      background: var(--on-picture);
      color: #fff;
    }
    .hang {
      inline-size: min(100%, calc(72dvh * var(--ratio)));
      margin-inline: auto;
      border-radius: 0;
      box-shadow: none;
    }
    picture-frame {
      border-radius: 0;
    }
    .control {
      background: var(--on-picture);
      color: #fff;
      backdrop-filter: blur(8px);
      -webkit-backdrop-filter: blur(8px);
    }
    .control:hover:not(:disabled) {
      background: rgb(12 13 12 / 0.8);
    }
    .close {
      inset-block-start: calc(12px + env(safe-area-inset-top, 0px));
      inset-inline-start: 12px;
    }
    .share {
      display: inline-grid;
      inset-block-start: calc(12px + env(safe-area-inset-top, 0px));
      inset-inline-end: 12px;
    }
    .staying {
      position: sticky;
      inset-block-start: 0;
      z-index: 2;
      flex: none;
      block-size: 0;
    }
    .zoom,
    .before,
    .after {
      display: none;
    }
    aside {
      flex: 1 0 auto;
      background: var(--wall);
      border: 0;
    }
    .scroll {
      overflow: visible;
      flex: 1 0 auto;
      mask-image: none;
    }
    comment-thread {
      padding: 16px 20px 24px;
    }
    comment-composer {
      position: sticky;
      inset-block-end: 0;
      padding: 2px 16px calc(14px + env(safe-area-inset-bottom, 0px));
      background: var(--panel);
      border-block-start: 1px solid var(--line);
    }
  }
`;
