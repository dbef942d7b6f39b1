import { html, nothing, type TemplateResult } from "lit";
import { say } from "../words/words";
import { icon } from "./icons";
import { PICTURES } from "./picture-intake";

/** What a new picture begins from. */
interface Original {
  readonly picture: TemplateResult;
  /** The post it is, where it is one. */
  readonly post?: string;
  /** What its button says, and does. */
  readonly label: string;
  readonly letGo: () => void;
  /** What is said under it. */
  readonly words: unknown;
}

/** The picture that a new one begins from, with a way to let go of it. */
export function framed({ picture, post, label, letGo, words }: Original): TemplateResult {
  return html`<div class="picture" data-testid=${post ? "remix-of" : nothing} data-post=${post ?? nothing}>
    ${picture}
    <button type="button" class="round on-picture" aria-label=${label} @click=${letGo}>
      ${icon("close", 15)}
    </button>
    <p>${words}</p>
  </div>`;
}

/** A chip that asks for a picture of one's own. */
export function uploadChip(chosen: (event: Event) => void): TemplateResult {
  return html`<button type="button" class="chip" @click=${asked}>
      ${icon("picture", 16)} ${say("create.upload")}
    </button>
    <input type="file" accept=${PICTURES} hidden data-testid="file" @change=${chosen} />`;
}

/** The system's own field for files has no look that could be changed. */
function asked(event: Event): void {
  const field = (event.currentTarget as Element).nextElementSibling;
  if (field instanceof HTMLInputElement) field.click();
}
