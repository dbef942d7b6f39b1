import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { isVariationOver, pigmentOf, voters } from "../live/fold-room";
import { paletteFor } from "../live/palette";
import { pigmentColour } from "../live/pigments";
import type { Variation } from "../live/room-protocol";
import { publishedOf } from "../live/room-publication";
import type { Job } from "../live/state";
import { jobWords } from "../live/job-words";
import { about, capped, count } from "../live/words";
import { base, buttons } from "../styles/base";
import { roomStrip } from "../styles/room-strip";
import { say } from "../words/words";
import "./dab-row";
import { icon } from "./icons";
import "./job-picture";
import "./picture-frame";
import { WatchRoom, type RoomDesk } from "./room-desk";
import { studio, Watch } from "./studio";

/** Votes beyond these are told in figures alone. */
const MOST_DABS = 6;
const MOST_DABS_WRAPPED = 3;
const RUNNING: ReadonlySet<Job["stage"]> = new Set(["queued", "starting", "painting"]);

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
        state.post,
        state.variations,
        state.votes,
        state.voteWaits,
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

  static override styles = [base, buttons, roomStrip];

  override render(): TemplateResult {
    const { session, viewed } = this.desk;
    const { room, variations } = session.state;
    const post = room?.post;
    const done = room?.state === "published";
    return html`<section aria-label=${say("room.variations")} data-testid="variations">
      <div class="head">
        <h2>${say("room.variations")}</h2>
        <span data-testid="vote-hint">${say(done ? "strip.one-hangs" : this.#hint())}</span>
      </div>
      <ol>
        <li>
          <button
            class="tile"
            aria-pressed=${viewed ? "false" : "true"}
            aria-label=${say(post ? "strip.canvas-over" : "strip.canvas")}
            title=${say("strip.canvas")}
            @click=${() => this.desk.view(null)}
          >
            ${
              post
                ? html`<picture-frame .media=${post.media} .alt=${""} sizes="128px" eager></picture-frame>`
                : html`<span class="paper"></span>`
            }
          </button>
          <p class="under"><span class="name">${say(post ? "strip.parent" : "strip.canvas-short")}</span></p>
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

  /** What votes are for, to the one who reads it: whoever opened the room publishes without any. */
  #hint(): "strip.vote" | "strip.vote-owner" | "strip.vote-alone" | "strip.vote-viewer" {
    const { state } = this.desk.session;
    if (state.room?.role === "owner") return voters(state) > 1 ? "strip.vote-owner" : "strip.vote-alone";
    return state.room?.role === "viewer" ? "strip.vote-viewer" : "strip.vote";
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
    const running = job && RUNNING.has(job.stage) && !isVariationOver(variation);
    return html`<li data-testid="variation" data-variation=${variation.id} data-state=${variation.state}>
      <div class="hang">
        <button
          class="tile"
          aria-pressed=${viewed ? "true" : "false"}
          aria-label=${say(viewed ? "strip.back" : "strip.look", { number, prompt: capped(variation.prompt) })}
          title=${variation.prompt}
          @click=${() => this.desk.view(variation)}
        >
          ${job ? html`<job-picture .job=${job} words="small"></job-picture>` : html`<span class="canvas"></span>`}
        </button>
        ${running ? this.#running(variation, job, number) : nothing}
        ${
          publishedOf(this.desk.session.state) === variation
            ? html`<span class="eta" data-testid="hangs">${say("strip.published")}</span>`
            : nothing
        }
      </div>
      ${variation.state === "completed" ? this.#vote(variation, number) : this.#progress(variation, job, number)}
    </li>`;
  }

  /** How long it will take, and for whoever asked for it the way to call it off. */
  #running({ id, author }: Variation, { etaS }: Job, number: number): TemplateResult {
    return html`${etaS === null ? nothing : html`<span class="eta" data-testid="eta">${about(etaS)}</span>`}
    ${
      author.id === this.desk.session.me
        ? html`<button
            class="round on-picture cancel"
            aria-label=${say("strip.cancel-which", { number })}
            title=${say("strip.cancel")}
            @click=${() => void this.desk.session.cancel(id)}
          >
            ${icon("close", 14)}
          </button>`
        : nothing
    }`;
  }

  #vote({ id }: Variation, number: number): TemplateResult {
    const { session } = this.desk;
    const { votes, totals, room, voteWaits: waits } = session.state;
    const mine = votes.get(session.me) === id;
    const total = totals.get(id) ?? 0;
    const open = session.mayEdit && room?.state === "open";
    const reason = room?.state === "published" ? say("strip.over") : this.desk.reason;
    return html`<button
      class="under vote"
      data-testid="vote"
      aria-pressed=${mine ? "true" : "false"}
      aria-description=${say(mine ? "strip.voted-label" : "strip.vote-label", { number, count: total })}
      title=${open ? say(waits && mine ? "strip.waits" : mine ? "strip.take-back" : "strip.vote-it") : reason}
      ?disabled=${!open}
      @click=${() => void session.vote(id)}
    >
      <span class="name">${voteWords(number, { mine, open, waits: mine && waits })}</span
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
    const most = this.wrapped ? MOST_DABS_WRAPPED : MOST_DABS;
    if (all > most) {
      return html`<span class="dabs" aria-hidden="true"
          >${colours.slice(0, most - 1).map((colour) => html`<i style="background:${colour}"></i>`)}</span
        ><span aria-hidden="true">${count(total)}</span>`;
    }
    return html`<span class="dabs" aria-hidden="true"
      >${Array.from({ length: all }, (_, index) => html`<i style=${colours[index] ? `background:${colours[index]}` : ""}></i>`)}</span
    >`;
  }

  #progress(variation: Variation, job: Job | undefined, number: number): TemplateResult {
    if (!job) return html`<p class="under">${count(number)}</p>`;
    const mine = variation.author.id === this.desk.session.me;
    const words = jobWords(job, mine);
    const painting = job.stage === "painting" || job.stage === "starting";
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
        >${job.stage === "painting" ? say("job.step-short", { step: job.step, steps: job.steps }) : words.strong}</span
      >
    </p>`;
  }

  #another(): TemplateResult {
    const { session, mayEdit, reason, document } = this.desk;
    const wordless = document?.begun === true && !document.text.trim();
    const away = studio.live.connection.phase !== "live";
    const why = !mayEdit ? reason : away ? say("strip.away") : wordless ? say("strip.wordless") : "";
    return html`<button
      class="tile another"
      data-testid="paint-variation"
      title=${why || say("strip.as-it-is")}
      ?disabled=${Boolean(why) || session.painting}
      @click=${() => void session.paint()}
    >
      <span class="mark">${icon("brush")}</span>
      ${say(session.painting ? "create.sending" : session.state.variations.length ? "strip.another" : "create.paint")}
    </button>`;
  }
}

function voteWords(number: number, vote: { mine: boolean; open: boolean; waits: boolean }): string {
  if (vote.waits) return say("strip.not-sent", { number });
  if (vote.mine) return say("strip.your-vote", { number });
  return vote.open ? say("strip.vote-for", { number }) : count(number);
}

customElements.define("room-strip", RoomStrip);
