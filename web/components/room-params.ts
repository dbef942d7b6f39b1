import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { nearestShape } from "../live/generators";
import { USUAL, type PaintChoice } from "../live/paint-choice";
import type { Params } from "../live/room-document";
import { isOfMask } from "../live/strokes";
import { base, buttons } from "../styles/base";
import { percentage } from "../words/figures";
import { say } from "../words/words";
import { GeneratorList } from "./generator-list";
import { icon } from "./icons";
import "./paint-options";
import { percent, WatchRoom, type RoomDesk } from "./room-desk";
import "./strength-slider";

/** How it is painted: shape, seed, who paints, in which style, how much of the original stays. Everybody's. */
export class RoomParams extends LitElement {
  static override properties = { desk: { attribute: false } };
  declare desk: RoomDesk;
  readonly #generators = new GeneratorList(this);

  constructor() {
    super();
    new WatchRoom(this, (desk) => [
      JSON.stringify(desk.document?.params ?? null),
      desk.mayEdit,
      desk.reason,
      desk.document?.begun,
      percent(desk.masked),
      desk.document?.strokes.some(isOfMask),
      desk.session.state.room?.post,
    ]);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        /* Four stand in a line. */
        --chip-padding: 10px;
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
      /* Only what is finished can be taken away. */
      .chip:disabled {
        pointer-events: none;
        color: var(--ink3);
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
    `,
  ];

  override render(): TemplateResult {
    const { document, mayEdit, reason, masked } = this.desk;
    const params = document?.params;
    if (!params || !document.begun) return html`${nothing}`;
    const size = nearestShape({ width: params.width ?? 1, height: params.height ?? 1 });
    const { generator, style, seed } = params;
    const choice: PaintChoice = { ...USUAL, size, generator, style, seed };
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
        .generators=${this.#generators.all}
        ?remixing=${Boolean(this.desk.session.state.room?.post)}
        @choose=${(event: CustomEvent<PaintChoice>) => this.#choose(choice, event.detail)}
      ></paint-options>
      ${
        masked
          ? html`<button
              type="button"
              class="chip"
              title=${say("how.only-there")}
              aria-label=${say("how.unmask", { percent: percent(masked) })}
              data-testid="masked"
              ?disabled=${!document.strokes.some(isOfMask)}
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

  /** Only what was chosen now: another may be at the rest in the same moment. */
  #choose(before: PaintChoice, { size, seed, generator, style }: PaintChoice): void {
    this.#set({
      ...(size === before.size ? {} : { width: size.width, height: size.height }),
      ...(seed === before.seed ? {} : { seed }),
      ...(generator === before.generator ? {} : { generator }),
      ...(style === before.style ? {} : { style }),
    });
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
