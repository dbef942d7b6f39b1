import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Connection } from "../live/connection";
import { clock, told } from "../live/words";
import { base } from "../styles/base";
import { say } from "../words/words";
import { icon } from "./icons";
import { studio, Watch } from "./studio";

/** A loss shorter than this is not worth the word "offline". */
const BRIEF_MS = 1_500;

export interface Standing {
  readonly connection: Connection;
  readonly paused: boolean;
  /** New pictures that wait behind the pause, and how many people look on. */
  readonly held: number;
  readonly here: number;
}

interface Words {
  readonly state: "live" | "catching" | "offline" | "paused";
  readonly strong: string;
  readonly rest: string;
  /** Nothing comes in. */
  readonly lost?: boolean;
}

/** How the connection stands, always in the same place; pressing it holds everything still. */
export class LiveStatus extends LitElement {
  static override properties = { compact: { type: Boolean }, standing: { attribute: false } };
  declare compact: boolean;
  /** How it stands, where that is not the page's own connection. */
  declare standing: Standing | null;

  constructor() {
    super();
    this.compact = false;
    this.standing = null;
    const live = studio.live;
    new Watch(this, () => [
      live.connection,
      live.paused,
      live.heldPosts,
      live.state.presence.get(studio.feed),
    ]);
  }

  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-block-size: 36px;
        padding-inline: 10px;
        margin-inline: -10px;
        border-radius: 18px;
        font-size: 13px;
        line-height: 18px;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
        color: var(--ink);
      }
      button:hover {
        background: var(--chip);
      }
      .rest {
        color: var(--ink2);
      }
      .dab {
        inline-size: 6px;
        block-size: 13px;
        border-radius: 2px;
        transform: skewX(var(--lean));
        margin-inline: 2px;
      }
      .live .dab {
        background: var(--good);
      }
      .catching .dab {
        background: linear-gradient(var(--unpainted) 45%, var(--warn) 45%);
      }
      .offline .dab,
      .lost .dab {
        background: none;
        box-shadow: inset 0 0 0 1.5px var(--ink2);
      }
      .paused .pause {
        display: flex;
        gap: 2.5px;
        margin-inline: 1px;
      }
      .pause i {
        inline-size: 3.5px;
        block-size: 12px;
        border-radius: 1.5px;
        box-shadow: inset 0 0 0 1.3px var(--ink2);
      }
      .act {
        display: none;
        color: var(--ink2);
      }
      button:is(:hover, :focus-visible) .act {
        display: block;
      }
      button:is(:hover, :focus-visible) :is(.dab, .pause) {
        display: none;
      }
      .wide:empty {
        display: none;
      }
      @media (hover: none) {
        button:hover .act {
          display: none;
        }
        button:hover :is(.dab, .pause) {
          display: flex;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { state, strong, rest, lost } = this.#words();
    const paused = this.#standing.paused;
    const act = say(paused ? "live.go-on" : "live.pause");
    return html`<button
      class=${lost ? `${state} lost` : state}
      data-testid="connection"
      data-state=${state}
      title=${act}
      @click=${() => studio.pause(!paused)}
    >
      ${paused ? html`<span class="pause"><i></i><i></i></span>` : html`<span class="dab"></span>`}
      <span class="act">${icon(paused ? "play" : "pause", 14)}</span>
      <span>${strong}</span>${rest ? html`<span class="rest">${rest}</span>` : nothing}<span
        class="visually-hidden"
        >. ${act}</span
      >
    </button>`;
  }

  get #standing(): Standing {
    const { connection, paused, heldPosts, state } = studio.live;
    return (
      this.standing ?? { connection, paused, held: heldPosts, here: state.presence.get(studio.feed) ?? 0 }
    );
  }

  #words(): Words {
    const { connection, paused, held, here } = this.#standing;
    const { phase, lostAt } = connection;
    if (paused)
      return { state: "paused", strong: say("live.paused"), rest: say("live.held", { count: told(held) }) };
    if (phase === "live") {
      const rest = here ? say("live.here", { count: here }) : "";
      return { state: "live", strong: say("live.live"), rest };
    }
    // Attempts come and go meanwhile: away is away until the server has answered.
    const brief = phase !== "offline" && phase !== "refused" && Date.now() - (lostAt ?? 0) <= BRIEF_MS;
    if (lostAt !== null && phase !== "catching-up" && !brief) {
      return {
        state: "offline",
        strong: say("live.offline"),
        rest: this.compact ? clock(lostAt) : say("live.since", { time: clock(lostAt) }),
      };
    }
    if (lostAt === null) return { state: "catching", strong: say("live.connecting"), rest: "" };
    return phase === "catching-up"
      ? { state: "catching", strong: say("live.catching-up"), rest: "" }
      : { state: "catching", strong: say("live.reconnecting"), rest: "", lost: true };
  }
}

customElements.define("live-status", LiveStatus);
