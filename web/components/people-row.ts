import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { paintersOf, tagsOf, type Painter } from "../live/painters";
import { asProblem, type Problem } from "../live/problem";
import type { Post } from "../live/protocol";
import { pathOfPerson, pathOfPost, pathOfTag } from "../live/route";
import { altOf, capped } from "../live/words";
import { base, buttons } from "../styles/base";
import { reasonOf } from "../words/problems";
import { say } from "../words/words";
import "../words/more";
import "./follow-button";
import "./person-avatar";
import "./picture-frame";
import { studio, Watch } from "./studio";

const LATELY = 100;
const EACH = 3;
const MOST_PEOPLE = 12;
const MOST_TAGS = 12;

/** Who paints these days, each with their newest pictures and a way to follow them; `tags`: and what about. */
export class PeopleRow extends LitElement {
  static override properties = {
    posts: { state: true },
    problem: { state: true },
    tags: { type: Boolean },
  };
  /** What was painted lately, null until it is read. */
  declare posts: readonly Post[] | null;
  declare problem: Problem | null;
  declare tags: boolean;
  #stop: () => void = () => undefined;

  constructor() {
    super();
    this.posts = null;
    this.problem = null;
    this.tags = false;
    new Watch(this, () => [studio.live.me]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
      }
      :host([slot]) {
        margin-block-start: 28px;
      }
      section + section {
        margin-block-start: 28px;
      }
      h2 {
        font-size: 13px;
        line-height: 18px;
        font-weight: 600;
        margin-block: 0 12px;
      }
      .tags {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(290px, 100%), 1fr));
        gap: 28px 22px;
      }
      .pictures {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 4px;
        margin-block-start: 12px;
      }
      .pictures a,
      .pictures span {
        aspect-ratio: 1;
        border-radius: 3px;
        overflow: hidden;
      }
      picture-frame {
        block-size: 100%;
      }
      .who {
        display: flex;
        align-items: center;
        gap: 12px;
      }
      .who a {
        display: flex;
        align-items: center;
        gap: 10px;
        flex: 1;
        min-inline-size: 0;
        font-weight: 600;
        border-radius: 20px;
      }
      .who bdi {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .problem {
        color: var(--ink2);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = studio.live.comeback.listen(() => {
      if (this.problem) void this.#read();
    });
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override render(): TemplateResult {
    if (this.problem) {
      return html`<p class="problem" role="alert">
        ${reasonOf(this.problem)}
        <button class="button plain small" @click=${() => void this.#read()}>${say("try-again")}</button>
      </p>`;
    }
    const except = new Set([studio.live.me?.id ?? ""]);
    const people = paintersOf(this.posts ?? [], except, EACH).slice(0, MOST_PEOPLE);
    const tags = this.tags ? tagsOf(this.posts ?? [], MOST_TAGS) : [];
    return html`${
      tags.length
        ? html`<section aria-label=${say("post.tags")}>
            <h2>${say("find.lately")}</h2>
            <div class="tags">
              ${tags.map((tag) => html`<a class="chip" href=${pathOfTag(tag)} dir="auto">#${tag}</a>`)}
            </div>
          </section>`
        : nothing
    }
    ${
      people.length
        ? html`<section aria-label=${say("people")} data-testid="people">
            <h2>${say("find.painters")}</h2>
            <ul>
              ${repeat(
                people,
                ({ user }) => user.id,
                (painter) => this.#painter(painter),
              )}
            </ul>
          </section>`
        : nothing
    }`;
  }

  #painter({ user, posts }: Painter): TemplateResult {
    return html`<li>
      <div class="who">
        <a href=${pathOfPerson(user.handle)}
          ><person-avatar .user=${user} .size=${40}></person-avatar><bdi>${user.handle}</bdi></a
        >
        <follow-button .user=${user} small></follow-button>
      </div>
      <div class="pictures">
        ${posts.map(
          (post) =>
            html`<a href=${pathOfPost(post.id)} aria-label=${capped(altOf(post))}
              ><picture-frame .media=${post.media} .alt=${""} sizes="110px"></picture-frame
            ></a>`,
        )}
        ${Array.from({ length: EACH - posts.length }, () => html`<span class="canvas"></span>`)}
      </div>
    </li>`;
  }

  async #read(): Promise<void> {
    this.problem = null;
    try {
      const { posts } = await studio.live.api.feed("all", null, LATELY);
      this.posts = posts;
    } catch (error) {
      this.problem = asProblem(error);
      studio.live.comeback.missed(this.problem);
    }
  }
}

customElements.define("people-row", PeopleRow);
