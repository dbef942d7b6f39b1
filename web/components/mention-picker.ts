import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import { Called } from "../live/called";
import { completed, namedAt, offered, partners } from "../live/mentions";
import type { User } from "../live/protocol";
import { say } from "../words/words";
import "./person-avatar";
import { studio } from "./studio";

/** Offers whom an @ may mean while it is typed: those who take part in the talk about a picture, then anybody. */
export class MentionPicker implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #post: () => string;
  #offered: readonly User[] = [];
  #at = 0;
  /** Where somebody is being named. */
  #field: HTMLTextAreaElement | null = null;
  readonly #called = new Called(
    async (begun) => {
      const query = new URLSearchParams({ q: `@${begun}`, limit: "1" });
      return (
        await studio.live.api.call<{ users: readonly User[] }>("GET", `/api/search?${query}`)
      ).users.filter(({ id }) => id !== studio.live.me?.id);
    },
    () => this.#offer(),
  );

  constructor(host: ReactiveControllerHost, post: () => string) {
    this.#host = host;
    this.#post = post;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#called.stop();
    this.#offered = [];
  }

  /** What the field says of itself: a list belongs to it while somebody is offered, */
  get list(): string | typeof nothing {
    return this.#offered.length ? "offered" : nothing;
  }

  /** and one of that list is marked. */
  get active(): string | typeof nothing {
    return this.#offered.length ? `offered-${this.#at}` : nothing;
  }

  get open(): boolean {
    return this.#offered.length > 0;
  }

  /** Something was typed, or the caret has moved. */
  look(field: HTMLTextAreaElement): void {
    this.#field = field;
    this.#offer();
    this.#at = 0;
  }

  close(): void {
    this.#called.stop();
    this.#offered = [];
    this.#host.requestUpdate();
  }

  /** Return whether the key was meant for the list; then the field has changed, if somebody was chosen. */
  key(event: KeyboardEvent): boolean {
    if (!this.#offered.length || event.isComposing) return false;
    const steps = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (steps) {
      this.#at = (this.#at + steps + this.#offered.length) % this.#offered.length;
      this.#host.requestUpdate();
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.#choose(event.target as HTMLTextAreaElement, this.#offered[this.#at]);
    } else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  render(): TemplateResult | typeof nothing {
    if (!this.#offered.length) return nothing;
    return html`<ul
      class="offered"
      id="offered"
      role="listbox"
      aria-label=${say("people")}
      data-testid="mentions"
    >
      ${this.#offered.map(
        (user, index) =>
          html`<li
            id=${`offered-${index}`}
            role="option"
            aria-selected=${index === this.#at ? "true" : "false"}
            @mousedown=${(event: MouseEvent) => event.preventDefault()}
            @click=${(event: MouseEvent) => {
              // Not sooner: a finger's click would go to what lies under the list.
              const root = (event.currentTarget as HTMLElement).getRootNode() as ShadowRoot;
              this.#choose(root.querySelector("textarea"), user);
            }}
          >
            <person-avatar .user=${user} .size=${24}></person-avatar><bdi>${user.handle}</bdi>
          </li>`,
      )}
    </ul>`;
  }

  /** The mark stays with whom it is on: others may be named while somebody is about to choose. */
  #offer(): void {
    if (!this.#field) return;
    const begun = namedAt(this.#field.value, this.#field.selectionStart);
    if (begun === null) this.#called.stop();
    const people = begun === null ? [] : offered(this.#people(), begun, this.#called.by(begun));
    if (!people.length && !this.#offered.length) return;
    const on = this.#offered[this.#at]?.id;
    this.#at = Math.max(
      0,
      people.findIndex(({ id }) => id === on),
    );
    this.#offered = people;
    this.#host.requestUpdate();
  }

  #choose(field: HTMLTextAreaElement | null, user: User | undefined): void {
    if (!field || !user) return;
    const { text, caret } = completed(field.value, field.selectionStart, user.handle);
    field.value = text;
    field.setSelectionRange(caret, caret);
    this.close();
    // The field's own listener takes the new words in.
    field.dispatchEvent(new Event("input"));
  }

  #people(): readonly User[] {
    const { posts, threads, typing } = studio.live.state;
    const post = posts.get(this.#post());
    const writing = (typing.get(`post:${this.#post()}`) ?? []).map(({ user }) => user);
    const others = [...(post ? [post.author, ...(post.credits ?? [])] : []), ...writing];
    return partners(threads.get(this.#post())?.comments ?? [], others, studio.live.me?.id);
  }
}
