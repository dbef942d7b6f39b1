import { css, html, LitElement, type TemplateResult } from "lit";
import { jobWords } from "../live/job-words";
import { UTTERED_EVERY_MS } from "../live/utterances";
import { waitingIn } from "../live/words";
import { base } from "../styles/base";
import { midSentence, say } from "../words/words";
import "../words/more";
import { studio } from "./studio";

/**
 * What a screen reader is told: how the wall stands, and what the page has to say in passing. In words, politely, at most
 * every ten seconds, whoever says it.
 */
export class LiveRegion extends LitElement {
  static override properties = { sheet: { type: Boolean }, words: { state: true }, passing: { state: true } };
  /** Over a sheet, how the wall under it stands is no news. */
  declare sheet: boolean;
  /** How the wall stands. */
  declare words: string;
  /** What was said last in passing. */
  declare passing: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hush: () => void = () => undefined;

  constructor() {
    super();
    this.sheet = false;
    this.words = "";
    this.passing = "";
  }

  static override styles = [
    base,
    css`
      :host {
        position: absolute;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#hush = studio.aloud.speak(this.#due);
    this.#wait(UTTERED_EVERY_MS);
    this.#due();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#hush();
    clearTimeout(this.#timer);
  }

  /** Two lines: of what changes only what is new is read out. */
  override render(): TemplateResult {
    return html`<div class="visually-hidden" aria-live="polite" data-testid="live-region">
      <p>${this.words}</p>
      <p>${this.passing}</p>
    </div>`;
  }

  /** Something waits to be said: at once if nothing was said lately. */
  readonly #due = (): void => this.#wait(Math.min(studio.aloud.silence(performance.now()), UTTERED_EVERY_MS));

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#speak(), ms);
  }

  #speak(): void {
    this.#wait(UTTERED_EVERY_MS);
    if (!studio.aloud.isVoice(this.#due)) return;
    const words = this.sheet ? "" : this.#standing();
    const passing = studio.aloud.take().join(" ");
    if ((words && words !== this.words) || passing) studio.aloud.spoke(performance.now());
    this.words = words;
    this.passing = passing;
  }

  #standing(): string {
    const { feeds, own, generations } = studio.live.state;
    const waiting = waitingIn(feeds.get(studio.feed));
    const mine = own.map((id) => generations.get(id)).findLast((job) => job && job.stage !== "posted");
    const words = mine ? jobWords(mine, true) : null;
    return [
      waiting ? say("told.pictures", { count: waiting }) : "",
      words ? say("told.mine", { state: midSentence(words.strong) }) : "",
    ]
      .filter(Boolean)
      .join(" ");
  }
}

customElements.define("live-region", LiveRegion);
