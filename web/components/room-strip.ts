import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { isVariationOver, pigmentOf, voters } from "../live/fold-room";
import { paletteFor } from "../live/palette";
import { pigmentColour } from "../live/pigments";
import type { Variation } from "../live/room-protocol";
import type { Job } from "../live/state";
import { capped, count, jobWords, plural } from "../live/words";
import { base, buttons } from "../styles/base";
import "./dab-row";
import { icon } from "./icons";
import "./job-picture";
import "./picture-frame";
import { WatchRoom, type RoomDesk } from "./room-desk";
import { studio, Watch } from "./studio";

/** Votes beyond these are told in figures alone. */
const MOST_DABS = 6;

/** What was painted so far, oldest first, and what is being painted now; votes stand under each. */
export class RoomStrip extends LitElement {
  static override properties = { desk: { attribute: false }, wrapped: { type: Boolean, reflect: true } };
  declare desk: RoomDesk;
  /** In rows instead of one that scrolls. */
  declare wrapped: boolean;
  #shown = 0;

  constructor() {
    super();
    this.wrapped = false;
    new WatchRoom(this, (desk) => {
      const { state, painting } = desk.session;
      return [
        state.room,
        state.variations,
        state.votes,
        state.totals,
        state.roster,
        state.members,
        desk.viewed,
        desk.mayEdit,
        desk.document?.text.trim() === "",
        painting,
      ];
    });
    new Watch(this, () => [studio.live.state.generations, studio.live.connection.phase]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: 9px;
        padding-inline: 22px;
        font-size: 13px;
        line-height: 18px;
      }
      h2 {
        font-weight: 600;
        font-size: 14px;
      }
      .head span {
        color: var(--ink3);
      }
      ol {
        display: flex;
        gap: 16px;
        padding: 10px 22px 12px;
        overflow: auto hidden;
        overscroll-behavior-inline: contain;
        scrollbar-width: thin;
      }
      li {
        flex: none;
        inline-size: 128px;
      }
      .tile {
        display: block;
        position: relative;
        inline-size: 128px;
        block-size: 128px;
        border-radius: 3px;
      }
      .tile > :is(job-picture, picture-frame, .canvas) {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        border-radius: 3px;
      }
      .tile[aria-pressed="true"] {
        outline: 2px solid var(--ink);
        outline-offset: 3px;
      }
      .tile:focus-visible {
        outline-offset: 3px;
      }
      .under {
        display: flex;
        align-items: center;
        gap: 8px;
        inline-size: 100%;
        min-block-size: 26px;
        margin-block-start: 6px;
        font-size: 12px;
        line-height: 16px;
        color: var(--ink2);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .under .name {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .bad {
        color: var(--bad);
      }
      .vote {
        border-radius: 8px;
        padding: 4px;
        margin-inline: -4px;
        inline-size: calc(100% + 8px);
      }
      .vote:not(:disabled):hover {
        background: var(--chip);
        color: var(--ink);
      }
      .vote[aria-pressed="true"] {
        color: var(--ink);
        font-weight: 600;
      }
      .vote:focus-visible {
        outline-offset: 0;
        box-shadow: none;
      }
      .dabs {
        display: flex;
        gap: 3px;
        margin-inline-start: auto;
      }
      .dabs i {
        inline-size: 7px;
        block-size: 13px;
        border-radius: 2px;
        background: var(--unpainted);
        transform: skewX(var(--lean));
      }
      dab-row {
        flex: 1 1 56px;
        max-inline-size: 76px;
      }
      .cancel {
        inline-size: 26px;
        block-size: 26px;
        margin-inline-start: auto;
      }
      .another {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 12px;
        font-weight: 600;
        font-size: 13px;
        box-shadow: inset 0 0 0 1.5px var(--edge);
        transition: background-color var(--quick) var(--ease);
      }
      .another:not(:disabled):hover {
        background: var(--chip);
      }
      .another .mark {
        display: grid;
        place-items: center;
        inline-size: 40px;
        block-size: 40px;
        border-radius: 50%;
        background: var(--ink);
        color: var(--wall);
      }
      .another:disabled {
        color: var(--ink3);
        box-shadow: inset 0 0 0 1.5px var(--line);
      }
      .another:disabled .mark {
        background: var(--chip);
        color: var(--ink3);
      }
      :host([wrapped]) .head {
        padding: 4px 18px 0;
      }
      :host([wrapped]) h2 {
        display: none;
      }
      :host([wrapped]) ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(104px, 1fr));
        gap: 14px;
        padding: 12px 18px 20px;
        overflow: visible;
      }
      :host([wrapped]) :is(li, .tile) {
        inline-size: 100%;
      }
      :host([wrapped]) .tile {
        block-size: auto;
        aspect-ratio: 1;
      }
      @media (forced-colors: active) {
        .dabs i {
          border: 1px solid CanvasText;
          forced-color-adjust: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { session, viewed } = this.desk;
    const { room, variations } = session.state;
    const post = room?.post;
    const done = room?.state === "published";
    return html`<section aria-label="Variations" data-testid="variations">
      <div class="head">
        <h2>Variations</h2>
        <span
          >${done ? "one of them hangs on the wall" : "vote for one: more than half of those who paint may publish it, the owner any"}</span
        >
      </div>
      <ol>
        <li>
          <button
            class="tile"
            aria-pressed=${viewed ? "false" : "true"}
            aria-label="The canvas, over the picture it began with"
            title="The canvas"
            @click=${() => this.desk.view(null)}
          >
            ${
              post
                ? html`<picture-frame .media=${post.media} .alt=${""} sizes="128px" eager></picture-frame>`
                : html`<span class="canvas"></span>`
            }
          </button>
          <p class="under"><span class="name">${post ? "Parent" : "Canvas"}</span></p>
        </li>
        ${repeat(
          variations,
          ({ id }) => id,
          (variation, index) => this.#variation(variation, index + 1),
        )}
        ${done ? nothing : html`<li>${this.#another()}</li>`}
      </ol>
    </section>`;
  }

  /** A new one comes into sight where it hangs. */
  override updated(): void {
    const many = this.desk.session.state.variations.length;
    const before = this.#shown;
    this.#shown = many;
    if (many <= before || this.wrapped) return;
    const row = this.renderRoot.querySelector("ol");
    row?.scrollTo({ left: row.scrollWidth * (getComputedStyle(this).direction === "rtl" ? -1 : 1) });
  }

  #variation(variation: Variation, number: number): TemplateResult {
    const job = studio.live.state.generations.get(variation.id);
    const viewed = this.desk.viewed === variation.id;
    return html`<li data-testid="variation" data-variation=${variation.id} data-state=${variation.state}>
      <button
        class="tile"
        aria-pressed=${viewed ? "true" : "false"}
        aria-label="Variation ${number}, ${capped(variation.prompt)}. ${viewed ? "Back to the canvas" : "Look at it"}"
        title=${variation.prompt}
        @click=${() => this.desk.view(variation)}
      >
        ${job ? html`<job-picture .job=${job} words="small"></job-picture>` : html`<span class="canvas"></span>`}
      </button>
      ${variation.state === "completed" ? this.#vote(variation, number) : this.#progress(variation, job, number)}
    </li>`;
  }

  #vote({ id }: Variation, number: number): TemplateResult {
    const { session } = this.desk;
    const { votes, totals, room } = session.state;
    const mine = votes.get(session.me) === id;
    const total = totals.get(id) ?? 0;
    const open = session.mayEdit && room?.state === "open";
    const reason = room?.state === "published" ? "It is published: the vote is over." : this.desk.reason;
    return html`<button
      class="under vote"
      data-testid="vote"
      aria-pressed=${mine ? "true" : "false"}
      aria-label="Vote for variation ${number}, ${plural(total, "vote", "votes")}${mine ? ", yours among them" : ""}"
      title=${open ? (mine ? "Take your vote back" : "Vote for it") : reason}
      ?disabled=${!open}
      @click=${() => void session.vote(id)}
    >
      <span class="name">${mine ? `${number}, your vote` : open ? `Vote for ${number}` : String(number)}</span
      >${this.#dabs(id, total)}
    </button>`;
  }

  /** One dab for each who may vote, in the pigments of those who did. */
  #dabs(id: string, total: number): TemplateResult {
    const { state } = this.desk.session;
    const known = [...state.votes].filter(([, variation]) => variation === id).map(([user]) => user);
    const colours = known.map((user) => pigmentColour(pigmentOf(state, user), studio.theme));
    const full = Math.max(total, colours.length);
    while (colours.length < full) colours.push(pigmentColour(null, studio.theme));
    const all = Math.max(full, voters(state));
    if (all > MOST_DABS) {
      return html`<span class="dabs" aria-hidden="true"
          >${colours.slice(0, MOST_DABS - 1).map((colour) => html`<i style="background:${colour}"></i>`)}</span
        ><span aria-hidden="true">${count(total)}</span>`;
    }
    return html`<span class="dabs" aria-hidden="true"
      >${Array.from({ length: all }, (_, index) => html`<i style=${colours[index] ? `background:${colours[index]}` : ""}></i>`)}</span
    >`;
  }

  #progress(variation: Variation, job: Job | undefined, number: number): TemplateResult {
    if (!job) return html`<p class="under">${number}</p>`;
    const mine = variation.author.id === this.desk.session.me;
    const words = jobWords(job, mine);
    const painting = job.stage === "painting" || job.stage === "starting";
    const running = painting || job.stage === "queued";
    return html`<p class="under ${words.bad ? "bad" : ""}" title=${words.rest}>
      ${
        painting
          ? html`<dab-row
              .steps=${job.steps}
              .done=${Math.max(0, job.step - 1)}
              .active=${job.stage === "painting"}
              .outlined=${job.stage === "starting"}
              .colours=${paletteFor(job.palette, studio.theme)}
              .text=${words.strong}
            ></dab-row>`
          : nothing
      }
      <span class="name"
        >${job.stage === "painting" ? `${count(job.step)} of ${count(job.steps)}` : words.strong}</span
      >
      ${
        mine && running && !isVariationOver(variation)
          ? html`<button
              class="round cancel"
              aria-label="Cancel variation ${number}"
              title="Cancel it"
              @click=${() => void this.desk.session.cancel(variation.id)}
            >
              ${icon("close", 14)}
            </button>`
          : nothing
      }
    </p>`;
  }

  #another(): TemplateResult {
    const { session, mayEdit, reason, document } = this.desk;
    const wordless = document?.begun === true && !document.text.trim();
    const away = studio.live.connection.phase !== "live";
    const why = !mayEdit
      ? reason
      : away
        ? "The connection is away."
        : wordless
          ? "Say first how to repaint it."
          : "";
    return html`<button
      class="tile another"
      data-testid="paint-variation"
      title=${why || "Paint the canvas as it stands"}
      ?disabled=${Boolean(why) || session.painting}
      @click=${() => void session.paint()}
    >
      <span class="mark">${icon("brush")}</span>
      ${session.painting ? "Sending…" : session.state.variations.length ? "Paint another" : "Paint it"}
    </button>`;
  }
}

customElements.define("room-strip", RoomStrip);
