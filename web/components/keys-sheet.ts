import { css, html, type TemplateResult } from "lit";
import type { Key, NamesOf } from "../words/catalogue";
import { say } from "../words/words";
import { ModalSheet } from "./modal-sheet";

/** Messages that have no values. */
type Label = { [K in Key]: NamesOf<K> extends never ? K : never }[Key];
type Keys = readonly [keys: readonly string[], what: Label];

const WALL: readonly Keys[] = [
  [["j"], "post.after"],
  [["k"], "post.before"],
  [["Enter"], "keys.open"],
  [["Ctrl End"], "keys.behind"],
  [["Ctrl Home"], "keys.ahead"],
];
const PICTURE: readonly Keys[] = [
  [["l"], "keys.react"],
  [["c"], "picture.comment"],
  [["r"], "remix"],
  [["→", "j"], "keys.next-of-feed"],
  [["←", "k"], "keys.before-it"],
  [["⇧ →"], "keys.remixes-on"],
  [["⇧ ←"], "keys.remixes-back"],
  [["+", "−", "0"], "keys.zoom"],
  [["Esc"], "close"],
];
const ANYWHERE: readonly Keys[] = [
  [["p"], "paint"],
  [["/"], "nav.find"],
  [["?"], "keys.this-list"],
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
    return say("keys.title");
  }

  override body(): TemplateResult {
    return html`<div data-testid="keys">
      ${this.#group(say("keys.on-wall"), WALL)} ${this.#group(say("keys.on-picture"), PICTURE)}
      ${this.#group(say("keys.anywhere"), ANYWHERE)}
    </div>`;
  }

  #group(name: string, keys: readonly Keys[]): TemplateResult {
    return html`<h3>${name}</h3>
      <dl>
        ${keys.map(
          ([pressed, what]) =>
            html`<div>
              <dt>${pressed.map((key) => html`<kbd>${key}</kbd>`)}</dt>
              <dd>${say(what)}</dd>
            </div>`,
        )}
      </dl>`;
  }
}

customElements.define("keys-sheet", KeysSheet);
