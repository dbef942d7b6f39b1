import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import "../components/blank-canvas";
import "../components/bottom-bar";
import "../components/easel-row";
import "../components/feed-wall";
import type { PromptDock } from "../components/prompt-dock";
import "../components/prompt-dock";
import { SheetWords } from "../components/sheet-words";
import { studio, Watch } from "../components/studio";
import "../components/top-bar";
import { asProblem } from "../live/problem";
import type { Generation, Post, User } from "../live/protocol";
import { pathOfPost, topicOfRoute, type Route } from "../live/route";
import type { Job } from "../live/state";
import { titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { headingOf, partsOf, titleOfWall } from "./places";
import { say } from "../words/words";

const PHONE_WIDTH = 720;
/** When the page has settled, the parts that are not needed at first are fetched. */
const SOON_MS = 2_500;
/** What else the page needs waits no longer than this for the first feed. */
const SLOW_MS = 1_500;
/** A reader who has scrolled no further is at the top. */
const TOP_PX = 80;

/** The page: a feed on the wall, and over it a post or the sheet where pictures begin. */
export class LivefeedApp extends LitElement {
  static override properties = {
    sheet: { state: true },
    person: { state: true },
    missing: { state: true },
    phone: { state: true },
  };
  /** The create sheet, with what it opens with: to upload, or the picture that is to be remixed. */
  declare sheet: {
    readonly upload: boolean;
    readonly parent: Post | null;
    /** A picture that was dropped or pasted. */
    readonly file: File | null;
  } | null;
  /** Whose wall it is. */
  declare person: User | null;
  declare missing: string;
  declare phone: boolean;
  readonly #words = new SheetWords();
  #leaveFeed: () => void = () => undefined;
  #shownFeed = "";
  #focused: HTMLElement | null = null;
  /** What the open picture was opened from. */
  #opener: HTMLElement | null = null;

  constructor() {
    super();
    this.sheet = null;
    this.person = null;
    this.missing = "";
    this.phone = innerWidth < PHONE_WIDTH;
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
      .missing {
        min-block-size: 420px;
        margin-block-start: 24px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    studio.router.listen(() => this.#arrived());
    addEventListener("resize", () => (this.phone = innerWidth < PHONE_WIDTH));
    studio.live.reload = (topic) => this.#reload(topic);
    // A part of the page that is fetched when needed is not there any more: the server has a newer page.
    addEventListener("vite:preloadError", (event) => {
      event.preventDefault();
      studio.live.notices.say({
        text: say("app.newer"),
        tone: "bad",
        action: { label: say("app.reload"), run: () => location.reload() },
      });
    });
    studio.conversation.followed = (post) => studio.lineages.followed(post);
    studio.easel.posted = (job) => this.#posted(job);
    studio.live.listen(() => studio.wall.join(studio.feed, () => scrollY <= TOP_PX));
    studio.live.caughtUp = () => {
      studio.conversation.resend();
      studio.conversation.retry();
      studio.wall.retry();
      studio.lineages.retry();
      studio.room?.caughtUp();
      if (studio.news?.problem) void studio.news.read();
    };
    studio.wall.recall = (topic) => studio.keeper.recall(topic);
    studio.live.changedHands = () => void studio.keeper.forgetOthers();
    studio.keeper.start();
    void studio.live.start().then(() => studio.easel.recall(studio.feed));
    this.#arrived();
    // What is opened first is at hand by then.
    setTimeout(
      () =>
        void Promise.all([
          import("../components/toast-stack"),
          import("../components/live-region"),
          import("../components/post-view"),
          import("../components/create-sheet"),
        ]),
      SOON_MS,
    );
    // What is to be said before is said before.
    studio.live.notices.listen(() => void import("../components/toast-stack"));
    void this.#hung().then(() => this.#complete());
  }

  /** Settles when the first feed hangs; at once where there is none to wait for. */
  #hung(): Promise<void> {
    const topic = topicOfRoute(this.#wallRoute(), null);
    if (!topic) return Promise.resolve();
    const drawn = (): Promise<void> =>
      new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return Promise.race([
      this.#found(topic).then(drawn),
      new Promise<void>((resolve) => setTimeout(resolve, SLOW_MS)),
    ]);
  }

  /** Fetch what the first feed is drawn without: its pictures come before. */
  async #complete(): Promise<void> {
    await Promise.all([
      import("../components/wall-keys").then(
        ({ WallKeys }) => new WallKeys(this.renderRoot, () => this.#over()),
      ),
      import("../components/new-pill"),
      import("../live/news").then(({ NewsDesk }) => (studio.news = new NewsDesk(studio.live))),
      import("../components/brought-pictures").then(
        ({ BroughtPictures }) =>
          new BroughtPictures({
            // A room takes its pictures itself.
            takes: () => studio.router.route.kind !== "room",
            open: () => this.sheet !== null,
            show: (file) => this.#open(false, null, file),
          }),
      ),
      import("../components/done-notices").then(({ DoneNotices }) => new DoneNotices()),
    ]);
    this.toggleAttribute("data-complete", true);
  }

  /** In the language that is spoken now. A post and a room name themselves. */
  override updated(): void {
    const { kind } = studio.router.route;
    if (kind !== "post" && kind !== "room") document.title = titleOfWall(this.#wallRoute());
  }

  override render(): TemplateResult {
    const route = studio.router.route;
    if (route.kind === "room") return this.#room(route.id, route.invite);
    const wall = this.#wallRoute();
    const over = route.kind === "post";
    hold(over || this.sheet !== null);
    return html`<div
        ?inert=${over || this.sheet !== null}
        @paint=${this.#paint}
        @change-words=${this.#changeWords}
        @remix=${this.#remix}
        @together=${this.#together}
        @keys=${() => void import("../components/keys-sheet").then(({ KeysSheet }) => KeysSheet.open())}
      >
        <top-bar .route=${wall}></top-bar>
        <main>${this.#page(wall)}</main>
        ${wall.kind === "news" || wall.kind === "settings" ? nothing : html`<prompt-dock></prompt-dock>`}
        <bottom-bar .route=${wall}></bottom-bar>
      </div>
      ${
        over
          ? html`<post-view
              .post=${route.id}
              ?inert=${this.sheet !== null}
              @remix=${this.#remix}
              @together=${this.#together}
            ></post-view>`
          : nothing
      }
      ${
        this.sheet
          ? html`<create-sheet
              .words=${this.#words.text}
              .caret=${this.#words.caret}
              ?upload=${this.sheet.upload}
              .parent=${this.sheet.parent}
              .file=${this.sheet.file}
              @dismiss=${this.#dismissed}
              @uploaded=${this.#uploaded}
              @change-words=${this.#changeWords}
              @pointerdown=${this.#outside}
            ></create-sheet>`
          : nothing
      }
      <toast-stack></toast-stack>
      <live-region></live-region>`;
  }

  #over(): "post" | "sheet" | "room" | null {
    const { kind } = studio.router.route;
    return this.sheet ? "sheet" : kind === "post" || kind === "room" ? kind : null;
  }

  /** A page of its own: no wall under it. */
  #room(id: string, invite: string | null): TemplateResult {
    hold(false);
    return html`${keyed(id, html`<room-page .room=${id} .invite=${invite}></room-page>`)}
      <toast-stack></toast-stack>
      <live-region></live-region>`;
  }

  #page(route: Route): TemplateResult {
    switch (route.kind) {
      case "nowhere":
        return this.#nowhere();
      case "news":
        return html`<news-page></news-page>`;
      case "settings":
        return html`<settings-page><push-switch slot="push"></push-switch></settings-page>`;
      case "search":
        return html`<search-page .q=${route.q}></search-page>`;
      default:
        return this.#wall(route);
    }
  }

  #wall(route: Route): TemplateResult {
    if (this.missing) {
      return html`<blank-canvas class="missing" line=${say("app.nobody")} sentence=${this.missing}>
        <a class="button outlined" href="/">${say("app.to-feed")}</a>
      </blank-canvas>`;
    }
    const person = route.kind === "person";
    const following = route.kind === "feed" && route.name === "following";
    const invite =
      route.kind === "tag"
        ? say("app.first-tag", { tag: `#${route.tag}` })
        : person
          ? say("app.first-person")
          : following
            ? say("app.follow")
            : say("app.first");
    return html`${
        person
          ? html`<profile-head .user=${this.person}></profile-head>`
          : html`<h1 class="visually-hidden">${headingOf(route)}</h1>
              <easel-row ?phone=${this.phone}></easel-row>`
      }
      <new-pill ?phone=${this.phone} @opened=${this.#opened}></new-pill>
      <feed-wall
        ?unsigned=${person}
        .nothingHere=${invite}
        .line=${following ? say("app.whose") : ""}
        ?unpaintable=${following || (person && this.person?.id !== studio.live.me?.id)}
      >
        ${following ? html`<people-row slot="empty"></people-row>` : nothing}
      </feed-wall>`;
  }

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
    if (route.kind === "room") {
      // What is painted together, and how, is fetched only here.
      void import("./room");
      this.sheet = null;
    }
    if (route.kind === "post") {
      this.#opener ??= deepFocus();
      void import("../components/post-view");
    }
    void partsOf(wall);
    const name = JSON.stringify(wall);
    if (name !== this.#shownFeed) {
      this.#shownFeed = name;
      void this.#hang(wall, name);
    }
    this.requestUpdate();
    if (route.kind === "post" || !this.#opener) return;
    const opener = this.#opener;
    this.#opener = null;
    void this.updateComplete.then(() => opener.focus({ preventScroll: true }));
  }

  async #hang(route: Route, name: string): Promise<void> {
    this.missing = "";
    if (route.kind === "person") {
      this.person = null;
      try {
        const { follows } = await import("../components/follow-button");
        this.person = await follows.look(route.handle);
      } catch (error) {
        const problem = asProblem(error);
        this.missing = problem.status === 404 ? say("app.free-name") : problem.sentence;
      }
    }
    const topic = topicOfRoute(route, this.person?.id ?? null);
    if (name !== this.#shownFeed || (!topic && route.kind === "person")) return;
    this.#leaveFeed();
    this.#leaveFeed = () => undefined;
    if (!topic) return;
    this.#leaveFeed = studio.wall.open(topic);
    // While the next words of a search are looked for, what the last ones found stays.
    if (route.kind === "search" && studio.feed.startsWith("search:")) await this.#found(topic);
    if (name !== this.#shownFeed) return;
    studio.feed = topic;
    studio.live.touch();
    this.requestUpdate();
  }

  /** Settles when a search is answered. */
  #found(topic: string): Promise<void> {
    const answered = (): boolean =>
      studio.wall.problems.has(topic) || (studio.live.state.feeds.get(topic)?.loaded ?? false);
    return new Promise((resolve) => {
      if (answered()) return resolve();
      const stop = studio.live.listen(() => {
        if (!answered()) return;
        stop();
        resolve();
      });
    });
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

  #posted(job: Job): void {
    // The sheet shows what became of it.
    if (!this.sheet) this.#announce(job.generation.id, job.generation.prompt, job.sha256);
  }

  #together(event: CustomEvent<Post>): void {
    void import("../components/open-room").then(({ openRoom }) => openRoom(event));
  }

  #uploaded(event: CustomEvent<Post>): void {
    const post = event.detail;
    this.#announce(post.id, titleOf(post), post.media.sha256);
  }

  /** Say that a picture of mine is up, unless it can be seen: on its own page, or joining the wall. */
  #announce(id: string, text: string, picture: string | null): void {
    const path = pathOfPost(id);
    const { route } = studio.router;
    const joins = route.kind === "feed" && route.name === "all" && scrollY <= TOP_PX;
    if (location.pathname === path || joins) return;
    studio.live.notices.say({
      title: say("app.up"),
      text,
      picture,
      action: { label: say("view"), run: () => studio.router.go(path) },
    });
  }

  #paint(event: CustomEvent<{ upload?: boolean } | null>): void {
    this.#open(event.detail?.upload ?? false);
  }

  /** Back to the sheet with the words of a picture that did not come to be, and with what it was to be a remix of. */
  #changeWords(event: CustomEvent<Generation>): void {
    const { prompt, parent } = event.detail;
    this.#words.text = prompt;
    this.sheet = null;
    void Promise.all([this.#original(parent), this.updateComplete]).then(([post]) => this.#open(false, post));
  }

  async #original(id: string | null | undefined): Promise<Post | null> {
    if (!id) return null;
    try {
      return studio.live.state.posts.get(id) ?? (await studio.live.api.post(id)).post;
    } catch {
      return null; // it is gone, or out of reach: the words are still here
    }
  }

  /** Repaint a picture: in its own words, unless others were written already. */
  #remix(event: CustomEvent<Post>): void {
    const parent = event.detail;
    this.#words.borrow(parent.prompt?.trim() ?? "");
    this.#open(false, parent);
  }

  #open(upload: boolean, parent: Post | null = null, file: File | null = null): void {
    this.#focused = deepFocus();
    const wall = this.#wallRoute();
    if (!parent && !upload && !file) this.#words.begin(wall.kind === "tag" ? wall.tag : null);
    const show = (): void => {
      if (this.sheet) {
        if (file) this.sheet = { ...this.sheet, file };
        return;
      }
      this.#words.carry(this.renderRoot.querySelector<PromptDock>("prompt-dock")?.take() ?? "");
      this.sheet = { upload, parent, file };
    };
    // At once where it can be: a phone gives the keyboard only to who asks within the tap.
    if (customElements.get("create-sheet")) show();
    else void import("../components/create-sheet").then(show);
  }

  #dismissed(event: CustomEvent<string>): void {
    this.#put(event.detail);
    const focused = this.#focused;
    void this.updateComplete.then(() => focused?.focus({ preventScroll: true }));
  }

  #outside(event: PointerEvent): void {
    const sheet = event.currentTarget as HTMLElement & { words: string };
    if (event.composedPath()[0] === sheet) this.#put(sheet.words);
  }

  /** Put the sheet away and keep what was written. */
  #put(words: string): void {
    this.#words.keep(words);
    this.sheet = null;
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

function deepFocus(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

customElements.define("livefeed-app", LivefeedApp);
