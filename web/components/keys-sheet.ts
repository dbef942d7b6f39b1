import { css, html, type TemplateResult } from "lit";
import { ModalSheet } from "./modal-sheet";

type Keys = readonly [keys: readonly string[], what: string];

const WALL: readonly Keys[] = [
  [["j"], "The next picture"],
  [["k"], "The picture before"],
  [["Enter"], "Open it"],
];
const PICTURE: readonly Keys[] = [
  [["l"], "React with a flame, or take it back"],
  [["c"], "Comment"],
  [["r"], "Remix"],
  [["→", "j"], "The next picture of the feed"],
  [["←", "k"], "The picture before it"],
  [["⇧ →"], "On through the remixes"],
  [["⇧ ←"], "Back through the remixes"],
  [["+", "−", "0"], "Nearer, further, the whole picture"],
  [["Esc"], "Close"],
];
const ANYWHERE: readonly Keys[] = [
  [["p"], "Paint"],
  [["/"], "Find"],
  [["?"], "This list"],
];

/** Every key that does something. */
export class KeysSheet extends ModalSheet {
  static open(): void {
    if (document.querySelector("keys-sheet")) return;
    (document.createElement("keys-sheet") as KeysSheet).show();
  }

  static override styles = [
    ...ModalSheet.styles,
    css`
      h3 {
        font-size: 13px;
        line-height: 18px;
        color: var(--ink2);
        margin-block: 16px 4px;
      }
      dl div {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 20px;
        min-block-size: 36px;
      }
      dt {
        order: 1;
        display: flex;
        gap: 6px;
        direction: ltr;
      }
      kbd {
        display: grid;
        place-items: center;
        min-inline-size: 28px;
        block-size: 28px;
        padding-inline: 8px;
        border-radius: 8px;
        box-shadow: inset 0 0 0 1px var(--edge);
        font: 500 13px/18px var(--sans);
      }
    `,
  ];

  override heading(): string {
    return "Keys";
  }

  override body(): TemplateResult {
    return html`<div data-testid="keys">
      ${this.#group("On the wall", WALL)} ${this.#group("On a picture", PICTURE)}
      ${this.#group("Anywhere", ANYWHERE)}
    </div>`;
  }

  #group(name: string, keys: readonly Keys[]): TemplateResult {
    return html`<h3>${name}</h3>
      <dl>
        ${keys.map(
          ([pressed, what]) =>
            html`<div>
              <dt>${pressed.map((key) => html`<kbd>${key}</kbd>`)}</dt>
              <dd>${what}</dd>
            </div>`,
        )}
      </dl>`;
  }
}

customElements.define("keys-sheet", KeysSheet);
