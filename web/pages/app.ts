import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import "../components/blank-canvas";
import "../components/bottom-bar";
import "../components/easel-row";
import "../components/feed-wall";
import { deepFocus } from "../components/field";
import "../components/prompt-dock";
import { studio, Watch } from "../components/studio";
import "../components/top-bar";
import { asProblem, unreachable, type Problem } from "../live/problem";
import type { Post, Topic, User } from "../live/protocol";
import { topicOfRoute, type Route } from "../live/route";
import { base, buttons } from "../styles/base";
import { Announcements, TOP_PX } from "./announcements";
import { headingOf, partsOf, titleOfWall } from "./places";
import { Sheet } from "./sheet";
import { drawable, drawn, fetchSoon, found, hung } from "./start";
import { reasonOf } from "../words/problems";
import { say } from "../words/words";

const PHONE_WIDTH = 720;

/** Pages that are read: nothing floats over them. */
const DOCKLESS: ReadonlySet<Route["kind"]> = new Set(["news", "settings", "picture"]);

/** The page: a feed on the wall, and over it a post or the sheet where pictures begin. */
export class LivefeedApp extends LitElement {
  static override properties = {
    person: { state: true },
    missing: { state: true },
    phone: { state: true },
    lacking: { state: true },
  };
  /** Whose wall it is. */
  declare person: User | null;
  /** Why whose wall it is is not known. */
  declare missing: Problem | null;
  declare phone: boolean;
  /** What this place needs could not be fetched. */
  declare lacking: boolean;
  readonly #sheet = new Sheet(
    this,
    () => tagOf(this.#wallRoute()),
    (post) => this.#announcements.uploaded(post),
    (generation) => this.#announcements.asked(generation),
  );
  readonly #announcements = new Announcements(this, this.#sheet);
  #leaveFeed: () => void = () => undefined;
  #shownFeed = "";
  /** Settles when the page can be drawn as it will stay. */
  #drawable: Promise<unknown> = Promise.resolve();
  /** What the open picture was opened from. */
  #opener: HTMLElement | null = null;
  /** The post that lies over the wall, "" for none. */
  #postOpen = "";

