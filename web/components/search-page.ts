import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { User } from "../live/protocol";
import { pathOfPerson, pathOfSearch } from "../live/route";
import { base, buttons } from "../styles/base";
import { say } from "../words/words";
import "../words/more";
import { Aloud } from "./aloud";
import "./feed-wall";
import "./follow-button";
import { icon } from "./icons";
import "./people-row";
import "./person-avatar";
import { studio, Watch } from "./studio";

const DEBOUNCE_MS = 200;
const LONGEST = 200;

/** Find people and pictures, as you type. */
export class SearchPage extends LitElement {
  static override properties = { q: { type: String }, words: { state: true } };
  /** What the address asks for. */
  declare q: string;
  /** What is in the field, perhaps ahead of the address. */
  declare words: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.q = "";
    this.words = "";
    new Watch(this, () => [studio.feed, studio.wall.people.get(studio.feed), this.#loaded()]);
    new Aloud(this, () => (this.q ? this.#said() : ""));
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        padding-block-start: 12px;
      }
      form {
        position: relative;
        max-inline-size: 640px;
        margin-inline: auto;
        margin-block-end: 28px;
      }
      form > svg {
        position: absolute;
        inset-block-start: 17px;
        inset-inline-start: 20px;
        color: var(--ink2);
        pointer-events: none;
      }
      input {
        inline-size: 100%;
        block-size: 54px;
        padding-inline: 52px;
        border-radius: 27px;
        background: var(--chip);
        font-size: 16px;
        line-height: 24px;
        appearance: none;
      }
      input:placeholder-shown {
        text-overflow: ellipsis;
      }
      input::placeholder {
        color: var(--ink3);
        opacity: 1;
      }
      input::-webkit-search-cancel-button {
        display: none;
      }
      input:focus-visible {
        outline-offset: 1px;
        box-shadow: none;
      }
      .clear {
        position: absolute;
        inset-block-start: 7px;
        inset-inline-end: 8px;
      }
      .found {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 28px;
        margin-block-end: 24px;
      }
      .found li {
        display: flex;
        align-items: center;
        gap: 16px;
        padding: 10px;
        padding-inline-start: 12px;
        border-radius: 30px;
        background: var(--chip);
        max-inline-size: 100%;
      }
      .found a {
        display: flex;
        align-items: center;
        gap: 10px;
        min-inline-size: 0;
        font-weight: 600;
        border-radius: 20px;
      }
      bdi {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      @media (max-width: 719px) {
        :host {
          padding-block-start: 4px;
        }
        form {
          margin-block-end: 20px;
        }
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    // Another address (a link, "back") is taken over; what is being typed is not.
    if (changed.has("q") && this.q !== this.words.trim()) this.words = this.q;
  }

  override firstUpdated(): void {
    if (!this.q) this.renderRoot.querySelector("input")?.focus({ preventScroll: true });
  }

  override render(): TemplateResult {
    return html`<h1 class="visually-hidden">${say("nav.find")}</h1>
      <form role="search" @submit=${this.#submit}>
        ${icon("find", 20)}
        <input
          type="search"
          name="q"
          data-testid="search-input"
          dir=${this.words ? "auto" : nothing}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          enterkeyhint="search"
          maxlength=${LONGEST}
          aria-label=${say("find.what")}
          placeholder=${say("find.say")}
          .value=${this.words}
          @input=${this.#write}
          @keydown=${this.#key}
        />
        ${
          this.words
            ? html`<button
                type="button"
                class="round clear"
                aria-label=${say("find.clear")}
                @click=${this.#clear}
              >
                ${icon("close", 16)}
              </button>`
            : nothing
        }
      </form>
      ${this.q ? this.#results() : html`<people-row tags></people-row>`}`;
  }

  #results(): TemplateResult {
    const users = this.#people();
    const asked = this.q.toLowerCase().split(/[\s@]+/);
    const inFull = users.some(({ handle }) => asked.includes(handle));
    return html`${
        users.length
          ? html`<ul class="found" aria-label=${say("people")} data-testid="found-people">
              ${repeat(
                users,
                ({ id }) => id,
                (user) => this.#person(user),
              )}
            </ul>`
          : nothing
      }
      <feed-wall
        .line=${say(users.length ? "find.no-pictures" : "find.nothing")}
        .nothingHere=${say(inFull ? "find.no-picture" : "find.other-words")}
        unpaintable
      ></feed-wall>`;
  }

  #person(user: User): TemplateResult {
    return html`<li>
      <a href=${pathOfPerson(user.handle)}
        ><person-avatar .user=${user} .size=${36}></person-avatar><bdi>${user.handle}</bdi></a
      >
      <follow-button .user=${user} small></follow-button>
    </li>`;
  }

  #said(): string {
    if (!this.#loaded()) return "";
    const blocks = studio.live.state.feeds.get(studio.feed)?.blocks ?? [];
    if (blocks.length) return say("find.said");
    return say(this.#people().length ? "find.said-people" : "find.said-nothing");
  }

  #people(): readonly User[] {
    return studio.wall.people.get(studio.feed) ?? [];
  }

  #loaded(): boolean {
    return studio.live.state.feeds.get(studio.feed)?.loaded ?? false;
  }

  #write(event: Event): void {
    this.words = (event.target as HTMLInputElement).value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#go(), DEBOUNCE_MS);
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    clearTimeout(this.#timer);
    this.#go();
    if (matchMedia("(pointer: coarse)").matches) this.renderRoot.querySelector("input")?.blur();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.words) return;
    event.preventDefault();
    this.#clear();
  }

  #clear(): void {
    this.words = "";
    clearTimeout(this.#timer);
    this.#go();
    this.renderRoot.querySelector("input")?.focus();
  }

  /** The address follows what is typed, without an entry for each letter. */
  #go(): void {
    const path = pathOfSearch(this.words.trim());
    if (path !== location.pathname + location.search) studio.router.replace(path);
  }
}

customElements.define("search-page", SearchPage);
