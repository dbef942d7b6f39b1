import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { asProblem, type Problem } from "../live/problem";
import type { Post } from "../live/protocol";
import { RoomApi } from "../live/room-api";
import type { Member, Room } from "../live/room-protocol";
import { pathOfRoom } from "../live/route";
import { ago, clock, isUpright, titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { joined, listed } from "../words/figures";
import { isolated, say } from "../words/words";
import "../words/room";
import "./blank-canvas";
import { icon } from "./icons";
import { myRooms } from "./open-room";
import "./person-avatar";
import "./picture-frame";
import { studio, Watch } from "./studio";

/** Faces beside each other; more are counted. */
const MOST_FACES = 4;

/** The rooms I am in, over the page: title, picture, who is in and since when. For one picture, also a way to a new one. */
export class RoomList extends LitElement {
  static override properties = {
    post: { attribute: false },
    rooms: { attribute: false },
    members: { state: true },
    problem: { state: true },
  };
  /** The picture whose rooms these are; null for all rooms. */
  declare post: Post | null;
  declare rooms: readonly Room[] | null;
  /** Who is in, by room, as far as that was asked for. */
  declare members: ReadonlyMap<string, readonly Member[]>;
  declare problem: Problem | null;
  /** What became of it: a new room is wished for. */
  renew: () => void = () => undefined;
  /** Only of rooms that come into sight it is asked who is in. */
  #sight: IntersectionObserver | undefined;
  readonly #asked = new Set<string>();
  /** Whether the connection was live when this was drawn last. */
  #live = false;

  constructor() {
    super();
    this.post = null;
    this.rooms = null;
    this.members = new Map();
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
      ul {
        overflow: hidden auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        padding: 0 12px 16px;
      }
      .room {
        display: grid;
        grid-template-columns: 64px minmax(0, 1fr) auto;
        align-items: center;
        gap: 14px;
        padding: 8px 12px;
        border-radius: 14px;
      }
      .room:hover {
        background: var(--chip);
      }
      .room:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      :is(picture-frame, .blank) {
        display: block;
        inline-size: 64px;
        block-size: 64px;
        border-radius: 3px;
      }
      .title {
        display: block;
        font-size: 17px;
        line-height: 22px;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .who {
        display: block;
        font-size: 13px;
        line-height: 18px;
        min-block-size: 18px;
        color: var(--ink2);
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      time {
        font-size: 12px;
        color: var(--ink3);
        white-space: nowrap;
      }
      .faces {
        display: flex;
        justify-content: end;
        min-block-size: 26px;
        margin-block-start: 4px;
      }
      .faces > * + * {
        margin-inline-start: -7px;
      }
      .faces > * {
        border-radius: 50%;
        box-shadow: 0 0 0 2px var(--raised);
      }
      .end {
        text-align: end;
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
    const dialog = this.renderRoot.querySelector("dialog")!;
    dialog.showModal();
    this.#sight = new IntersectionObserver((entries) => this.#seen(entries), { root: dialog });
    if (this.rooms) this.#observe();
    else void this.#fetch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
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
    return html`<span class="standing ${away ? "offline" : ""}" role="status" data-testid="rooms-standing"
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
    if (!this.rooms) return html`<p class="plain-line" role="status">${say("rooms.fetching")}</p>`;
    if (!this.rooms.length) {
      return html`<blank-canvas line=${say("rooms.none")} sentence=${say("rooms.none-what")}></blank-canvas>`;
    }
    return html`<ul>
        ${repeat(
          this.rooms,
          ({ id }) => id,
          (room) => this.#room(room),
        )}
      </ul>
      ${
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

  #room(room: Room): TemplateResult {
    const { post } = room;
    const title = post ? titleOf(post) : say("rooms.gone");
    const members = this.members.get(room.id);
    return html`<li data-room=${room.id}>
      <a class="room" href=${pathOfRoom(room.id)} data-testid="my-room" @click=${() => this.#close()}>
        ${
          post
            ? html`<picture-frame .media=${post.media} .alt=${""} sizes="64px" eager></picture-frame>`
            : html`<span class="blank canvas"></span>`
        }
        <span>
          <b class="title ${isUpright(title) ? "upright" : ""}" dir="auto">${title}</b>
          <span class="who" data-testid="who"
            >${members ? whoWords(members, studio.live.me?.id ?? "") : ""}</span
          >
        </span>
        <span class="end">
          <time datetime=${new Date(room.created).toISOString()} title=${clock(room.created)}
            >${whenWords(room)}</time
          >
          <span class="faces" aria-hidden="true"
            >${(members ?? [])
              .slice(0, MOST_FACES)
              .map(({ user }) => html`<person-avatar .user=${user} .size=${26}></person-avatar>`)}</span
          >
        </span>
      </a>
    </li>`;
  }

  async #fetch(): Promise<void> {
    this.problem = null;
    try {
      this.rooms = await myRooms(this.post?.id);
      await this.updateComplete;
      this.#observe();
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  #observe(): void {
    for (const row of this.renderRoot.querySelectorAll("li")) this.#sight?.observe(row);
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      const id = (target as HTMLElement).dataset["room"] ?? "";
      if (!isIntersecting || this.#asked.has(id)) continue;
      this.#asked.add(id);
      new RoomApi(studio.live.api, id)
        .read()
        .then(({ members }) => (this.members = new Map(this.members).set(id, members)))
        // Who is in is an extra: without it the room is listed all the same.
        .catch(() => undefined);
    }
  }

  #close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }
}

/** So many others are named, the rest is counted. */
const MOST_NAMED = 2;

function whenWords({ id, state, created }: Room): string {
  if (location.pathname === pathOfRoom(id)) return say("rooms.you-here");
  return state === "published" ? say("rooms.published") : ago(created, Date.now());
}

/** Return who is in a room beside me. */
function whoWords(members: readonly Member[], me: string): string {
  const others = members
    .filter(({ user }) => user.id !== me)
    .map(({ user }) => user.handle || say("news.somebody"));
  if (!others.length) return say("here.only-you");
  const names = [say("talk.you"), ...others.slice(0, MOST_NAMED).map(isolated)];
  const more = others.length - MOST_NAMED;
  return more > 0 ? say("news.more", { names: joined(names), count: more }) : listed(names);
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
