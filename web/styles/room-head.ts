import { css } from "lit";
import { base, buttons } from "./base";
import { popup } from "./popup";

/** What the parts of the room's head share: a button, and the small sheet that it opens. */
export const roomHead = [
  base,
  buttons,
  popup,
  css`
    :host {
      display: inline-block;
    }
    .opener {
      min-block-size: 40px;
      gap: 10px;
    }
    :host([small]) .opener {
      min-block-size: 36px;
      padding-inline: 14px;
    }
    .popup :is(input, textarea) {
      box-shadow: inset 0 0 0 1px var(--edge);
    }
    .popup :is(input, textarea):focus-visible {
      outline-offset: 1px;
    }
    @media (pointer: coarse) {
      .popup input {
        min-block-size: 44px;
        font-size: 16px;
      }
    }
  `,
];
