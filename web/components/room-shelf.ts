import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { asProblem, type Problem } from "../live/problem";
import type { Room } from "../live/room-protocol";
import { base, buttons } from "../styles/base";
import { reasonOf } from "../words/problems";
import { say } from "../words/words";
import "../words/room";
import "./blank-canvas";
import "./room-rows";
import { studio } from "./studio";

const PAGE = 30;
/** Older pages are asked for so far ahead of the end. */
const AHEAD = "800px";

/** The rooms I am in, as a wall; older ones come as the reader nears the end. */
export class RoomShelf extends LitElement {
  static override properties = { rooms: { state: true }, problem: { state: true } };
  /** Null until they are read. */
  declare rooms: readonly Room[] | null;
  declare problem: Problem | null;
  #next: string | null = null;
  #reading = false;
  #stop: () => void = () => undefined;
  readonly #end = new IntersectionObserver(
    (entries) => {
      if (entries.at(-1)?.isIntersecting) void this.#older();
    },
    { rootMargin: `0px 0px ${AHEAD} 0px` },
  );

  constructor() {
    super();
    this.rooms = null;
    this.problem = null;
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        min-block-size: 60vh;
      }
      blank-canvas {
        min-block-size: 420px;
      }
      .end {
        block-size: 1px;
      }
      .waiting {
        color: var(--ink2);
        padding-block: 28px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = studio.live.comeback.listen(() => {
      if (this.problem && !this.rooms) void this.#read(null);
    });
    void this.#read(null);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#end.disconnect();
  }

  /** Observed anew after each page: the end may still be in sight. */
  override updated(): void {
    this.#end.disconnect();
    const end = this.renderRoot.querySelector(".end");
    if (end) this.#end.observe(end);
  }

  override render(): TemplateResult {
    const { rooms, problem } = this;
    if (problem && !rooms) {
      return html`<blank-canvas line=${say("wall.dark")} sentence=${reasonOf(problem)}>
        <button class="button outlined" @click=${() => void this.#read(null)}>${say("try-again")}</button>
      </blank-canvas>`;
    }
    if (!rooms) return html`<p class="waiting" role="status">${say("rooms.fetching")}</p>`;
    if (!rooms.length) {
      return html`<blank-canvas
        line=${say("rooms.none")}
        sentence=${say("rooms.none-what")}
        data-testid="nothing"
      >
        <a class="button outlined" href="/">${say("app.to-feed")}</a>
      </blank-canvas>`;
    }
    return html`<room-rows large .rooms=${rooms}></room-rows> ${
        problem
          ? html`<p class="waiting" role="alert">
              ${problem.sentence}
              <button class="button plain small" @click=${() => void this.#older()}>
                ${say("try-again")}
              </button>
            </p>`
          : this.#next
            ? html`<div class="end"></div>`
            : nothing
      }`;
  }

  async #older(): Promise<void> {
    if (this.#next) await this.#read(this.#next);
  }

  async #read(before: string | null): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    this.problem = null;
    try {
      await studio.live.letIn();
      const query = new URLSearchParams({ mine: "1", limit: String(PAGE), ...(before ? { before } : {}) });
      const page = await studio.live.api.call<{ rooms: readonly Room[]; next: string | null }>(
        "GET",
        `/api/rooms?${query}`,
      );
      const known = new Set(before ? this.rooms?.map(({ id }) => id) : []);
      const fresh = page.rooms.filter(({ id }) => !known.has(id));
      this.#next = page.next;
      this.rooms = before ? [...(this.rooms ?? []), ...fresh] : fresh;
    } catch (error) {
      this.problem = asProblem(error);
      if (!this.rooms) studio.live.comeback.missed(this.problem);
    } finally {
      this.#reading = false;
    }
  }
}

customElements.define("room-shelf", RoomShelf);
