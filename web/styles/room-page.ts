import { css } from "lit";

export const roomPage = css`
  :host {
    position: fixed;
    inset: 0;
    z-index: 30;
    background: var(--well);
  }
  .room {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr) 384px;
    block-size: 100%;
  }
  header {
    grid-column: 1 / 3;
    display: flex;
    align-items: center;
    gap: 14px;
    min-block-size: 68px;
    padding-inline: 22px 20px;
    background: var(--wall);
    border-block-end: 1px solid var(--line);
  }
  .back {
    background: var(--panel);
    color: var(--ink);
  }
  .titles {
    flex: 1;
    min-inline-size: 0;
  }
  h1 {
    font-size: 19px;
    line-height: 24px;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .titles p {
    font-size: 12px;
    line-height: 16px;
    color: var(--ink3);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .titles a {
    color: var(--ink2);
    border-radius: 4px;
  }
  .titles a:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .status {
    display: inline-flex;
    align-items: center;
    gap: 9px;
    margin-inline-end: 8px;
    font-size: 13px;
    line-height: 18px;
    white-space: nowrap;
  }
  :is(.status, .standing) i {
    flex: none;
    inline-size: 6px;
    block-size: 13px;
    border-radius: 2px;
    transform: skewX(var(--lean));
    background: var(--good);
  }
  :is(.status, .standing).catching i {
    background: linear-gradient(var(--unpainted) 45%, var(--warn) 45%);
  }
  .standing {
    display: flex;
    align-items: center;
    gap: 9px;
    font-size: 13px;
    line-height: 18px;
    position: absolute;
    inset-block-start: 10px;
    inset-inline: 10px;
    inline-size: fit-content;
    max-inline-size: calc(100% - 20px);
    margin-inline: auto;
    padding: 5px 14px 5px 12px;
    border-radius: 22px;
    background: var(--panel);
    color: var(--ink);
    pointer-events: none;
    /* A moment's loss is not worth a word. */
    animation: said var(--step) 1.2s var(--ease) both;
  }
  @keyframes said {
    from {
      opacity: 0;
    }
  }
  :is(.status, .standing).offline i {
    background: none;
    box-shadow: inset 0 0 0 1.5px var(--ink2);
  }
  .stage {
    position: relative;
    min-inline-size: 0;
    min-block-size: 0;
  }
  .stage room-canvas {
    position: absolute;
    inset: 0;
  }
  .stage room-note {
    position: absolute;
    inset-block-end: 20px;
    inset-inline: 84px;
    z-index: 3;
  }
  .sheet room-note {
    flex: none;
    padding: 0 12px 12px;
  }
  .stage room-rail {
    position: absolute;
    inset-block: 16px;
    inset-inline-start: 16px;
    z-index: 2;
    inline-size: max-content;
    block-size: max-content;
    max-block-size: calc(100% - 32px);
    display: flex;
  }
  room-strip {
    grid-column: 1;
    grid-row: 3;
  }
  aside {
    grid-column: 2;
    grid-row: 2 / 4;
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    background: var(--panel);
    border-inline-start: 1px solid var(--line);
  }
  .write {
    flex: none;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px;
    padding: 18px 24px 12px;
    border-block-end: 1px solid var(--line);
  }
  .why {
    font-size: 13px;
    line-height: 18px;
    color: var(--ink2);
  }
  aside room-talk {
    flex: 1;
    min-block-size: 0;
  }
  .tabbed {
    display: flex;
    flex-direction: column;
  }
  .narrow header {
    flex: none;
    min-block-size: 56px;
    gap: 4px;
    padding-inline: 8px 12px;
    padding-block-start: env(safe-area-inset-top, 0px);
  }
  .narrow .back {
    background: none;
  }
  .narrow h1 {
    font-size: 17px;
    line-height: 22px;
  }
  .narrow .titles p {
    display: none;
  }
  .narrow .status {
    margin-inline: 8px 2px;
  }
  .narrow .status span {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .narrow .stage {
    flex: 0 0 auto;
    inline-size: 100%;
    block-size: min(calc(100vw / var(--ratio)), 46dvh);
  }
  .tabbed room-rail {
    flex: none;
  }
  .sheet {
    flex: 1;
    min-block-size: 0;
    display: flex;
    flex-direction: column;
    background: var(--panel);
    border-block-start: 1px solid var(--line);
  }
  .low {
    display: grid;
    grid-template: auto minmax(0, 1fr) / auto minmax(0, 1fr) clamp(260px, 36vw, 384px);
    /* A notch is on the same side in every language. */
    padding: 0 env(safe-area-inset-right, 0px) 0 env(safe-area-inset-left, 0px);
  }
  .low header {
    grid-column: 1 / -1;
    min-block-size: 56px;
  }
  /* Before the picture, though the order of the focus is a phone's. */
  .low room-rail {
    grid-area: 2 / 1;
    min-block-size: 0;
    border-inline-end: 1px solid var(--line);
  }
  .low .stage {
    grid-area: 2 / 2;
    inline-size: auto;
    block-size: auto;
  }
  .low .sheet {
    grid-area: 2 / 3;
    container-type: inline-size;
    border-block-start: 0;
    border-inline-start: 1px solid var(--line);
  }
  .bar {
    flex: none;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    min-block-size: 50px;
    padding-inline: 18px 14px;
  }
  .tabs {
    display: flex;
    gap: 18px;
    min-inline-size: 0;
    overflow: auto hidden;
    scrollbar-width: none;
  }
  .tabs button {
    flex: none;
    position: relative;
    min-block-size: 44px;
    min-inline-size: 44px;
    text-align: center;
    white-space: nowrap;
    color: var(--ink2);
    border-radius: 6px;
  }
  .tabs small {
    font-size: 12px;
    color: var(--ink3);
    font-variant-numeric: tabular-nums;
  }
  .tabs [aria-selected="true"] {
    color: var(--ink);
    font-weight: 600;
  }
  .tabs [aria-selected="true"]::after {
    content: "";
    position: absolute;
    inset-inline: 0 -1px;
    inset-block-end: 6px;
    block-size: 2.5px;
    border-radius: 1px;
    background: var(--ink);
    transform: skewX(var(--lean));
  }
  .tabs button:focus-visible {
    outline-offset: -4px;
    box-shadow: none;
  }
  .news {
    display: inline-block;
    inline-size: 5px;
    block-size: 9px;
    margin-inline-start: 5px;
    border-radius: 2px;
    background: var(--ink);
    transform: skewX(var(--lean));
  }
  @container (max-width: 359px) {
    .bar {
      padding-inline: 12px 8px;
    }
    .tabs {
      gap: 10px;
    }
    .bar .button {
      padding-inline: 10px;
    }
    .bar .button span {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
  .panel {
    flex: 1;
    min-block-size: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
  }
  .panel.talk {
    overflow: hidden;
  }
  .panel room-talk {
    block-size: 100%;
  }
  .panel .write {
    padding: 12px 18px calc(18px + env(safe-area-inset-bottom, 0px));
    border: 0;
  }
`;
