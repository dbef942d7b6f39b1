import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { asProblem, type Problem } from "../live/problem";
import type { Post } from "../live/protocol";
import type { Room } from "../live/room-protocol";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "../words/room";
import "./blank-canvas";
import { icon } from "./icons";
import { myRooms } from "./open-room";
import "./room-rows";
import { studio, Watch } from "./studio";

/** The rooms I am in, over the page: title, picture, who is in and since when. For one picture, also a way to a new one. */
export class RoomList extends LitElement {
  static override properties = {
    post: { attribute: false },
    rooms: { attribute: false },
    problem: { state: true },
  };
  /** The picture whose rooms these are; null for all rooms. */
  declare post: Post | null;
  declare rooms: readonly Room[] | null;
  declare problem: Problem | null;
  /** What became of it: a new room is wished for. */
  renew: () => void = () => undefined;
  /** Whether the connection was live when this was drawn last. */
  #live = false;

  constructor() {
    super();
    this.post = null;
    this.rooms = null;
    this.problem = null;
    new Watch(this, () => [studio.live.connection.phase, studio.live.connection.lostAt]);
  }

  static override styles = [
    base,
    buttons,
    css`
      dialog {
        inline-size: min(560px, calc(100vw - 24px));
        max-block-size: min(720px, calc(100dvh - 80px));
        padding: 0;
        border: 0;
        border-radius: 24px;
        color: var(--ink);
        background: var(--raised);
        box-shadow: var(--float);
        overflow: hidden;
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      dialog::backdrop {
        background: var(--veil);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        padding: 16px 14px 10px 24px;
      }
      h2 {
        font-size: 17px;
        line-height: 22px;
        font-weight: 600;
      }
      room-rows {
        overflow: hidden auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        padding: 0 12px 16px;
      }
      .standing {
        display: flex;
        align-items: center;
        gap: 9px;
        flex: 1;
        justify-content: end;
        font-size: 13px;
        color: var(--ink2);
      }
      .standing i {
        inline-size: 6px;
        block-size: 13px;
        border-radius: 2px;
        transform: skewX(var(--lean));
        background: linear-gradient(var(--unpainted) 45%, var(--warn) 45%);
      }
      .standing.offline i {
        background: none;
        box-shadow: inset 0 0 0 1.5px var(--ink2);
      }
      .foot {
        display: flex;
        gap: 10px;
        padding: 4px 24px 22px;
      }
      .plain-line {
        padding: 12px 24px 28px;
        color: var(--ink2);
      }
      blank-canvas {
        margin: 0 24px 24px;
        min-block-size: 220px;
      }
      @media (max-width: 719px) {
        dialog {
          inset: auto 0 0;
          margin: 0;
          inline-size: 100%;
          max-inline-size: none;
          max-block-size: 82dvh;
          border-end-start-radius: 0;
          border-end-end-radius: 0;
          padding-block-end: env(safe-area-inset-bottom, 0px);
        }
      }
    `,
  ];

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")!.showModal();
    if (!this.rooms) void this.#fetch();
  }

  override render(): TemplateResult {
    const heading = this.post ? say("rooms.this-picture") : say("you.rooms");
    return html`<dialog
      aria-label=${heading}
      data-testid="rooms"
      @close=${() => this.remove()}
      @click=${(event: Event) => event.composedPath()[0] instanceof HTMLDialogElement && this.#close()}
    >
      <header>
        <h2>${heading}</h2>
        ${this.#standing()}
        <button class="round" aria-label=${say("close")} @click=${() => this.#close()}>
          ${icon("close")}
        </button>
      </header>
      ${this.#body()}
    </dialog>`;
  }

  /** The list is as old as the connection: that is said where it is read. */
  #standing(): TemplateResult | typeof nothing {
    const { phase, lostAt } = studio.live.connection;
    if (phase === "live" || lostAt === null) return nothing;
    const away = phase !== "catching-up";
    return html`<span class="standing ${away ? "offline" : ""}" data-testid="rooms-standing"
      ><i></i>${say(away ? "live.offline" : "live.catching-up")}</span
    >`;
  }

  /** What could not be read without a network is read when there is one. */
  override updated(): void {
    const live = studio.live.connection.phase === "live";
    if (live && !this.#live && this.problem?.passing) void this.#fetch();
    this.#live = live;
  }

  #body(): TemplateResult {
    if (this.problem) {
      return html`<p class="plain-line" role="alert">${this.problem.sentence}</p>
        <p class="foot">
          <button class="button outlined" @click=${() => void this.#fetch()}>${say("try-again")}</button>
        </p>`;
    }
    if (!this.rooms) return html`<p class="plain-line">${say("rooms.fetching")}</p>`;
    if (!this.rooms.length) {
      return html`<blank-canvas line=${say("rooms.none")} sentence=${say("rooms.none-what")}></blank-canvas>`;
    }
    return html`<room-rows .rooms=${this.rooms} @click=${this.#chosen}></room-rows> ${
        this.post
          ? html`<p class="foot">
              <button
                class="button outlined"
                data-testid="new-room"
                @click=${() => {
                  this.#close();
                  this.renew();
                }}
              >
                ${icon("plus")} ${say("rooms.new")}
              </button>
            </p>`
          : nothing
      }`;
  }

  async #fetch(): Promise<void> {
    this.problem = null;
    try {
      this.rooms = await myRooms(this.post?.id);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Who goes to a room leaves the list. */
  readonly #chosen = (event: Event): void => {
    if (event.composedPath().some((node) => node instanceof HTMLAnchorElement)) this.#close();
  };

  #close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }
}

/** Show my rooms over the page; with a picture, only those around it. renew: called when a new one is wished for. */
export function showRooms(
  post: Post | null = null,
  rooms: readonly Room[] | null = null,
  renew: () => void = () => undefined,
): void {
  const list = new RoomList();
  Object.assign(list, { post, rooms, renew });
  document.body.append(list);
}

customElements.define("room-list", RoomList);
