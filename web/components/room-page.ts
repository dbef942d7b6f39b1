import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { pathOfPost, pathOfRoom } from "../live/route";
import { isUpright, titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { roomPage } from "../styles/room-page";
import { count, say, woven } from "../words/words";
// Its parts draw with these words: the module waits until they are here.
import "../words/room";
import { Aloud } from "./aloud";
import { icon } from "./icons";
import "./me-menu";
import { isField, isSingle } from "./field";
import { Media } from "./media";
import type { RoomCanvas } from "./room-canvas";
import "./room-canvas";
import { RoomDesk, WatchRoom } from "./room-desk";
import "./room-door";
import "./room-invite";
import "./room-note";
import "./room-params";
import "./room-people";
import "./room-prompt";
import "./room-publish";
import { TOOLS } from "./room-rail";
import "./room-strip";
import "./room-talk";
import { studio, Watch } from "./studio";

/** Narrower than this, the picture is on top and everything else in one sheet. */
const NARROW = new Media("(max-width: 999px)");
/** Lower than this, the tools stand before the picture and the sheet behind it: a strip under it left it a third. */
const LOW = new Media("(max-height: 699px) and (min-width: 640px) and (min-aspect-ratio: 5/4)");
const TABS = ["prompt", "talk", "variations"] as const;
type Tab = (typeof TABS)[number];

/** A remix room: one picture, painted over, written and talked about by several people at once. */
export class RoomPage extends LitElement {
  static override properties = {
    room: { type: String },
    invite: { type: String },
    desk: { state: true },
    tab: { state: true },
  };
  declare room: string;
  declare invite: string | null;
  declare desk: RoomDesk | null;
  declare tab: Tab;
  /** The last message that was in sight, for the mark on the tab. */
  #read = "";

  constructor() {
    super();
    this.room = "";
    this.invite = null;
    this.desk = null;
    this.tab = "prompt";
    NARROW.redraws(this);
    LOW.redraws(this);
    new WatchRoom(this, ({ session, document }) => [
      session.state.room,
      session.state.revoked,
      session.state.messages,
      session.state.variations.length,
      session.problem,
      document,
      document?.status,
      document?.text,
      document?.begun,
      session.painting,
    ]);
    new Watch(this, () => [studio.live.connection.phase, studio.live.me]);
    new Aloud(this, () => (this.desk ? this.#connection(this.desk).words : ""), { standing: true });
  }

  static override styles = [base, buttons, roomPage];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#key);
    window.addEventListener("beforeunload", this.#asked);
    if (this.room && !this.desk) this.#enter();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#key);
    window.removeEventListener("beforeunload", this.#asked);
    this.desk?.close();
    this.desk = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("room") && this.room && this.desk?.session.id !== this.room) this.#enter();
    if (this.tab === "talk" || !(NARROW.matches || LOW.matches)) this.#read = this.#newest;
  }

  override updated(): void {
    const { desk } = this;
    if (!desk) return;
    document.title = `${this.#title || say("room.room")} · livefeed`;
    // Who is in needs no invitation any more, and shall not pass it on with the address.
    if (this.invite && desk.session.state.room) studio.router.replace(pathOfRoom(this.room));
  }

  override render(): TemplateResult {
    const { desk } = this;
    if (!desk) return html`${nothing}`;
    const { state, problem } = desk.session;
    if (state.revoked || (!state.room && problem && !problem.passing)) {
      return html`<room-door .session=${desk.session} ?invited=${Boolean(this.invite)}></room-door>`;
    }
    return NARROW.matches || LOW.matches ? this.#inTabs(desk) : this.#onDesk(desk);
  }

  #onDesk(desk: RoomDesk): TemplateResult {
    return html`<main
      class="room"
      data-testid="room"
      data-room=${this.room}
      data-role=${desk.session.state.room?.role ?? ""}
    >
      ${this.#head(desk)}
      <div class="stage">
        <room-rail .desk=${desk}></room-rail>
        <room-canvas .desk=${desk}></room-canvas>
        <room-note .desk=${desk}></room-note>
      </div>
      <room-strip .desk=${desk}></room-strip>
      <aside>
        <div class="write" @paint-it=${() => void desk.session.paint()}>
          <room-prompt .desk=${desk}></room-prompt>
          <room-params .desk=${desk}></room-params>
          ${this.#why(desk)}
        </div>
        <room-talk .desk=${desk}></room-talk>
      </aside>
    </main>`;
  }

  /** On a phone, and in a low window. */
  #inTabs(desk: RoomDesk): TemplateResult {
    const media = desk.session.state.room?.post?.media;
    const ratio = media ? media.width / media.height : 1;
    const away = studio.live.connection.phase !== "live";
    const wordless = !desk.document?.text.trim();
    return html`<main
      class="room tabbed ${NARROW.matches ? "narrow" : ""} ${LOW.matches ? "low" : ""}"
      data-testid="room"
      data-room=${this.room}
      data-role=${desk.session.state.room?.role ?? ""}
    >
      ${this.#head(desk)}
      <div class="stage" style="--ratio:${ratio}">
        <room-canvas .desk=${desk} ?phone=${NARROW.matches} ?low=${LOW.matches}></room-canvas>
        ${NARROW.matches ? this.#standing(desk) : nothing}
      </div>
      <room-rail .desk=${desk} flat ?low=${LOW.matches}></room-rail>
      <div class="sheet">
        <div class="bar">
          <div class="tabs" role="tablist" aria-label=${say("room.the-room")} @keydown=${this.#tabKey}>
            ${TABS.map((tab) => this.#tab(tab))}
          </div>
          ${
            desk.session.state.room?.state === "open" && desk.mayEdit
              ? html`<button
                  class="button full small"
                  data-testid="paint-it"
                  ?disabled=${desk.session.painting || away || wordless}
                  title=${say(away ? "strip.away" : wordless ? "strip.wordless" : "strip.as-it-is")}
                  @click=${() => this.#paint(desk)}
                >
                  ${icon("brush", 16)} <span>${say("create.paint")}</span>
                </button>`
              : nothing
          }
        </div>
        <room-note .desk=${desk}></room-note>
        <div
          class="panel ${this.tab}"
          role="tabpanel"
          id="panel"
          aria-labelledby="tab-${this.tab}"
          @paint-it=${() => void desk.session.paint()}
        >
          ${this.#panel(desk)}
        </div>
      </div>
    </main>`;
  }

  #panel(desk: RoomDesk): TemplateResult {
    switch (this.tab) {
      case "prompt":
        return html`<div class="write">
          <room-prompt .desk=${desk}></room-prompt>
          <room-params .desk=${desk}></room-params>
          ${this.#why(desk)}
        </div>`;
      case "talk":
        return html`<room-talk .desk=${desk}></room-talk>`;
      case "variations":
        return html`<room-strip .desk=${desk} wrapped></room-strip>`;
    }
  }

  #tab(name: Tab): TemplateResult {
    const on = this.tab === name;
    const news = name === "talk" && !on && this.#newest !== this.#read;
    const many = name === "variations" ? (this.desk?.session.state.variations.length ?? 0) : 0;
    return html`<button
      role="tab"
      id="tab-${name}"
      aria-selected=${on ? "true" : "false"}
      aria-controls="panel"
      tabindex=${on ? 0 : -1}
      @click=${() => (this.tab = name)}
    >
      ${say(`room.${name}`)}${many ? html` <small>${count(many)}</small>` : nothing}
      ${news ? html`<i class="news"></i><span class="visually-hidden">${say("comma", { one: "", other: say("room.something-new") })}</span>` : nothing}
    </button>`;
  }

  #head(desk: RoomDesk): TemplateResult {
    const { room } = desk.session.state;
    const post = room?.post;
    const title = this.#title;
    return html`<header>
      <a
        class="round back"
        href=${post ? pathOfPost(post.id) : "/"}
        aria-label=${say(post ? "room.to-picture" : "app.to-feed")}
        title=${say(post ? "room.to-picture-stay" : "room.to-feed-stay")}
      >
        ${icon("back")}
      </a>
      <div class="titles">
        <h1 class="title ${isUpright(title) ? "upright" : ""}" dir="auto">${title || "…"}</h1>
        <p>
          ${
            !room
              ? say("room.opening")
              : post
                ? woven("room.from", {
                    handle: html`<bdi>${post.author.handle}</bdi>`,
                    title: html`<a class="title" dir="auto" href=${pathOfPost(post.id)}>${titleOf(post)}</a>`,
                  })
                : say("room.parent-gone")
          }
        </p>
      </div>
      ${this.#status(desk)}
      <room-people .desk=${desk} ?small=${NARROW.matches}></room-people>
      <room-invite .desk=${desk} ?small=${NARROW.matches}></room-invite>
      <room-publish .desk=${desk} ?small=${NARROW.matches}></room-publish>
      ${NARROW.matches ? nothing : html`<me-menu></me-menu>`}
    </header>`;
  }

  /** How the connections stand: the topic's and the document's are one to whoever looks on. */
  #connection(desk: RoomDesk): { readonly state: "offline" | "live" | "catching"; readonly words: string } {
    const { phase } = studio.live.connection;
    const status = desk.document?.status;
    const offline = phase === "offline" || phase === "refused" || !navigator.onLine;
    const live = phase === "live" && status === "synced";
    const state = offline ? "offline" : live ? "live" : "catching";
    const begun = desk.document?.begun ?? false;
    // Nobody catches up with a server that does not answer.
    const heard = phase === "live" || phase === "catching-up";
    const waiting = !begun ? "live.connecting" : heard ? "live.catching-up" : "live.reconnecting";
    return { state, words: say(offline ? "live.offline" : live ? "live.live" : waiting) };
  }

  /** In a phone's head there is no room for words: what is not as it should be is said over the picture. */
  #standing(desk: RoomDesk): TemplateResult | typeof nothing {
    const { state, words } = this.#connection(desk);
    if (state === "live") return nothing;
    const kept = state === "offline" && desk.mayEdit;
    return html`<p class="standing ${state}" aria-hidden="true" data-testid="standing">
      <i></i><span>${kept ? say("room.offline-kept") : words}</span>
    </p>`;
  }

  #status(desk: RoomDesk): TemplateResult {
    const { state, words } = this.#connection(desk);
    return html`<span
      class="status ${state}"
      data-testid="connection"
      data-state=${state}
      title=${state === "offline" ? say("room.kept") : ""}
      ><i></i><span>${words}</span></span
    >`;
  }

  /** Why nothing can be changed here, for those who may only look on. */
  #why(desk: RoomDesk): TemplateResult | typeof nothing {
    const { room } = desk.session.state;
    if (room?.state === "published") {
      return html`<p class="why">${say("room.published")}</p>`;
    }
    if (desk.document?.begun && desk.document.status === "away") {
      return html`<p class="why">${say("room.away")}</p>`;
    }
    return room && !desk.mayEdit && desk.document?.status !== "opening" && desk.reason
      ? html`<p class="why" data-testid="why">${desk.reason}</p>`
      : nothing;
  }

  get #title(): string {
    const { desk } = this;
    const post = desk?.session.state.room?.post;
    return desk?.document?.text.trim() || (post ? titleOf(post) : "");
  }

  get #newest(): string {
    return this.desk?.session.state.messages.at(-1)?.id ?? "";
  }

  #enter(): void {
    this.desk?.close();
    this.desk = new RoomDesk(this.room);
    this.desk.open(this.invite);
  }

  #paint(desk: RoomDesk): void {
    this.tab = "variations";
    void desk.session.paint();
  }

  /** What was drawn or voted for without a network is only here: the browser asks before it is lost. */
  readonly #asked = (event: Event): void => {
    const { unsaved, status } = this.desk?.document ?? {};
    const kept = this.desk?.session.state.voteWaits ?? false;
    if (kept || (unsaved && status === "away")) event.preventDefault();
  };

  readonly #tabKey = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    const sign = getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const at = TABS.indexOf(this.tab);
    this.tab = TABS[(at + by * sign + TABS.length) % TABS.length]!;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>("[aria-selected=true]")?.focus(),
    );
  };

  /** Letters choose tools, wherever the focus is but in a field. */
  readonly #key = (event: KeyboardEvent): void => {
    const { desk } = this;
    if (!desk || event.defaultPrevented || isField(event)) return;
    const letter = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.altKey && (letter === "z" || letter === "y")) {
      event.preventDefault();
      if (!desk.mayEdit) return;
      if (letter === "y" || event.shiftKey) desk.document?.redo();
      else desk.document?.undo();
    } else if (command || event.altKey || (isSingle(event) && !studio.singleKeys)) return;
    else if (this.#pressed(desk, letter)) event.preventDefault();
  };

  #pressed(desk: RoomDesk, key: string): boolean {
    const canvas = this.renderRoot.querySelector<RoomCanvas>("room-canvas");
    const tool = TOOLS.find((one) => one.key === key);
    if (tool && (desk.mayEdit || tool.name === "hand")) desk.take({ tool: tool.name });
    else if (key === "[" || key === "]") desk.resizeBrush(key === "]" ? 1 : -1);
    else if (key === "+" || key === "=") canvas?.zoom(1);
    else if (key === "-") canvas?.zoom(-1);
    else if (key === "0") canvas?.zoom(0);
    else if (key === "escape" && desk.viewed) desk.view(null);
    else return false;
    return true;
  }
}

customElements.define("room-page", RoomPage);
