import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import { deepFocus } from "../components/field";
import type { CreateSheet } from "../components/create-sheet";
import type { PromptDock } from "../components/prompt-dock";
import { SheetWords } from "../components/sheet-words";
import { studio } from "../components/studio";
import type { Generation, Post } from "../live/protocol";

type Act = CreateSheet["act"];

/** What the sheet opens with. */
interface Opening {
  readonly act: Act;
  /** The picture that is to be remixed. */
  readonly parent: Post | null;
  /** A picture that was dropped or pasted. */
  readonly file: File | null;
  /** The picture that did not come to be and is asked for in other words. */
  readonly wish: Generation | null;
}

export interface SheetHost extends ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
}

/** The sheet where pictures begin, over the page: what opens it and with what, and its words while it is away. */
export class Sheet {
  readonly #host: SheetHost;
  /** The tag of the wall that is open, which a new picture begins with. */
  readonly #tag: () => string | null;
  readonly #uploaded: (post: Post) => void;
  readonly #asked: (generation: string) => void;
  readonly #words = new SheetWords();
  #opening: Opening | null = null;
  /** What was asked for last, which may be before the sheet is there. */
  #act: Act = "";
  #focused: HTMLElement | null = null;

  constructor(
    host: SheetHost,
    tag: () => string | null,
    uploaded: (post: Post) => void,
    asked: (generation: string) => void,
  ) {
    this.#host = host;
    this.#tag = tag;
    this.#uploaded = uploaded;
    this.#asked = asked;
  }

  /** What was written and put away unfinished. */
  get draft(): string {
    return this.#opening ? "" : this.#words.draft;
  }

  get isOpen(): boolean {
    return this.#opening !== null;
  }

  close(): void {
    this.#become(null);
  }

  readonly paint = (event: CustomEvent<Act | null>): void => {
    this.open(event.detail ?? "");
  };

  /** Back to the sheet with the words of a picture that did not come to be, and with what it was to be a remix of. */
  readonly changeWords = (event: CustomEvent<Generation>): void => {
    const wish = event.detail;
    this.#words.text = wish.prompt;
    this.close();
    void Promise.all([original(wish.parent), this.#host.updateComplete]).then(([post]) =>
      this.open("", post, null, wish),
    );
  };

  /** Repaint a picture: in its own words, unless others were written already. */
  readonly remix = (event: CustomEvent<Post>): void => {
    const parent = event.detail;
    this.#words.borrow(parent.prompt?.trim() ?? "");
    this.open("", parent);
  };

  open(
    act: Act = "",
    parent: Post | null = null,
    file: File | null = null,
    wish: Generation | null = null,
  ): void {
    this.#act = act;
    this.#focused = deepFocus();
    if (!parent && act !== "upload" && !file) this.#words.begin(this.#tag());
    const show = (): void => {
      if (this.#opening) {
        if (file) this.#become({ ...this.#opening, file });
        return;
      }
      this.#words.carry(this.#host.renderRoot.querySelector<PromptDock>("prompt-dock")?.take() ?? "");
      this.#become({ act: this.#act, parent, file, wish });
    };
    // At once where it can be: a phone gives the keyboard only to who asks within the tap.
    if (customElements.get("create-sheet")) show();
    else void import("../components/create-sheet").then(show);
  }

  render(): TemplateResult | typeof nothing {
    if (!this.#opening) return nothing;
    return html`<create-sheet
      .words=${this.#words.text}
      .caret=${this.#words.caret}
      ?selected=${this.#words.selected}
      act=${this.#opening.act}
      .parent=${this.#opening.parent}
      .file=${this.#opening.file}
      .wish=${this.#opening.wish}
      @dismiss=${this.#dismissed}
      @sent=${this.#sent}
      @uploaded=${(event: CustomEvent<Post>) => this.#uploaded(event.detail)}
      @asked=${(event: CustomEvent<string>) => this.#asked(event.detail)}
      @change-words=${this.changeWords}
      @pointerdown=${this.#outside}
    ></create-sheet>`;
  }

  readonly #dismissed = (event: CustomEvent<string>): void => {
    this.#put(event.detail);
    const focused = this.#focused;
    void this.#host.updateComplete.then(() => {
      focused?.focus({ preventScroll: true });
      if (!deepFocus()) focusPage(this.#host.renderRoot);
    });
  };

  readonly #outside = (event: PointerEvent): void => {
    const sheet = event.currentTarget as HTMLElement & { words: string };
    if (event.composedPath()[0] === sheet) this.#put(sheet.words);
  };

  /** Words that were on their way when the sheet was put away have arrived: they are not to be sent again. */
  readonly #sent = (event: CustomEvent<string>): void => {
    if (!this.#opening && this.#words.text === event.detail) this.#words.text = "";
  };

  /** Put the sheet away and keep what was written. */
  #put(words: string): void {
    this.#words.keep(words);
    this.close();
  }

  #become(opening: Opening | null): void {
    if (opening === this.#opening) return;
    this.#opening = opening;
    this.#host.requestUpdate();
  }
}

/** Nothing had the focus, or it is gone: the keyboard goes on in the page that is shown, not in the bar above it. */
function focusPage(root: ParentNode): void {
  const page = root.querySelector("main");
  if (!page) return;
  page.tabIndex = -1;
  page.addEventListener("blur", () => page.removeAttribute("tabindex"), { once: true });
  page.focus({ preventScroll: true });
}

async function original(id: string | null | undefined): Promise<Post | null> {
  if (!id) return null;
  try {
    return studio.live.state.posts.get(id) ?? (await studio.live.api.post(id)).post;
  } catch {
    return null; // it is gone, or out of reach: the words are still here
  }
}
