import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { RoomSession } from "../live/room";
import { pathOfPost } from "../live/route";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "./blank-canvas";

/** Where a room is closed to the one who reads this: by whom, as far as that is known, and where to go on. */
export class RoomDoor extends LitElement {
  static override properties = { session: { attribute: false }, invited: { type: Boolean } };
  declare session: RoomSession;
  /** They came by an invitation. */
  declare invited: boolean;

  constructor() {
    super();
    this.invited = false;
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        block-size: 100%;
        place-items: center;
        padding: 28px;
      }
      blank-canvas {
        inline-size: min(560px, 100%);
        min-block-size: 340px;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 8px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { state, problem } = this.session;
    if (state.revoked) return this.#door(say("room.door-closed"), this.#closed(), "room-revoked");
    const unknown = problem?.status === 404 || problem?.status === 403;
    return unknown
      ? this.#door(
          say("room.closed-door"),
          say(this.invited ? "room.no-invitation" : "room.invited-only"),
          "room-missing",
        )
      : this.#door(say("post.out-of-reach"), problem?.sentence ?? "", "room-missing");
  }

  #closed(): string {
    const { room, removed } = this.session.state;
    if (!room) return say("desk.not-in");
    const { handle } = room.owner;
    const sentences = removed
      ? [say("door.removed", { handle }), say("door.stays"), say("door.ask", { handle })]
      : [say("door.gone", { handle }), say("door.ask", { handle })];
    return sentences.join(" ");
  }

  #door(line: string, sentence: string, testid: string): TemplateResult {
    const post = this.session.state.room?.post;
    return html`<blank-canvas data-testid=${testid} line=${line} sentence=${sentence}>
      <span class="ways">
        ${
          post
            ? html`<a class="button outlined" href=${pathOfPost(post.id)}>${say("room.to-picture")}</a>`
            : nothing
        }
        <button class="button outlined" data-testid="to-rooms" @click=${() => void this.#rooms()}>
          ${say("you.rooms")}
        </button>
        <a class="button plain" href="/">${say("app.to-feed")}</a>
      </span>
    </blank-canvas>`;
  }

  async #rooms(): Promise<void> {
    const { showRooms } = await import("./room-list");
    showRooms();
  }
}

customElements.define("room-door", RoomDoor);
