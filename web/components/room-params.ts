import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Params } from "../live/room-document";
import { base, buttons } from "../styles/base";
import { percentage } from "../words/figures";
import { say } from "../words/words";
import "./choice-chip";
import { icon } from "./icons";
import { nearestSize, USUAL, type PaintChoice } from "./paint-options";
import "./paint-options";
import { percent, WatchRoom, type RoomDesk } from "./room-desk";
import "./strength-slider";
import { studio } from "./studio";

const LONGEST_STYLE = 80;

interface Generator {
  readonly name: string;
  readonly title: string;
}

/** How it is painted: shape, seed, who paints, in which style, how much of the original stays. Everybody's. */
export class RoomParams extends LitElement {
  static override properties = { desk: { attribute: false }, generators: { state: true } };
  declare desk: RoomDesk;
  declare generators: readonly Generator[];

  constructor() {
    super();
    this.generators = [];
    new WatchRoom(this, (desk) => [
      JSON.stringify(desk.document?.params ?? null),
      desk.mayEdit,
      desk.reason,
      desk.document?.begun,
      percent(desk.masked),
      desk.session.state.room?.post,
    ]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 0;
        padding: 0;
        border: 0;
        min-inline-size: 0;
      }
      /* Who looks on sees what is set, in the faintest ink; it is no button then. */
      fieldset:disabled {
        pointer-events: none;
        --ink: var(--ink3);
        --ink2: var(--ink3);
      }
      .off {
        cursor: default;
      }
      .label {
        display: inline-flex;
        align-items: center;
        gap: 7px;
        max-inline-size: 150px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .hint {
        flex: 1 1 100%;
        min-block-size: 16px;
        padding-inline: 2px;
        font-size: 12px;
        line-height: 16px;
      }
      strength-slider {
        flex: 1 1 100%;
        background: none;
        padding-inline: 2px;
      }
      .item {
        display: block;
        inline-size: 100%;
        min-block-size: 40px;
        padding-inline: 12px;
        border-radius: 12px;
        color: var(--ink2);
      }
      .item:is(:hover, [aria-checked="true"]) {
        background: var(--chip);
        color: var(--ink);
      }
      .item:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      input {
        inline-size: 200px;
        block-size: 36px;
        padding-inline: 14px;
        border-radius: 18px;
        box-shadow: inset 0 0 0 1px var(--edge);
        font-size: 14px;
      }
      @media (max-width: 999px) {
        input {
          font-size: 16px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void studio.live.api
      .call<{ generators: readonly Generator[] }>("GET", "/api/generators")
      .then(({ generators }) => (this.generators = generators))
      // Without the list there is nothing to choose; the server takes its first one.
      .catch(() => undefined);
  }

  override render(): TemplateResult {
    const { document, mayEdit, reason, masked } = this.desk;
    const params = document?.params;
    if (!params || !document.begun) return html`${nothing}`;
    const size = nearestSize({ width: params.width ?? 1, height: params.height ?? 1 });
    const choice: PaintChoice = { ...USUAL, size, seed: params.seed };
    return html`<fieldset
      aria-label=${say("how.title")}
      title=${mayEdit ? "" : reason}
      ?disabled=${!mayEdit}
      ?inert=${!mayEdit}
      data-testid="params"
    >
      <paint-options
        shows="what"
        .choice=${choice}
        @choose=${(event: CustomEvent<PaintChoice>) => this.#choose(choice, event.detail)}
      ></paint-options>
      ${this.#generator(params)}${this.#style(params)}
      ${
        masked
          ? html`<button
              type="button"
              class="chip"
              title=${say("how.only-there")}
              aria-label=${say("how.unmask", { percent: percent(masked) })}
              data-testid="masked"
              @click=${() => this.desk.clear("mask")}
            >
              ${icon("mask", 16)} ${percentage(percent(masked) / 100)} ${icon("close", 13)}
            </button>`
          : nothing
      }
      ${
        this.desk.session.state.room?.post
          ? html`<strength-slider
                .value=${params.strength}
                @choose=${(event: CustomEvent<number>) => this.#set({ strength: event.detail })}
              ></strength-slider>
              <p class="hint" data-testid="strength-says">${strengthWords(params.strength)}</p>`
          : nothing
      }
    </fieldset>`;
  }

  /** Of one generator there is no choice. */
  #generator({ generator }: Params): TemplateResult | typeof nothing {
    const [first] = this.generators;
    if (!first || this.generators.length < 2) return nothing;
    const chosen = this.generators.find(({ name }) => name === generator) ?? first;
    return html`<choice-chip name=${say("how.painter")}>
      <span slot="label" class="label">${chosen.name}</span>
      ${this.generators.map(
        ({ name, title }) =>
          html`<button
            type="button"
            class="item"
            role="radio"
            aria-checked=${name === chosen.name ? "true" : "false"}
            @click=${() => this.#set({ generator: name })}
          >
            ${title || name}
          </button>`,
      )}
    </choice-chip>`;
  }

  #style({ style }: Params): TemplateResult {
    return html`<choice-chip name=${say("how.style")} group="group" data-testid="choose-style">
      <span slot="label" class="label">${style || say("how.any-style")}</span>
      <input
        aria-label=${say("how.style")}
        placeholder=${say("how.any-style")}
        maxlength=${LONGEST_STYLE}
        .value=${style}
        @change=${(event: Event) => this.#set({ style: (event.target as HTMLInputElement).value.trim() })}
      />
    </choice-chip>`;
  }

  #choose(before: PaintChoice, { size, seed }: PaintChoice): void {
    const shape = size === before.size ? {} : { width: size.width, height: size.height };
    this.#set({ ...shape, ...(seed === before.seed ? {} : { seed }) });
  }

  #set(params: Partial<Params>): void {
    this.desk.document?.set(params);
  }
}

/** What a strength does to the picture. Under two thirds its own subject may stand behind a new one. */
function strengthWords(strength: number): string {
  if (strength < 0.3) return say("how.least");
  if (strength < 0.65) return say("how.less");
  if (strength < 0.9) return say("how.more");
  return say("how.most");
}

customElements.define("room-params", RoomParams);
