import { LitElement, render } from "lit";
import type { State } from "./specimen";
import { remembered } from "./stay";

/** So often in a row nothing may be left to be drawn. */
const STILL = 3;

/**
 * Draw the states that ask for more than a template: one after the other, each until it rests. Meanwhile nothing takes
 * the focus, and what lies over the page otherwise lies flat in its stage.
 */
export async function stage(root: ParentNode, states: ReadonlyMap<string, State>): Promise<void> {
  const upright = layFlat();
  try {
    for (const figure of root.querySelectorAll<HTMLElement>("figure")) {
      const state = states.get(figure.dataset["state"] ?? "");
      if (state?.act || state?.meanwhile) await play(figure.querySelector<HTMLElement>(".stage")!, state);
    }
    await rest(root);
  } finally {
    upright();
  }
}

async function play(place: HTMLElement, { shown, act, meanwhile }: State): Promise<void> {
  const undo = meanwhile && remembered();
  const undoMore = meanwhile?.();
  if (undo) render(shown, place);
  await rest(place);
  const first = place.firstElementChild;
  if (act && first instanceof HTMLElement) {
    await act(first);
    await rest(place);
  }
  if (!undo) return;
  for (const element of elementsIn(place)) if (element instanceof LitElement) keep(element);
  undoMore?.();
  undo();
}

/** What is drawn stays as it is. */
function keep(element: LitElement): void {
  element.requestUpdate = () => undefined;
}

/** Settles when nothing in there is left to be drawn, answers that were on their way among it. */
async function rest(root: ParentNode): Promise<void> {
  for (let still = 0; still < STILL; still++) {
    const pending = [...elementsIn(root)].filter(
      (element): element is LitElement => element instanceof LitElement && element.isUpdatePending,
    );
    if (pending.length) still = -1;
    await Promise.all(pending.map((element) => element.updateComplete));
    await turn();
  }
}

/** The next turn of the event loop; no timer, which a test's clock would hold up. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

function* elementsIn(root: ParentNode): Generator<Element> {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* elementsIn(element.shadowRoot);
  }
}

/** Sheets and popovers are shown where they stand, not in the top layer, and nothing takes the focus. Return the end of it. */
function layFlat(): () => void {
  const { focus, showPopover } = HTMLElement.prototype;
  const { showModal, close } = HTMLDialogElement.prototype;
  HTMLElement.prototype.focus = () => undefined;
  HTMLElement.prototype.showPopover = function (this: HTMLElement) {
    flat(this);
    this.removeAttribute("popover");
  };
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    flat(this);
    this.open = true;
    // A sheet of the catalogue stays.
    this.close = () => undefined;
  };
  return () => {
    Object.assign(HTMLElement.prototype, { focus, showPopover });
    Object.assign(HTMLDialogElement.prototype, { showModal, close });
  };
}

function flat(element: HTMLElement): void {
  element.style.position = "static";
  element.style.marginInline = "auto";
}

/** Lay open what a button of the component opens over the page. For `act`. */
export function opened(selector: string): (shown: HTMLElement) => void {
  return (shown) => {
    const popover = shown.shadowRoot?.querySelector<HTMLElement>(selector);
    if (!popover) return;
    popover.showPopover();
    popover.dispatchEvent(new ToggleEvent("toggle", { oldState: "closed", newState: "open" }));
  };
}

/** Press something in it. For `act`. */
export function pressed(selector: string): (shown: HTMLElement) => void {
  return (shown) => shown.shadowRoot?.querySelector<HTMLElement>(selector)?.click();
}

/** Write into its field, as a hand would. For `act`. */
export function written(text: string): (shown: HTMLElement) => void {
  return (shown) => {
    const field = shown.shadowRoot?.querySelector<HTMLInputElement | HTMLTextAreaElement>("textarea, input");
    if (!field) return;
    field.value = text;
    field.setSelectionRange(text.length, text.length);
    field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
  };
}
