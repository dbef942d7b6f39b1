import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { User } from "../live/protocol";
import { isPrivate, pathOfPerson, topicOfRoute, type Tab } from "../live/route";
import { isOver } from "../live/fold-feed";
import { base, buttons } from "../styles/base";
import { isolated, say } from "../words/words";
import "../words/more";
import "./blank-canvas";
import { follows } from "./follow-button";
import { icon } from "./icons";
import "./profile-head";
import "./profile-tabs";
import { studio, Watch } from "./studio";

/** What a profile counts is asked for again so long after what is counted has changed. */
const RECOUNT_MS = 800;

/** Somebody's page: who they are, and under that one of their walls; what hangs there is put into it, and the pill above. */
export class ProfilePage extends LitElement {
  static override properties = {
    user: { attribute: false },
    tab: { type: String },
    phone: { type: Boolean },
  };
  declare user: User | null;
  declare tab: Tab;
  declare phone: boolean;
  /** Leaves the person's own feed, which the head is made of, where another wall hangs. */
  #leave: () => void = () => undefined;
  #followed = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the counts were asked for at. */
  #counted: readonly unknown[] | null = null;

  constructor() {
    super();
    this.user = null;
    this.tab = "pictures";
    this.phone = false;
    new Watch(this, () => {
      const { feeds, generations, gone, mine } = studio.live.state;
      const feed = feeds.get(this.#topic);
      const head = feeds.get(this.#head);
      const empty = feed?.loaded && !feed.blocks.length;
      return [
        feed?.loaded,
        empty,
        empty && feed?.easel.some((id) => !isOver(studio.live.state, id)) && generations,
        head?.blocks,
        head?.pending,
        gone,
        this.#own && mine,
        studio.live.me,
      ];
    });
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
      }
      .message {
        min-block-size: 420px;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leave();
    this.#leave = () => undefined;
    this.#followed = "";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("tab") && this.tab === "rooms") void import("./room-shelf");
    this.#follow();
    this.#recount();
  }

  override updated(): void {
    const { me } = studio.live;
    if (me && me.id === this.user?.id) this.#call(me);
  }

  override render(): TemplateResult {
    const { user, tab } = this;
    return html`<profile-head .user=${user}></profile-head>
      <profile-tabs .user=${user} .tab=${tab}></profile-tabs>
      ${user ? this.#wall(user) : ""}`;
  }

  #wall(user: User): TemplateResult {
    if (isPrivate(this.tab) && !this.#own) {
      return html`<blank-canvas
        class="message"
        line=${say("profile.private")}
        sentence=${say("profile.private-what")}
        data-testid="private"
      >
        <a class="button outlined" href=${pathOfPerson(user.handle)}>${say("profile.their-pictures")}</a>
      </blank-canvas>`;
    }
    if (this.tab === "rooms") return html`<room-shelf></room-shelf>`;
    return html`<slot name="pill"></slot>${this.#empty ? this.#nothing(user) : html`<slot></slot>`}`;
  }

  /** Whether nothing hangs, and nothing is on its way. */
  get #empty(): boolean {
    const feed = studio.live.state.feeds.get(this.#topic);
    const coming = feed?.easel.some((id) => !isOver(studio.live.state, id));
    return Boolean(feed?.loaded && !feed.blocks.length && !coming);
  }

  #nothing(user: User): TemplateResult {
    const handle = isolated(user.handle);
    switch (this.tab) {
      case "remixes":
        return this.#own
          ? this.#canvas(say("profile.no-remixes"), say("profile.no-remixes-own"), this.#toFeed())
          : this.#canvas(
              say("profile.no-remixes"),
              say("profile.no-remixes-what", { handle }),
              html`<a class="button outlined" href=${pathOfPerson(user.handle)}
                >${say("profile.their-pictures")}</a
              >`,
            );
      case "liked":
        return this.#canvas(say("profile.no-liked"), say("profile.no-liked-what"), this.#toFeed());
      default:
        return this.#canvas(
          say("wall.empty"),
          say("app.first-person"),
          this.#own
            ? html`<button class="button full" @click=${this.#paint}>
                ${icon("brush")} ${say("paint")}
              </button>`
            : this.#toFeed(),
        );
    }
  }

  #canvas(line: string, sentence: string, button: TemplateResult): TemplateResult {
    return html`<blank-canvas class="message" line=${line} sentence=${sentence} data-testid="nothing"
      >${button}</blank-canvas
    >`;
  }

  #toFeed(): TemplateResult {
    return html`<a class="button outlined" href="/">${say("app.to-feed")}</a>`;
  }

  readonly #paint = (): void => {
    this.dispatchEvent(new CustomEvent("paint", { bubbles: true, composed: true }));
  };

  get #own(): boolean {
    return this.user !== null && this.user.id === studio.live.me?.id;
  }

  get #head(): string {
    return `feed:user:${this.user?.id ?? ""}`;
  }

  get #topic(): string {
    const { user, tab } = this;
    const route = { kind: "person", handle: "", tab } as const;
    return (user && topicOfRoute(route, user.id, studio.live.me?.id ?? null)) ?? "";
  }

  /** The head is made of the person's pictures, whichever wall hangs; where these hang the page follows them itself. */
  #follow(): void {
    const topic = this.user && this.tab !== "pictures" ? this.#head : "";
    if (topic === this.#followed) return;
    this.#followed = topic;
    this.#leave();
    this.#leave = topic ? studio.wall.open(topic) : () => undefined;
  }

  /** Whoever is called otherwise by now has their page at another address. */
  readonly #call = ({ id, handle }: User): void => {
    const path = pathOfPerson(handle, this.tab);
    const here = id === this.user?.id && studio.router.route.kind === "person";
    if (here && handle !== this.user?.handle && location.pathname !== path) studio.router.replace(path);
  };

  #recount(): void {
    const { feeds, gone, mine } = studio.live.state;
    const feed = feeds.get(this.#head);
    const now = [this.user?.id, feed?.blocks, feed?.pending, gone, this.#own && mine];
    const before = this.#counted;
    this.#counted = now;
    const same = before?.[0] === now[0];
    if (!before || !same || !feed?.loaded || now.every((value, index) => value === before[index])) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.user) void follows.look(this.user.id).then(this.#call, () => undefined);
    }, RECOUNT_MS);
  }
}

customElements.define("profile-page", ProfilePage);
