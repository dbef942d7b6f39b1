import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { serverNow } from "../live/clock";
import { faced, isVariationOver, pigmentOf } from "../live/fold-room";
import { pigmentColour } from "../live/pigments";
import type { Message, Variation } from "../live/room-protocol";
import type { Draft } from "../live/state";
import { publishedWords } from "../live/room-publication";
import { ago, clock, count, writing } from "../live/words";
import { base, buttons } from "../styles/base";
import { roomTalk } from "../styles/room-talk";
import { writeLine } from "../styles/write-line";
import { say } from "../words/words";
import { textOf } from "./comment-item";
import "./emoji-button";
import { halfWritten } from "./half-written";
import { icon } from "./icons";
import "./person-avatar";
import { WatchRoom, type RoomDesk } from "./room-desk";
import { studio } from "./studio";

/** What one person says within this time stands under one name, ms. */
const BREATH_MS = 240_000;
/** Nearer to the end than this, what is new scrolls into sight. */
const NEAR_PX = 80;

type Line =
  | { readonly kind: "message"; readonly time: number; readonly message: Message; readonly first: boolean }
  | { readonly kind: "note"; readonly time: number; readonly id: string; readonly text: string };

/** The room's talk: what is said, what became of the variations, and the line to say something on. */
export class RoomTalk extends LitElement {
  static override properties = { desk: { attribute: false }, text: { state: true }, unread: { state: true } };
  declare desk: RoomDesk;
  declare text: string;
  /** There is more below than is in sight. */
  declare unread: boolean;
  #atEnd = true;
  #last = "";
  /** Whose words stand in the field. */
  #hand = "";
  /** Whatever makes the talk longer or its pane shorter, who was at the end stays there. */
  readonly #sizes = new ResizeObserver(() => this.#atEnd && this.#toEnd());

  constructor() {
    super();
    this.text = "";
    this.unread = false;
    new WatchRoom(this, ({ session: { state } }) => [
      state.messages,
      state.drafts,
      state.mine,
      state.roster,
      state.typing,
      state.endedAt,
      state.variations,
      state.post,
      state.lost,
      state.older,
      state.revoked,
      studio.live.me,
    ]);
  }

  static override styles = [base, buttons, writeLine, roomTalk];

