import { html, LitElement, nothing, type TemplateResult } from "lit";
import { pigmentOf } from "../live/fold-room";
import { flagColour, pigmentColour } from "../live/pigments";
import type { Caret, RoomDocument } from "../live/room-document";
import { changeBetween, placeAfter, type DeltaStep } from "../live/text-change";
import { base } from "../styles/base";
import { roomPrompt } from "../styles/room-prompt";
import { say } from "../words/words";
import { Aloud } from "./aloud";
import { WatchRoom, type RoomDesk } from "./room-desk";
import { studio } from "./studio";

/** A caret's flag stands so long after it was moved: it lies over words, or between their lines. */
const FLAG_MS = 1_500;

/**
 * The words that everybody writes together: a plain text field, over a mirror of it that tells where the others' carets
 * are. What is written here becomes one change of the shared text; while a word is being composed the field is left alone.
 */
export class RoomPrompt extends LitElement {
  static override properties = { desk: { attribute: false } };
  declare desk: RoomDesk;
  #document: RoomDocument | null = null;
  /** What the field showed when it last agreed with the document. */
  #agreed = "";
  #composing = false;
  /** What others did while a word was being composed. */
  #meanwhile: (readonly DeltaStep[])[] = [];
  readonly #moved = new Map<string, { at: number; place: string }>();
  #resize: ResizeObserver | undefined;
  #fade: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new WatchRoom(this, (desk) => [
      desk.document,
      desk.mayEdit,
      desk.document?.text,
      desk.document?.status,
      desk.document?.unsaved,
      desk.session.state.roster,
      JSON.stringify(desk.document?.carets ?? []),
      studio.live.limits,
    ]);
    // That it is saved as it is written goes without saying.
    new Aloud(this, () => (this.desk.document?.status === "synced" ? "" : this.#state(this.desk.document)), {
      standing: true,
    });
  }

  static override styles = [base, roomPrompt];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize = new ResizeObserver(() => this.#placeCarets());
    void this.updateComplete.then(() => {
      const paper = this.renderRoot.querySelector(".field");
      if (paper) this.#resize?.observe(paper);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
    clearTimeout(this.#fade);
    this.#document?.placeCaret(null);
  }

  override render(): TemplateResult {
    const { document, mayEdit, reason } = this.desk;
    const text = document?.text ?? "";
    const state = this.#state(document);
    return html`<section aria-label=${say("prompt.title")}>
      <div class="head">
        <h2>${say("prompt.title")}</h2>
        <span class="state ${document?.status ?? ""}" data-testid="document-state">${state}</span>
      </div>
      <div class="paper">
        <div class="field">
          <div class="mirror" aria-hidden="true" dir="auto">${text}${"\u200b"}</div>
          <div class="carets" aria-hidden="true"></div>
          <textarea
            data-testid="room-prompt"
            aria-label=${say("prompt.field")}
            dir="auto"
            spellcheck="false"
            maxlength=${studio.live.limits.prompt}
            placeholder=${document?.begun ? say("create.repaint") : nothing}
            ?disabled=${!mayEdit}
            title=${mayEdit ? "" : reason}
            @input=${this.#written}
            @keydown=${this.#key}
            @compositionstart=${() => (this.#composing = true)}
            @compositionend=${this.#composed}
            @selectionchange=${this.#chosen}
            @select=${this.#chosen}
            @keyup=${this.#chosen}
            @pointerup=${this.#chosen}
            @focus=${this.#chosen}
            @blur=${() => document?.placeCaret(null)}
          ></textarea>
        </div>
      </div>
    </section>`;
  }

  override updated(): void {
    const { document } = this.desk;
    if (document !== this.#document) this.#attach(document);
    this.#placeCarets();
  }

  #state(document: RoomDocument | null): string {
    switch (document?.status) {
      case "synced":
        return say(
          document.unsaved ? "prompt.saving" : this.desk.mayEdit ? "prompt.saved" : "prompt.looking",
        );
      case "away":
        if (document.unsaved) return say("prompt.not-sent");
        if (!document.begun) return "";
        return say(navigator.onLine ? "prompt.catching-up" : "live.offline");
      case "closed":
        return say("prompt.closed");
      default:
        return "";
    }
  }

  #attach(document: RoomDocument | null): void {
    this.#document = document;
    this.#meanwhile = [];
    this.#show(document?.text ?? "", null);
    if (document) document.rewritten = (delta) => this.#rewritten(delta);
  }

  get #field(): HTMLTextAreaElement {
    return this.renderRoot.querySelector("textarea")!;
  }

  #show(text: string, selection: readonly [number, number] | null): void {
    this.#agreed = text;
    const field = this.#field;
    if (field.value !== text) field.value = text;
    // Setting a selection takes the focus in some browsers: only where it is already.
    if (selection && this.shadowRoot?.activeElement === field) field.setSelectionRange(...selection);
  }

  /** Others have changed the words: the caret here stays at its letters. */
  #rewritten(delta: readonly DeltaStep[]): void {
    if (this.#composing) {
      this.#meanwhile.push(delta);
      return;
    }
    const { selectionStart, selectionEnd } = this.#field;
    this.#show(this.#document?.text ?? "", [
      placeAfter(selectionStart, delta),
      placeAfter(selectionEnd, delta),
    ]);
  }

  readonly #written = (): void => {
    if (this.#composing) return;
    const field = this.#field;
    const change = changeBetween(this.#agreed, field.value, field.selectionStart);
    this.#agreed = field.value;
    if (change) this.#document?.write(change);
    this.#chosen();
  };

  /** A word is whole: put it where its place is now, whatever others have written meanwhile. */
  readonly #composed = (): void => {
    this.#composing = false;
    const field = this.#field;
    const change = changeBetween(this.#agreed, field.value, field.selectionStart);
    const now = (place: number): number =>
      this.#meanwhile.reduce((at, delta) => placeAfter(at, delta, false), place);
    const index = now(change?.index ?? field.selectionStart);
    if (change) {
      const end = Math.max(index, now(change.index + change.remove));
      this.#document?.write({ index, remove: end - index, insert: change.insert });
    }
    this.#meanwhile = [];
    const caret = index + (change?.insert.length ?? 0);
    this.#show(this.#document?.text ?? "", [caret, caret]);
    this.#chosen();
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    if (command && (letter === "z" || letter === "y")) {
      event.preventDefault();
      event.stopPropagation();
      this.#document?.undoWriting(letter === "y" || event.shiftKey);
    } else if (event.key === "Enter") {
      // It is one line, however long; with Ctrl it is painted.
      event.preventDefault();
      if (command) this.dispatchEvent(new CustomEvent("paint-it", { bubbles: true, composed: true }));
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.#field.blur();
    }
  };

  readonly #chosen = (): void => {
    const field = this.#field;
    if (this.#composing || this.shadowRoot?.activeElement !== field) return;
    const { selectionStart, selectionEnd, selectionDirection } = field;
    const back = selectionDirection === "backward";
    this.#document?.placeCaret({
      anchor: back ? selectionEnd : selectionStart,
      head: back ? selectionStart : selectionEnd,
    });
  };

  /** Put the others' carets where their letters stand in the mirror. */
  #placeCarets(): void {
    const layer = this.renderRoot.querySelector<HTMLElement>(".carets");
    const mirror = this.renderRoot.querySelector<HTMLElement>(".mirror");
    const text = [...(mirror?.childNodes ?? [])].find(
      (node): node is Text => node instanceof Text && node.length > 0,
    );
    if (!layer || !mirror || !text) return;
    const box = mirror.getBoundingClientRect();
    const now = performance.now();
    layer.replaceChildren(
      ...(this.#document?.carets ?? []).flatMap((caret) => this.#marks(caret, mirror, box, now)),
    );
    this.#fadeFlags();
  }

  /** Flags go when their carets have been still for a while. */
  #fadeFlags(): void {
    const now = performance.now();
    let next = Infinity;
    for (const bar of this.renderRoot.querySelectorAll<HTMLElement>(".caret")) {
      const left = (this.#moved.get(bar.dataset["user"] ?? "")?.at ?? 0) + FLAG_MS - now;
      bar.classList.toggle("still", left <= 0);
      if (left > 0) next = Math.min(next, left);
    }
    clearTimeout(this.#fade);
    if (next < Infinity) this.#fade = setTimeout(() => this.#fadeFlags(), next);
  }

  #marks(caret: Caret, mirror: HTMLElement, box: DOMRect, now: number): HTMLElement[] {
    const { user, place } = caret;
    if (this.#moved.get(user)?.place !== place) this.#moved.set(user, { at: now, place });
    const pigment = pigmentOf(this.desk.session.state, caret.user);
    const colour = pigmentColour(pigment, studio.theme);
    const mark = (name: string, rect: DOMRect): HTMLElement => {
      const element = document.createElement("div");
      element.className = name;
      element.style.cssText = `left:${rect.left - box.left}px;top:${rect.top - box.top}px;block-size:${rect.height}px`;
      element.style.setProperty("--pigment", colour);
      return element;
    };
    const at = rangeOf(mirror, caret.head, caret.head).getClientRects();
    const rect = at[at.length - 1];
    if (!rect) return [];
    const chosen = [...rangeOf(mirror, caret.anchor, caret.head).getClientRects()].filter(
      ({ width }) => width > 0,
    );
    const marks =
      caret.anchor === caret.head
        ? []
        : chosen.map((one) => {
            const element = mark("chosen", one);
            element.style.inlineSize = `${one.width}px`;
            return element;
          });
    const bar = mark("caret", rect);
    const flag = document.createElement("span");
    flag.textContent = caret.handle;
    bar.append(flag);
    bar.style.setProperty("--flag", flagColour(pigment));
    bar.classList.toggle("inward", rect.left - box.left > box.width / 2);
    bar.dataset["user"] = caret.user;
    return [...marks, bar];
  }
}

/** The letters from one place to another, whichever comes first, across the text nodes of an element. */
function rangeOf(element: HTMLElement, one: number, other: number): Range {
  const range = document.createRange();
  const texts = [...element.childNodes].filter((node): node is Text => node instanceof Text);
  const set = (place: number, edge: "setStart" | "setEnd"): void => {
    let left = place;
    for (const text of texts) {
      if (left <= text.length && text.length) return range[edge](text, left);
      left -= text.length;
    }
    range.selectNodeContents(element);
  };
  set(Math.min(one, other), "setStart");
  set(Math.max(one, other), "setEnd");
  return range;
}

customElements.define("room-prompt", RoomPrompt);
