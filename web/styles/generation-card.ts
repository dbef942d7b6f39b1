import { css } from "lit";

/** A picture being painted: its frame, its dabs and its label, which keep their size through all states. */
export const generationCard = css`
  :host {
    display: block;
    flex: none;
  }
  .hang {
    display: block;
    border-radius: 3px;
    box-shadow: var(--hang);
  }
  dab-row {
    margin-block-start: 8px;
  }
  .framed {
    position: relative;
  }
  .cancel {
    position: absolute;
    inset-block-start: 4px;
    inset-inline-end: 4px;
    inline-size: 28px;
    block-size: 28px;
  }
  .name {
    font-size: 16px;
    line-height: 22px;
    margin-block-start: 7px;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .waiting.name {
    color: var(--ink3);
  }
  .label {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-start: 3px;
    block-size: 22px;
    font-size: 13px;
    line-height: 18px;
    font-variant-numeric: tabular-nums;
    color: var(--ink2);
    white-space: nowrap;
  }
  .label .who {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--ink);
    flex: 1 1 20px;
    min-inline-size: 20px;
    /* A name that has no room for its first letters wraps out of sight. */
    flex-wrap: wrap;
    block-size: 20px;
    overflow: hidden;
  }
  .label .who bdi {
    flex: 1 1 6ch;
    max-inline-size: max-content;
    line-height: 20px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .label .rest {
    display: flex;
    margin-inline-start: auto;
    min-inline-size: 0;
    white-space: pre;
  }
  .label .what {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .words-line {
    font-size: 13px;
    line-height: 18px;
    font-variant-numeric: tabular-nums;
    color: var(--ink2);
    min-inline-size: 0;
    overflow: hidden;
  }
  /* One line, or two where it is narrow: the sign between them stands before the second part, cut off at a start. */
  .words-line > span {
    display: flex;
    flex-wrap: wrap;
    margin-inline-start: -0.9em;
  }
  .words-line .part {
    position: relative;
    max-inline-size: 100%;
    padding-inline-start: 0.9em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .words-line .dot {
    position: absolute;
    inset-inline-start: 0;
    white-space: pre;
  }
  .words-line b {
    font-weight: 600;
    color: var(--ink);
  }
  .bad,
  .words-line .bad,
  .bad b {
    color: var(--bad);
  }
  .refusal {
    display: inline-block;
    vertical-align: -3px;
    margin-inline-end: 6px;
  }
  .act {
    margin-block-start: 8px;
    min-block-size: 32px;
    display: flex;
    gap: 8px;
  }
  :host([variant="line"]) {
    display: grid;
    grid-template-columns: 68px minmax(0, 1fr) auto;
    gap: 0 13px;
    align-items: center;
  }
  :host([variant="line"]) .hang {
    grid-row: 1 / 4;
  }
  :host([variant="line"]) .name {
    margin: 0;
    font-size: 17px;
    grid-column: 2;
  }
  :host([variant="line"]) dab-row {
    margin: 3px 0 2px;
    grid-column: 2;
  }
  :host([variant="line"]) .words-line {
    grid-column: 2;
    min-block-size: 36px;
  }
  :host([variant="line"]) .act {
    grid-column: 3;
    grid-row: 1 / 4;
    margin: 0;
  }
  :host([variant="line"]) .act:not(:has(.round)):not(:has(a)) {
    grid-column: 2;
    grid-row: 4;
    margin-block-start: 8px;
  }
  :host([variant="line"]) .act:empty,
  :host([plain]) :is(.name, .act) {
    display: none;
  }
  :host([variant="line"][plain]) {
    grid-template-rows: 1fr 1fr;
  }
  :host([plain]) .hang {
    grid-row: 1 / 3;
  }
  :host([plain]) dab-row {
    align-self: end;
  }
  :host([plain]) .words-line {
    align-self: start;
  }
  .phone .name,
  .phone .who {
    display: none;
  }
  .phone .label .rest {
    margin-inline-start: 0;
  }
`;
