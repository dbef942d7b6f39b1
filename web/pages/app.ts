import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import "../components/blank-canvas";
import "../components/bottom-bar";
import "../components/easel-row";
import "../components/feed-wall";
import "../components/live-region";
import "../components/new-pill";
import { openRoom } from "../components/open-room";
import "../components/profile-head";
import type { PromptDock } from "../components/prompt-dock";
import "../components/prompt-dock";
import { studio, Watch } from "../components/studio";
import "../components/toast-stack";
import "../components/top-bar";
import { asProblem } from "../live/problem";
import type { Generation, Post, User } from "../live/protocol";
import { pathOfPost, topicOfRoute, type Route } from "../live/route";
import type { Job } from "../live/state";
import { titleOf } from "../live/words";
import { base, buttons } from "../styles/base";

const PHONE_WIDTH = 720;
/** When the page has settled, the parts that are not needed at first are fetched. */
const SOON_MS = 2_500;
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
  declare sheet: { readonly upload: boolean; readonly parent: Post | null } | null;
  declare person: { readonly user: User; readonly pictures: number | null } | null;
  declare missing: string;
  declare phone: boolean;
  /** The words of a sheet that was put away unfinished. */
  #words = "";
  /** The words of a picture that is remixed, which nobody has touched yet: put away, they are nobody's. */
  #borrowed = "";
  /** Where writing goes on in them. */
  #caret = 0;
  #leaveFeed: () => void = () => undefined;
  #shownFeed = "";
  #focused: HTMLElement | null = null;

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
    document.addEventListener("dragover", this.#dragged);
    studio.live.reload = (topic) => this.#reload(topic);
    // A part of the page that is fetched when needed is not there any more: the server has a newer page.
    addEventListener("vite:preloadError", (event) => {
      event.preventDefault();
      studio.live.notices.say({
        text: "There is a newer page. Reload to go on.",
        tone: "bad",
        action: { label: "Reload", run: () => location.reload() },
      });
    });
    studio.conversation.followed = (post) => studio.lineages.followed(post);
    studio.easel.posted = (job) => this.#posted(job);
    studio.live.listen(() => studio.wall.join(studio.feed, scrollY <= TOP_PX));
    studio.live.caughtUp = () => {
      studio.conversation.resend();
      studio.conversation.retry();
      studio.wall.retry();
      studio.lineages.retry();
      studio.room?.caughtUp();
    };
    studio.wall.recall = (topic) => studio.keeper.recall(topic);
    studio.live.changedHands = () => void studio.keeper.forgetOthers();
    studio.keeper.start();
    void studio.live.start().then(() => studio.easel.recall(studio.feed));
    this.#arrived();
    // What is opened first is at hand by then.
    setTimeout(
      () => void Promise.all([import("../components/post-view"), import("../components/create-sheet")]),
      SOON_MS,
    );
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
        @together=${openRoom}
      >
        <top-bar .route=${wall}></top-bar>
        <main>${route.kind === "nowhere" ? this.#nowhere() : this.#wall(wall)}</main>
        <prompt-dock></prompt-dock>
        <bottom-bar ?home=${wall.kind === "feed"}></bottom-bar>
      </div>
      ${
        over
          ? html`<post-view
              .post=${route.id}
              ?inert=${this.sheet !== null}
              @remix=${this.#remix}
              @together=${openRoom}
            ></post-view>`
          : nothing
      }
      ${
        this.sheet
          ? html`<create-sheet
              .words=${this.#words}
              .caret=${this.#caret}
              ?upload=${this.sheet.upload}
              .parent=${this.sheet.parent}
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

  /** A page of its own: no wall under it. */
  #room(id: string, invite: string | null): TemplateResult {
    hold(false);
    return html`${keyed(id, html`<room-page .room=${id} .invite=${invite}></room-page>`)}
      <toast-stack></toast-stack>
      <live-region></live-region>`;
  }

  #wall(route: Route): TemplateResult {
    if (this.missing) {
      return html`<blank-canvas class="missing" line="nobody by that name" sentence=${this.missing}>
        <a class="button outlined" href="/">Back to the feed</a>
      </blank-canvas>`;
    }
    const person = route.kind === "person";
    const invite =
      route.kind === "tag"
        ? `Paint the first picture tagged #${route.tag}.`
        : person
          ? "The first picture is still to come."
          : "Paint the first picture.";
    return html`${
        person
          ? html`<profile-head
              .user=${this.person?.user ?? null}
              .pictures=${this.person?.pictures ?? null}
            ></profile-head>`
          : html`<h1 class="visually-hidden">${route.kind === "tag" ? `#${route.tag}` : "All pictures"}</h1>
              <easel-row ?phone=${this.phone}></easel-row>`
      }
      <new-pill ?phone=${this.phone} @opened=${this.#opened}></new-pill>
      <feed-wall ?unsigned=${person} .nothingHere=${invite}></feed-wall>`;
  }

  #nowhere(): TemplateResult {
    return html`<blank-canvas
      class="missing"
      line="nothing hangs here"
      sentence="The address leads to no picture."
    >
      <a class="button outlined" href="/">Back to the feed</a>
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
    if (route.kind === "post") void import("../components/post-view");
    else if (route.kind !== "room") document.title = titleOfWall(wall);
    const name = JSON.stringify(wall);
    if (name !== this.#shownFeed) {
      this.#shownFeed = name;
      void this.#hang(wall, name);
    }
    this.requestUpdate();
  }

  async #hang(route: Route, name: string): Promise<void> {
    this.missing = "";
    if (route.kind === "person") {
      this.person = null;
      try {
        const { user, posts } = await studio.live.api.user(route.handle);
        this.person = { user, pictures: posts ?? null };
      } catch (error) {
        const problem = asProblem(error);
        this.missing =
          problem.status === 404 ? "People change their names. This one is free." : problem.sentence;
      }
    }
    const topic = topicOfRoute(route, this.person?.user.id ?? null);
    if (name !== this.#shownFeed || (!topic && route.kind !== "room")) return;
    this.#leaveFeed();
    this.#leaveFeed = () => undefined;
    if (!topic) return;
    studio.feed = topic;
    this.#leaveFeed = studio.wall.open(topic);
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
  }

  #posted(job: Job): void {
    // The sheet shows what became of it.
    if (!this.sheet) this.#announce(job.generation.id, job.generation.prompt, job.sha256);
  }

  #uploaded(event: CustomEvent<Post>): void {
    const post = event.detail;
    this.#announce(post.id, titleOf(post), post.media.sha256);
  }

  /** Say that a picture of mine is up, unless it can be seen: on its own page, or joining the wall. */
  #announce(id: string, text: string, picture: string | null): void {
    const path = pathOfPost(id);
    const { route } = studio.router;
    const joins = route.kind === "feed" && scrollY <= TOP_PX;
    if (location.pathname === path || joins) return;
    studio.live.notices.say({
      title: "Your picture is up",
      text,
      picture,
      action: { label: "View", run: () => studio.router.go(path) },
    });
  }

  #paint(event: CustomEvent<{ upload?: boolean } | null>): void {
    this.#open(event.detail?.upload ?? false);
  }

  /** Back to the sheet with the words of a picture that did not come to be, and with what it was to be a remix of. */
  #changeWords(event: CustomEvent<Generation>): void {
    const { prompt, parent } = event.detail;
    this.#words = prompt;
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
    if (!this.#words.trim() || this.#words.startsWith(" #"))
      this.#words = this.#borrowed = parent.prompt?.trim() ?? "";
    this.#open(false, parent);
  }

  #open(upload: boolean, parent: Post | null = null): void {
    this.#focused = deepFocus();
    const wall = this.#wallRoute();
    if (!parent && !this.#words.trim() && !upload) this.#words = wall.kind === "tag" ? ` #${wall.tag}` : "";
    const show = (): void => {
      if (this.sheet) return;
      this.#carry(this.renderRoot.querySelector<PromptDock>("prompt-dock")?.take() ?? "");
      this.sheet = { upload, parent };
    };
    // At once where it can be: a phone gives the keyboard only to who asks within the tap.
    if (customElements.get("create-sheet")) show();
    else void import("../components/create-sheet").then(show);
  }

  /** What was typed before the sheet was there goes on in it, before a tag, else after what was written. */
  #carry(typed: string): void {
    const before = this.#words.startsWith(" #") ? "" : this.#words;
    this.#caret = before.length + typed.length;
    this.#words = before + typed + this.#words.slice(before.length);
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
    this.#words = words === this.#borrowed ? "" : words;
    this.#borrowed = "";
    this.sheet = null;
  }

  /** A picture dragged over the page opens the sheet that takes it. */
  readonly #dragged = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (!this.sheet) this.#open(false);
  };

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

function titleOfWall(route: Route): string {
  if (route.kind === "tag") return `#${route.tag} · livefeed`;
  return route.kind === "person" ? `${route.handle} · livefeed` : "livefeed";
}

function deepFocus(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

customElements.define("livefeed-app", LivefeedApp);
