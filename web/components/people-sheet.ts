import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { asProblem, type Problem } from "../live/problem";
import type { User } from "../live/protocol";
import { pathOfPerson } from "../live/route";
import { say } from "../words/words";
import { follows } from "./follow-button";
import { ModalSheet } from "./modal-sheet";
import "./person-avatar";
import { studio } from "./studio";

/** Who follows me, or whom I follow: only I am shown this. Older pages come as the reader nears the end. */
export class PeopleSheet extends ModalSheet {
  static override properties = {
    list: { type: String },
    people: { state: true },
    problem: { state: true },
  };
  declare list: "followers" | "following";
  /** Null until they are read. */
  declare people: readonly User[] | null;
  declare problem: Problem | null;
  #next: string | null = null;
  #reading = false;
  readonly #end = new IntersectionObserver((entries) => {
    if (entries.at(-1)?.isIntersecting && this.#next) void this.#read(this.#next);
  });

  constructor() {
    super();
    this.list = "followers";
    this.people = null;
    this.problem = null;
  }

  static open(list: "followers" | "following"): void {
    const sheet = document.createElement("people-sheet") as PeopleSheet;
    sheet.list = list;
    sheet.show();
  }

  static override styles = [
    ...ModalSheet.styles,
    css`
      .body {
        min-block-size: 220px;
      }
      li {
        display: flex;
        align-items: center;
        gap: 12px;
        min-block-size: 60px;
      }
      li a {
        display: flex;
        align-items: center;
        gap: 12px;
        flex: 1;
        min-inline-size: 0;
        min-block-size: 44px;
        font-weight: 600;
        border-radius: 22px;
      }
      bdi {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .end {
        block-size: 1px;
      }
      .said {
        color: var(--ink2);
        padding-block: 12px;
      }
      .none {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: 8px;
        min-block-size: 200px;
        text-align: center;
      }
      .none .title {
        font-size: calc(21px + var(--taller, 0px));
        line-height: calc(26px + var(--looser, 0px));
      }
      .none .said {
        padding: 0;
        max-inline-size: 36ch;
        text-wrap: balance;
      }
      .none .button {
        margin-block-start: 8px;
      }
    `,
  ];

  override heading(): string {
    return say(this.list === "followers" ? "profile.who-follows" : "profile.whom-you-follow");
  }

  override firstUpdated(): void {
    super.firstUpdated();
    void this.#read(null);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end.disconnect();
    // Whoever was followed here counts on the profile.
    const me = studio.live.me;
    if (me) void follows.look(me.handle).catch(() => undefined);
  }

  override updated(): void {
    this.#end.disconnect();
    const end = this.renderRoot.querySelector(".end");
    if (end) this.#end.observe(end);
  }

  override body(): TemplateResult {
    const { people, problem } = this;
    if (problem) {
      return html`<p class="said" role="alert">
        ${problem.sentence}
        <button class="button plain small" @click=${() => void this.#read(this.#next)}>
          ${say("try-again")}
        </button>
      </p>`;
    }
    if (!people) return html`<p class="said" role="status">${say("people.fetching")}</p>`;
    if (!people.length) return this.#none();
    return html`<ul data-testid="people-list">
        ${repeat(
          people,
          ({ id }) => id,
          (user) =>
            html`<li>
              <a href=${pathOfPerson(user.handle)} @click=${() => this.close()}
                ><person-avatar .user=${user} .size=${40}></person-avatar><bdi>${user.handle}</bdi></a
              >
              <follow-button .user=${user} small></follow-button>
            </li>`,
        )}
      </ul>
      ${this.#next ? html`<div class="end"></div>` : nothing}`;
  }

  #none(): TemplateResult {
    const followers = this.list === "followers";
    return html`<div class="none">
      <p class="title">${say(followers ? "people.no-followers" : "people.following-nobody")}</p>
      <p class="said">${say(followers ? "people.no-followers-what" : "people.following-nobody-what")}</p>
      <a class="button outlined" href=${followers ? "/" : "/search"} @click=${() => this.close()}
        >${say(followers ? "app.to-feed" : "nav.find")}</a
      >
    </div>`;
  }

  async #read(before: string | null): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    this.problem = null;
    try {
      const { people, next } = await follows.list(this.list, before);
      const known = new Set(this.people?.map(({ id }) => id));
      const fresh = people.map(({ user }) => user).filter(({ id }) => !known.has(id));
      this.#next = next;
      this.people = [...(this.people ?? []), ...fresh];
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.#reading = false;
    }
  }
}

customElements.define("people-sheet", PeopleSheet);