  override render(): TemplateResult {
    const { state } = this.desk.session;
    const lines = this.#lines();
    return html`<section aria-label=${say("room.talk")}>
      <h2>${say("room.talk")}</h2>
      <div class="scroll" tabindex="-1" @scroll=${this.#scrolled} data-testid="talk">
        ${
          state.older
            ? html`<button class="button plain small" @click=${() => void this.desk.session.older()}>
                ${say("talk.earlier-messages")}
              </button>`
            : nothing
        }
        ${!lines.length && !state.drafts.length ? html`<p class="empty">${say("talk.nobody")}</p>` : nothing}
        <ol>
          ${repeat(
            lines,
            (line) => (line.kind === "message" ? line.message.id : line.id),
            (line) =>
              line.kind === "message"
                ? this.#message(line.message, line.first)
                : html`<li class="note" data-testid="note"><span>${line.text}</span></li>`,
          )}
          ${state.drafts.map((draft) => this.#draft(draft))}
        </ol>
      </div>
      ${
        this.unread
          ? html`<button class="button full small newest" @click=${() => this.#toEnd()}>
              ${icon("down", 15)} ${say("talk.newest")}
            </button>`
          : nothing
      }
      ${this.#composer()}
    </section>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#atEnd = true;
    void this.updateComplete.then(() => {
      const pane = this.renderRoot.querySelector(".scroll");
      if (!pane || !this.isConnected) return;
      for (const element of [pane, ...pane.children]) this.#sizes.observe(element);
      this.#toEnd();
    });
  }

  /** Another part of the sheet may be looked at meanwhile, or another page: what is half written waits. */
  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("desk") && this.#hand === halfWritten.hand) return;
    this.#hand = halfWritten.hand;
    this.text = this.desk.saying;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  override updated(): void {
    const { messages, drafts } = this.desk.session.state;
    const last = drafts.at(-1)?.key ?? messages.at(-1)?.id ?? "";
    if (last === this.#last) return;
    const mine = drafts.length > 0 || messages.at(-1)?.author.id === this.desk.session.me;
    this.#last = last;
    if (this.#atEnd || mine) this.#toEnd();
    else this.unread = true;
  }

  /** What was said and what was painted, as it happened; an end that was not seen stands where it was begun. */
  #lines(): readonly Line[] {
    const { messages, endedAt, variations } = this.desk.session.state;
    const notes = variations.map((variation, index): Line | null =>
      isVariationOver(variation)
        ? {
            kind: "note",
            id: variation.id,
            time: endedAt.get(variation.id) ?? variation.created,
            text: outcomeWords(variation, index + 1),
          }
        : null,
    );
    const said = messages.map((message, index): Line => {
      const before = messages[index - 1];
      const first = before?.author.id !== message.author.id || message.created - before.created > BREATH_MS;
      return { kind: "message", time: message.created, message, first };
    });
    // Of what happened before the oldest message that is here, the notes come with the earlier messages.
    const from = this.desk.session.state.older ? (messages[0]?.created ?? 0) : 0;
    const told = notes.filter((note): note is Line => note !== null && note.time >= from);
    return [...said, ...told, ...this.#publishing(from)].sort((one, other) => one.time - other.time);
  }

  #publishing(from: number): readonly Line[] {
    const { state, me } = this.desk.session;
    const { post } = state;
    if (!post || post.created < from) return [];
    return [{ kind: "note", id: post.id, time: post.created, text: publishedWords(state, me) }];
  }

  #message(message: Message, first: boolean): TemplateResult {
    const { session } = this.desk;
    const { author, reactions } = message;
    const me = author.id === session.me;
    const colour = pigmentColour(pigmentOf(session.state, author.id), studio.theme);
    const totals = Object.entries(reactions);
    return html`<li class=${first ? "first" : ""}>
      <article data-testid="message" data-message=${message.id}>
        ${first ? html`<person-avatar .user=${faced(session.state, author)} .size=${26}></person-avatar>` : nothing}
        <div class="said">
          ${
            first
              ? html`<p class="who">
                  <i class="dab" style="background:${colour}"></i>
                  <b>${me ? say("talk.you") : html`<bdi>${author.handle}</bdi>`}</b>
                  <time datetime=${new Date(message.created).toISOString()} title=${clock(message.created)}
                    >${ago(message.created, serverNow())}</time
                  >
                </p>`
              : nothing
          }
          <p class="text" dir="auto" data-testid="message-text">${textOf(message.text)}</p>
          ${
            totals.length
              ? html`<p class="reactions">
                  ${totals.map(([emoji, total]) => this.#reaction(message.id, emoji, total))}
                </p>`
              : nothing
          }
        </div>
        <emoji-button
          chip
          class="react"
          @choose=${(event: CustomEvent<string>) => this.#react(message.id, event.detail)}
        ></emoji-button>
      </article>
    </li>`;
  }

  #reaction(message: string, emoji: string, total: number): TemplateResult {
    const mine = this.desk.session.state.mine.get(message)?.has(emoji) ?? false;
    return html`<button
      class="reaction"
      aria-pressed=${mine ? "true" : "false"}
      aria-label=${say(mine ? "react.mine" : "react.total", { emoji, total })}
      @click=${() => this.#react(message, emoji)}
    >
      <span class="emoji" aria-hidden="true">${emoji}</span>${count(total)}
    </button>`;
  }

  #react(message: string, emoji: string): void {
    void this.desk.session.react(message, emoji);
  }

  #draft(draft: Draft): TemplateResult {
    const failed = draft.status === "failed";
    return html`<li class="first">
      <article data-testid="message-draft" data-status=${draft.status}>
        <person-avatar .user=${draft.author} .size=${26}></person-avatar>
        <div class="said">
          <p class="who">
            <b>${say("talk.you")}</b>
            <time>${failed ? "" : say(draft.status === "waiting" ? "talk.waits" : "talk.sending")}</time>
          </p>
          <p class="text pale" dir="auto">${draft.text}</p>
          ${
            failed
              ? html`<p class="failed" role="alert">
                  <span class="bad">${say("talk.not-sent-why", { why: draft.problem })}</span>
                  <button @click=${() => void this.desk.session.send(draft)}>${say("try-again")}</button>
                  <button
                    @click=${() => this.desk.session.dispatch({ kind: "draft-dropped", key: draft.key })}
                  >
                    ${say("talk.discard")}
                  </button>
                </p>`
              : nothing
          }
        </div>
      </article>
    </li>`;
  }

  #composer(): TemplateResult {
    const { typing, roster, revoked } = this.desk.session.state;
    const first = typing[0]?.user.id;
    const pigment = first ? (roster.find(({ user }) => user.id === first)?.pigment ?? null) : null;
    return html`<div class="composer">
      <p class="above">
        ${
          typing.length
            ? html`<i class="dab" style="background:${pigmentColour(pigment, studio.theme)}"></i>
                <span data-testid="room-typing">${writing(typing.map(({ user }) => user.handle))}</span>`
            : nothing
        }
      </p>
      <form @submit=${this.#submit}>
        <textarea
          rows="1"
          dir=${this.text ? "auto" : nothing}
          data-testid="say"
          aria-label=${say("talk.in-room")}
          placeholder=${say("talk.say")}
          maxlength=${studio.live.limits.comment}
          ?disabled=${revoked}
          .value=${this.text}
          @input=${this.#write}
          @keydown=${this.#key}
        ></textarea>
        <button class="round" aria-label=${say("send")} ?disabled=${!this.text.trim() || revoked}>
          ${icon("send")}
        </button>
      </form>
    </div>`;
  }

  #write(event: Event): void {
    this.text = this.desk.saying = (event.target as HTMLTextAreaElement).value;
    if (this.text.trim()) this.desk.session.typing();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      (event.target as HTMLTextAreaElement).form?.requestSubmit();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      (event.target as HTMLTextAreaElement).blur();
    }
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const text = this.text.trim();
    if (!text) return;
    this.desk.session.say(text);
    this.text = this.desk.saying = "";
  }

  #toEnd(): void {
    this.unread = false;
    const pane = this.renderRoot.querySelector(".scroll");
    pane?.scrollTo(0, pane.scrollHeight);
  }

  readonly #scrolled = (event: Event): void => {
    const pane = event.currentTarget as HTMLElement;
    this.#atEnd = pane.scrollHeight - pane.clientHeight - pane.scrollTop < NEAR_PX;
    if (this.#atEnd) this.unread = false;
  };
}

function outcomeWords({ state }: Variation, number: number): string {
  if (state === "completed") return say("talk.variation-finished", { number });
  return state === "cancelled"
    ? say("talk.variation-cancelled", { number })
    : say("talk.variation-unpainted", { number });
}

customElements.define("room-talk", RoomTalk);
