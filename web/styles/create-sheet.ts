import { css } from "lit";

export const createSheet = css`
  :host {
    position: fixed;
    inset: 0;
    z-index: 50;
    display: grid;
    place-items: center;
    padding: 24px;
    background: var(--veil);
    animation: appear var(--quick) var(--ease);
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  .sheet {
    position: relative;
    display: flex;
    flex-direction: column;
    inline-size: min(940px, 100%);
    max-block-size: calc(100dvh - 48px);
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    /* Nothing is brought into view under the heading. */
    scroll-padding-block-start: 64px;
    border-radius: 26px;
    background: var(--panel);
    box-shadow: var(--float);
    animation: rise var(--sheet) var(--ease);
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(24px);
    }
  }
  .dropping {
    outline: 2px dashed var(--ink2);
    outline-offset: -10px;
  }
  .part {
    padding: 20px 30px 26px;
  }
  .easel {
    flex: none;
    padding-block: 0 18px;
    border-block-end: 1px solid var(--line);
  }
  .new {
    flex: none;
  }
  .head {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 18px 30px 0;
    background: var(--panel);
    color: var(--ink2);
    font-size: 13px;
  }
  h2 {
    font-size: 15px;
    line-height: 20px;
    font-weight: 600;
    color: var(--ink);
  }
  .head .round {
    margin-inline-start: auto;
    margin-inline-end: -10px;
  }
  form {
    display: flex;
    flex-direction: column;
    gap: 20px;
  }
  .write {
    display: flex;
    gap: 24px;
  }
  .words {
    flex: 1;
    min-inline-size: 0;
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    gap: 14px;
  }
  textarea {
    inline-size: 100%;
    flex: none;
    min-block-size: 76px;
    max-block-size: 40dvh;
    resize: none;
    field-sizing: content;
    font: italic 420 30px/36px var(--serif);
    color: var(--ink);
    caret-color: var(--ink);
  }
  textarea:dir(rtl) {
    font-family: var(--sans);
    font-style: normal;
    font-weight: 500;
  }
  textarea::placeholder {
    color: var(--ink3);
    opacity: 1;
  }
  textarea:focus-visible {
    outline: none;
    box-shadow: none;
  }
  .chips {
    flex: none;
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .words-alone {
    align-self: center;
    max-inline-size: 46ch;
    color: var(--ink3);
    font-size: 12px;
    line-height: 16px;
  }
  .foot {
    flex: none;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
    flex-wrap: wrap;
  }
  tell-chip {
    margin-inline-end: auto;
  }
  .foot .full {
    min-block-size: 46px;
    padding-inline: 24px;
    border-radius: 23px;
    font-size: 15px;
  }
  .problem {
    flex: none;
    color: var(--bad);
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .problem:empty {
    display: none;
  }
  .picture {
    position: relative;
    flex: none;
  }
  .picture :is(img, picture-frame) {
    inline-size: 132px;
    block-size: 132px;
    object-fit: cover;
    border-radius: 3px;
  }
  .picture .round {
    position: absolute;
    inset-block-start: 6px;
    inset-inline-end: 6px;
    inline-size: 32px;
    block-size: 32px;
  }
  .picture p {
    font-size: 12px;
    line-height: 16px;
    color: var(--ink3);
    margin-block-start: 6px;
    max-inline-size: 132px;
    overflow-wrap: anywhere;
  }
  .grip {
    display: none;
  }
  .length {
    color: var(--ink3);
    font-size: 12px;
    margin-inline-start: auto;
  }
  .over {
    color: var(--bad);
  }
  @media (max-width: 719px) {
    :host {
      place-items: end stretch;
      padding: 0;
    }
    .sheet {
      max-block-size: calc(100dvh - 40px);
      border-end-start-radius: 0;
      border-end-end-radius: 0;
      border-start-start-radius: 22px;
      border-start-end-radius: 22px;
      padding-block-end: env(safe-area-inset-bottom, 0px);
    }
    .grip {
      display: block;
      inline-size: 40px;
      block-size: 5px;
      border-radius: 3px;
      background: var(--unpainted);
      margin: 10px auto 0;
      flex: none;
    }
    .head {
      padding: 8px 20px 0;
    }
    .part {
      padding: 12px 20px 20px;
    }
    .easel {
      order: 2;
      padding-block: 0 18px;
      border: 0;
    }
    textarea {
      font-size: 25px;
      line-height: 32px;
      min-block-size: 96px;
    }
    form {
      gap: 14px;
    }
    .foot {
      gap: 8px;
    }
    .foot .full {
      margin-block-start: 8px;
      inline-size: 100%;
      min-block-size: 50px;
      border-radius: 25px;
    }
    .picture :is(img, picture-frame) {
      inline-size: 84px;
      block-size: 84px;
    }
    .picture p {
      max-inline-size: 84px;
    }
  }
`;