  constructor() {
    super();
    this.person = null;
    this.missing = null;
    this.phone = innerWidth < PHONE_WIDTH;
    this.lacking = false;
    new Watch(this, () => [studio.live.state.gone, studio.live.me]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
      }
      main {
        max-inline-size: 2000px;
        margin-inline: auto;
        padding-inline: var(--gutter);
        padding-block-end: calc(150px + var(--dock));
      }
      easel-row {
        padding-block-start: 5px;
      }
      /* The room that the pill takes once it is there. */
      new-pill:not(:defined) {
        display: block;
        block-size: 70px;
      }
      new-pill[phone]:not(:defined) {
        block-size: 0;
      }
      easel-row[idle] + new-pill {
        --seam: transparent;
      }
      /* The line under the tabs of a profile is its seam. */
      profile-page > new-pill:not([phone]) {
        block-size: 54px;
        margin-block-start: -54px;
        pointer-events: none;
        --seam: transparent;
      }
      main:focus {
        outline: none;
        box-shadow: none;
      }
      .missing {
        min-block-size: 420px;
        margin-block-start: 24px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    const topic = this.#firstTopic();
    studio.router.listen(() => this.#arrived());
    addEventListener("resize", () => (this.phone = innerWidth < PHONE_WIDTH));
    studio.live.reload = (topic) => this.#reload(topic);
    // A part of the page that is fetched when needed does not come: for want of a line, or the server has a newer page.
    let warned = false;
    addEventListener("vite:preloadError", () => {
      // What says it may be lacking too.
      if (warned) return;
      warned = true;
      if (studio.live.connection.phase !== "live")
        return studio.live.notices.say({ text: reasonOf(unreachable()), tone: "bad" });
      studio.live.notices.say({
        text: say("app.newer"),
        tone: "bad",
        action: { label: say("app.reload"), run: () => location.reload() },
      });
    });
    studio.conversation.followed = (post) => studio.lineages.followed(post);
    studio.easel.done = (job) => this.#announcements.done(job);
    studio.live.listen(() => studio.wall.join(studio.feed, () => scrollY <= TOP_PX));
    studio.live.comeback.listen(() => {
      studio.conversation.resend();
      studio.conversation.retry();
      studio.wall.retry();
      studio.lineages.retry();
      studio.room?.caughtUp();
      if (studio.news?.problem) void studio.news.read();
      if (this.missing?.lineless) this.#look();
      warned = false;
      this.#fetch();
      this.#complete(topic);
    });
    studio.wall.recall = (topic) => studio.keeper.recall(topic);
    studio.live.changedHands = (heirOf) => studio.becomeAnother(heirOf);
    studio.keeper.start();
    this.#arrived();
    this.#drawable = drawable(topic);
    void drawn(topic).then(() => {
      void studio.live.start().then(() => studio.easel.recall(studio.feed));
    });
    this.#complete(topic);
    fetchSoon();
    // What is to be said before is said before.
    studio.live.notices.listen(() => void import("../components/wall-parts").catch(() => undefined));
  }

  /** The feed that the page begins with, null where it is none, or nobody knows yet whose. */
  #firstTopic(): Topic | null {
    return topicOfRoute(this.#wallRoute(), null);
  }

  override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await this.#drawable;
    super.scheduleUpdate();
  }

  /** Fetch what the first feed is drawn without: its pictures come before. What did not come is asked for again. */
  #complete(topic: Topic | null): void {
    if (this.hasAttribute("data-complete")) return;
    void hung(topic)
      .then(() => this.#parts())
      .catch(() => undefined);
  }

  async #parts(): Promise<void> {
    const [{ BroughtPictures, NewsDesk, WallKeys }, { DoneNotices }, { FocusKeeper }] = await Promise.all([
      import("../components/wall-parts"),
      import("../components/done-notices"),
      import("../components/focus-keeper"),
    ]);
    if (this.hasAttribute("data-complete")) return;
    new WallKeys(this.renderRoot, () => this.#over());
    studio.news = new NewsDesk(studio.live);
    new BroughtPictures({
      // A room takes its pictures itself.
      takes: () => studio.router.route.kind !== "room",
      open: () => this.#sheet.isOpen,
      show: (file) => this.#sheet.open("", null, file),
    });
    new DoneNotices();
    new FocusKeeper();
    this.toggleAttribute("data-complete", true);
  }

  /** In the language that is spoken now. A picture and a room name themselves. */
  override updated(): void {
    const { kind } = studio.router.route;
    if (kind !== "post" && kind !== "picture" && kind !== "room")
      document.title = titleOfWall(this.#wallRoute());
  }

  override render(): TemplateResult {
    const route = studio.router.route;
    if (route.kind === "room") return this.#room(route.id, route.invite);
    const wall = this.#wallRoute();
    const over = route.kind === "post";
    const covered = over || this.#sheet.isOpen;
    hold(covered);
    return html`<div
        ?inert=${covered}
        @paint=${this.#sheet.paint}
        @change-words=${this.#sheet.changeWords}
        @remix=${this.#sheet.remix}
        @asked=${(event: CustomEvent<string>) => this.#announcements.asked(event.detail)}
        @together=${this.#together}
        @keys=${() => void import("../components/keys-sheet").then(({ KeysSheet }) => KeysSheet.open())}
      >
        <top-bar .route=${wall}></top-bar>
        <main>${this.#page(wall)}</main>
        ${this.phone || DOCKLESS.has(wall.kind) ? nothing : html`<prompt-dock .draft=${this.#sheet.draft}></prompt-dock>`}
        ${this.phone ? html`<bottom-bar .route=${wall}></bottom-bar>` : nothing}
      </div>
      ${
        over
          ? html`<post-view
              .post=${route.id}
              ?inert=${this.#sheet.isOpen}
              @remix=${this.#sheet.remix}
              @together=${this.#together}
            ></post-view>`
          : nothing
      }
      ${this.#sheet.render()}
      <toast-stack></toast-stack>
      <live-region></live-region>`;
  }

  #over(): "post" | "sheet" | "room" | null {
    const { kind } = studio.router.route;
    return this.#sheet.isOpen ? "sheet" : kind === "post" || kind === "room" ? kind : null;
  }

  /** A page of its own: no wall under it. */
  #room(id: string, invite: string | null): TemplateResult {
    hold(false);
    return html`${keyed(id, html`<room-page .room=${id} .invite=${invite}></room-page>`)}
      <toast-stack></toast-stack>
      <live-region></live-region>`;
  }

  #page(route: Route): TemplateResult {
    if (this.lacking) {
      return html`<blank-canvas
        class="missing"
        line=${say("wall.dark")}
        sentence=${say("wall.no-line")}
      ></blank-canvas>`;
    }
    switch (route.kind) {
      case "nowhere":
        return this.#nowhere();
      case "news":
        return html`<news-page></news-page>`;
      case "picture":
        return html`<own-picture .generation=${route.id}></own-picture>`;
      case "settings":
        return html`<settings-page><push-switch slot="push"></push-switch></settings-page>`;
      case "search":
        return html`<search-page .q=${route.q}></search-page>`;
      default:
        return this.#wall(route);
    }
  }

  #wall(route: Route): TemplateResult {
    if (this.missing) return this.#missing(this.missing);
    const following = route.kind === "feed" && route.name === "following";
    const invite =
      route.kind === "tag"
        ? say("app.first-tag", { tag: `#${route.tag}` })
        : following
          ? say("app.follow")
          : say("app.first");
    const pill = html`<new-pill slot="pill" ?phone=${this.phone} @opened=${this.#opened}></new-pill>`;
    if (route.kind === "person") {
      return html`<profile-page .user=${this.person} .tab=${route.tab}
        >${pill}<feed-wall ?unsigned=${route.tab !== "liked"}></feed-wall
      ></profile-page>`;
    }
    return html`<h1 class="visually-hidden">${headingOf(route)}</h1>
      <easel-row ?phone=${this.phone}></easel-row>
      ${pill}
      <feed-wall .nothingHere=${invite} .line=${following ? say("app.whose") : ""} ?unpaintable=${following}>
        ${following ? html`<people-row slot="empty"></people-row>` : nothing}
      </feed-wall>`;
  }

  #missing(problem: Problem): TemplateResult {
    const nobody = problem.status === 404;
    return html`<blank-canvas
      class="missing"
      line=${say(nobody ? "app.nobody" : "wall.dark")}
      sentence=${nobody ? say("app.free-name") : reasonOf(problem)}
    >
      ${
        nobody
          ? html`<a class="button outlined" href="/">${say("app.to-feed")}</a>`
          : html`<button class="button outlined" @click=${this.#look}>${say("try-again")}</button>`
      }
    </blank-canvas>`;
  }

  /** Look again whose wall it is. */
  readonly #look = (): void => void this.#hang(this.#wallRoute(), this.#shownFeed);

  #nowhere(): TemplateResult {
    return html`<h1 class="visually-hidden">${say("app.nothing")}</h1>
      <blank-canvas class="missing" line=${say("app.nothing")} sentence=${say("app.no-address")}>
        <a class="button outlined" href="/">${say("app.to-feed")}</a>
      </blank-canvas>`;
  }

  /** The feed that is on the wall: the address's own, or the one under a post. */
  #wallRoute(): Route {
    const { route, under } = studio.router;
    if (route.kind === "post") return under ?? { kind: "feed", name: "all" };
    return route;
  }

  #arrived(): void {
    const { route } = studio.router;
    const wall = this.#wallRoute();
    if (route.kind === "room") this.#sheet.close();
    if (route.kind === "post") {
      this.#opener ??= deepFocus();
      this.#postOpen = route.id;
    }
    this.#fetch();
    const name = JSON.stringify(wall);
    if (name !== this.#shownFeed) {
      this.#shownFeed = name;
      this.missing = null;
      void this.#hang(wall, name);
    }
    this.requestUpdate();
    if (route.kind === "post" || !this.#postOpen) return;
    void this.#back(this.#opener, this.#postOpen);
    this.#opener = null;
    this.#postOpen = "";
  }

  /** Fetch what this place needs; what is here is not asked for again. */
  #fetch(): void {
    const { route } = studio.router;
    const wall = this.#wallRoute();
    // What is painted together, and how, is fetched only here.
    if (route.kind === "room") void import("./room").catch(() => undefined);
    if (route.kind === "post") void import("../components/post-view").catch(() => undefined);
    void partsOf(wall).then((here) => {
      if (JSON.stringify(wall) === this.#shownFeed) this.lacking = !here;
    });
  }

  /** The focus goes to what a post was opened from; to its picture on the wall where that is gone or was none. */
  async #back(opener: HTMLElement | null, post: string): Promise<void> {
    await this.updateComplete;
    opener?.focus({ preventScroll: true });
    if (deepFocus()) return;
    const { takeCard } = await import("../components/take-card");
    await takeCard(this.renderRoot as ShadowRoot, post);
  }

  async #hang(route: Route, name: string): Promise<void> {
    if (route.kind === "person") {
      try {
        const { follows } = await import("../components/follow-button");
        // Another wall of the same person hangs at once; what their profile counts is asked for meanwhile.
        const known = this.person?.handle === route.handle ? this.person : null;
        if (!known) this.person = null;
        const look = follows.look(route.handle);
        if (known) look.catch(() => undefined);
        else this.person = await look;
        if (name === this.#shownFeed) this.missing = null;
      } catch (error) {
        const problem = asProblem(error);
        if (name === this.#shownFeed) this.missing = problem;
        studio.live.comeback.missed(problem);
      }
    }
    const topic = topicOfRoute(route, this.person?.id ?? null, studio.live.me?.id ?? null);
    if (name !== this.#shownFeed) return;
    this.#leaveFeed();
    this.#leaveFeed = () => undefined;
    if (!topic) return;
    this.#leaveFeed = studio.wall.open(topic);
    // While the next words of a search are looked for, what the last ones found stays.
    if (route.kind === "search" && studio.feed.startsWith("search:")) await found(topic);
    if (name !== this.#shownFeed) return;
    studio.feed = topic;
    studio.live.touch();
    this.requestUpdate();
  }

  #reload(topic: string): void {
    if (topic.startsWith("feed:")) void studio.wall.repair(topic);
    else if (topic.startsWith("post:")) {
      const post = topic.slice("post:".length);
      if (studio.live.state.threads.has(post)) void studio.conversation.read(post);
      studio.lineages.repair(post);
    } else if (topic.startsWith("generation:")) studio.live.restart(topic, 20);
    else if (topic.startsWith("room:")) studio.room?.reload();
    else if (topic.startsWith("user:")) void studio.news?.read();
  }

  #together(event: CustomEvent<Post>): void {
    void import("../components/open-room").then(({ openRoom }) => openRoom(event));
  }

  /** The opened block begins under the bar: bring it there when the pill floated far below. */
  #opened(event: Event): void {
    const pill = event.target as HTMLElement & { away: boolean };
    if (!pill.away) return;
    const top = pill.getBoundingClientRect().top + scrollY - 60;
    void this.updateComplete.then(() => scrollTo({ top }));
  }
}

/** Keep the page from scrolling under what lies over it, and from growing by its scroll bar's width. */
function hold(held: boolean): void {
  const root = document.documentElement;
  if (held === root.hasAttribute("data-held")) return;
  if (held) root.style.setProperty("--scroll-bar", `${innerWidth - root.clientWidth}px`);
  root.toggleAttribute("data-held", held);
}

function tagOf(route: Route): string | null {
  return route.kind === "tag" ? route.tag : null;
}

/** Open the page: its element begins to live. */
export function open(): void {
  customElements.define("livefeed-app", LivefeedApp);
}
