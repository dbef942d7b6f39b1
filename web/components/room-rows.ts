import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { serverNow } from "../live/clock";
import { RoomApi } from "../live/room-api";
import type { Member, Room } from "../live/room-protocol";
import { pathOfRoom } from "../live/route";
import { ago, clock, isUpright, titleOf } from "../live/words";
import { base } from "../styles/base";
import { joined, listed } from "../words/figures";
import { isolated, say } from "../words/words";
import "../words/room";
import "./person-avatar";
import "./picture-frame";
import { studio } from "./studio";

/** Faces beside each other; more are counted. */
const MOST_FACES = 4;
/** So many others are named, the rest is counted. */
const MOST_NAMED = 2;

/** Rooms, each a link with its picture, its title, who is in and since when: in lines, or `large` as on a wall. */
export class RoomRows extends LitElement {
  static override properties = {
    rooms: { attribute: false },
    large: { type: Boolean, reflect: true },
    members: { state: true },
  };
  declare rooms: readonly Room[];
  declare large: boolean;
  /** Who is in, by room, as far as that was asked for. */
  declare members: ReadonlyMap<string, readonly Member[]>;
  /** Only of rooms that come into sight it is asked who is in. */
  readonly #sight = new IntersectionObserver((entries) => this.#seen(entries));
  readonly #asked = new Set<string>();

  constructor() {
    super();
    this.rooms = [];
    this.large = false;
    this.members = new Map();
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
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
      :host([large]) ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(280px, 100%), 1fr));
        gap: 26px 22px;
      }
      :host([large]) .room {
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 10px 14px;
        padding: 0;
        border-radius: 3px;
      }
      :host([large]) .room:hover {
        background: none;
      }
      :host([large]) .room:focus-visible {
        outline-offset: 3px;
      }
      :host([large]) :is(picture-frame, .blank) {
        grid-column: 1 / -1;
        inline-size: 100%;
        block-size: auto;
        aspect-ratio: 4 / 3;
        box-shadow: var(--hang);
      }
      :host([large]) .faces > * {
        box-shadow: 0 0 0 2px var(--wall);
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<ul>
      ${repeat(
        this.rooms,
        ({ id }) => id,
        (room) => this.#room(room),
      )}
    </ul>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("rooms")) return;
    for (const row of this.renderRoot.querySelectorAll("li")) this.#sight.observe(row);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight.disconnect();
  }

  #room(room: Room): TemplateResult {
    const { post } = room;
    const title = post ? titleOf(post) : say("rooms.gone");
    const members = this.members.get(room.id);
    return html`<li data-room=${room.id}>
      <a class="room" href=${pathOfRoom(room.id)} data-testid="my-room">
        ${
          post
            ? html`<picture-frame
                .media=${post.media}
                .alt=${""}
                sizes=${this.large ? "320px" : "64px"}
                ?eager=${!this.large}
              ></picture-frame>`
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
}

function whenWords({ id, state, created }: Room): string {
  if (location.pathname === pathOfRoom(id)) return say("rooms.you-here");
  return state === "published" ? say("rooms.published") : ago(created, serverNow());
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

customElements.define("room-rows", RoomRows);
