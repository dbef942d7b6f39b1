import { css, html, LitElement, type TemplateResult } from "lit";
import { jobWords, waitingIn } from "../live/words";
import { base } from "../styles/base";
import { midSentence, say } from "../words/words";
import { studio } from "./studio";

const EVERY_MS = 10_000;

/** What a screen reader is told about the wall: in words, politely, at most every ten seconds. */
export class LiveRegion extends LitElement {
  static override properties = { words: { state: true } };
  declare words: string;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.words = "";
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
    this.#timer = setInterval(() => (this.words = this.#say()), EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    return html`<p class="visually-hidden" aria-live="polite" data-testid="live-region">${this.words}</p>`;
  }

  #say(): string {
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
