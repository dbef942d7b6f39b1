import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { base, buttons, floating } from "../styles/base";
import { say } from "../words/words";
import { WatchRoom, type RoomDesk } from "./room-desk";

/**
 * What became of my right to paint while I did: who took it, what was not taken of what I drew and voted for, and what
 * there is to do. It stays until it is read; what was drawn can be put in once I may paint again.
 */
export class RoomNote extends LitElement {
  static override properties = { desk: { attribute: false } };
  declare desk: RoomDesk;

  constructor() {
    super();
    new WatchRoom(this, (desk) => [
      desk.session.state.demoted,
      desk.session.state.room,
      desk.session.state.variations.length,
      desk.kept,
      desk.mayEdit,
    ]);
  }

  static override styles = [
    base,
    buttons,
    floating,
    css`
      :host {
        display: block;
        pointer-events: none;
      }
      .note {
        pointer-events: auto;
        display: grid;
        gap: 10px;
        inline-size: min(640px, 100%);
        margin-inline: auto;
        padding: 14px 16px 14px 20px;
        border-radius: 14px;
        font-size: 14px;
        line-height: 20px;
        animation: rise var(--step) var(--ease);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
      .acts {
        display: flex;
        justify-content: end;
        gap: 8px;
      }
    `,
  ];

  override render(): TemplateResult {
    const said = this.#said();
    const { desk } = this;
    const some = desk.kept.length > 0;
    return html`<div role="alert">
      ${
        said.length
          ? html`<div class="note floating" data-testid="room-note">
              <p>${said.join(" ")}</p>
              <div class="acts">
                <button
                  class="button ${some ? "plain" : "outlined"}"
                  data-testid="let-go"
                  @click=${() => desk.letGo()}
                >
                  ${say(some ? "note.let-go" : "note.read")}
                </button>
                ${
                  some && desk.mayEdit
                    ? html`<button class="button full" data-testid="put-in" @click=${() => desk.putIn()}>
                        ${say("note.put-in")}
                      </button>`
                    : nothing
                }
              </div>
            </div>`
          : nothing
      }
    </div>`;
  }

  /** Whole sentences, in order. */
  #said(): readonly string[] {
    const { kept, mayEdit, session } = this.desk;
    const { demoted, room, variations } = session.state;
    const many = { count: kept.length };
    if (!room) return [];
    if (room.role !== "viewer") {
      if (!kept.length) return [];
      return [say(mayEdit ? "note.again" : "note.unsent", many)];
    }
    if (!demoted && !kept.length) return [];
    const { handle } = room.owner;
    const number = variations.findIndex(({ id }) => id === demoted?.vote) + 1;
    return [
      say("note.viewer", { handle }),
      ...(kept.length ? [say("note.strokes", many)] : []),
      ...(number ? [say("note.vote", { number })] : []),
      kept.length ? say("note.ask-strokes", { handle }) : say("note.ask", { handle }),
    ];
  }
}

customElements.define("room-note", RoomNote);
