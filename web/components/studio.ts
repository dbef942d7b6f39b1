import type { ReactiveController, ReactiveControllerHost } from "lit";
import { Conversation } from "../live/conversation";
import { Easel } from "../live/easel";
import type { HalfWritten } from "../live/half-written";
import { Lineages } from "../live/lineages";
import { Keeper } from "../live/keeper";
import { Live } from "../live/live";
import type { NewsDesk } from "../live/news";
import type { Theme } from "../live/palette";
import type { Topic, User } from "../live/protocol";
import { Utterances } from "../live/utterances";
import { Wall } from "../live/wall";
import { Choices } from "./choices";
import { Router } from "./router";
import { Shade } from "./shade";
import { Viewport } from "./viewport";

/** The one set of things that all components of a page share. */
export class Studio {
  readonly live = new Live(socketUrl(location));
  readonly wall = new Wall(this.live);
  readonly conversation = new Conversation(this.live);
  readonly lineages = new Lineages(this.live);
  readonly easel = new Easel(this.live);
  readonly keeper = new Keeper(this.live, () => this.feed);
  readonly router = new Router();
  readonly choices = new Choices();
  readonly shade = new Shade(this.choices);
  readonly viewport = new Viewport(this.live);
  /** What is said to those who hear the page. */
  readonly aloud = new Utterances();
  /** The room that is open: told when something of it was missed, and when the connection stands again. */
  room: { reload(): void; caughtUp(): void } | null = null;
  /** What concerns me; null until it is fetched. */
  news: NewsDesk | null = null;
  /** What was begun and not said yet; null until there is a place to write. */
  written: HalfWritten | null = null;
  /** What a picture is opened for; whoever opens it takes note. */
  towards: "comment" | null = null;
  /** The feed that is on the wall; the easel shows its jobs. */
  feed: Topic = "feed:all";

  constructor() {
    this.choices.listen(() => this.#follow());
    this.#follow();
    addEventListener("storage", (event) => void this.easel.heard(event, this.feed));
  }

  /**
   * We have become somebody else, here or in another tab: nothing that was ours stays, and what is theirs is read.
   * heirOf: who was in front of this page before, if they still are, under the new name.
   */
  becomeAnother(heirOf: User | null): void {
    if (heirOf) this.written?.handOver(heirOf.id, this.live.me!.id);
    this.live.dispatch({ kind: "another" });
    this.easel.another();
    void this.keeper.forgetOthers();
    void this.wall.another();
    void this.easel.recall(this.feed);
    this.conversation.again();
    this.room?.reload();
  }

  /** Hold everything still, in every tab, also after a reload. */
  pause(paused: boolean): void {
    this.choices.set("paused", paused ? "yes" : null);
  }

  /** Whether a single key does something. Who speaks to the machine, or presses keys by mistake, wants them not to. */
  get singleKeys(): boolean {
    return this.choices.get("keys") !== "no";
  }

  /** What was chosen in another tab holds here too. */
  #follow(): void {
    const paused = this.choices.get("paused") === "yes";
    if (paused !== this.live.paused) this.live.pause(paused);
    const hidden = this.choices.get("hidden") === "yes";
    if (hidden !== this.live.hidden) this.live.hide(hidden);
    const { me } = this.live;
    if (me && (this.choices.get("handle") ?? me.handle) !== me.handle) void this.#nameAgain(me.id);
  }

  /** I took another name in another tab. */
  async #nameAgain(id: string): Promise<void> {
    const { user } = await this.live.api.me().catch(() => ({ user: null }));
    if (user?.id === id) this.live.setMe(user);
  }

  get theme(): Theme {
    return this.shade.theme;
  }
}

export const studio = new Studio();

/** Redraws its host when one of the selected values is another one. */
export class Watch<T extends readonly unknown[]> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #select: () => T;
  #selected: T | null = null;
  #stop: () => void = () => undefined;

  constructor(host: ReactiveControllerHost, select: () => T) {
    this.#host = host;
    this.#select = select;
    host.addController(this);
  }

  hostConnected(): void {
    const stopLive = studio.live.listen(() => this.#look());
    const stopShade = studio.shade.listen(() => this.#host.requestUpdate());
    this.#stop = () => {
      stopLive();
      stopShade();
    };
    this.#look();
  }

  hostDisconnected(): void {
    this.#stop();
  }

  #look(): void {
    const selected = this.#select();
    const before = this.#selected;
    this.#selected = selected;
    if (!before || selected.some((value, index) => value !== before[index])) this.#host.requestUpdate();
  }
}

function socketUrl(address: Location): string {
  return `${address.protocol === "https:" ? "wss" : "ws"}://${address.host}/ws`;
}
