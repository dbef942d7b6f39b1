import { css, html, nothing, type TemplateResult } from "lit";
import { elementCode, frameCode } from "../embed/code";
import { USUAL } from "../embed/look";
import { pathOfPerson, pathOfPost } from "../live/route";
import { altOf, titleOf } from "../live/words";
import { say, woven } from "../words/words";
import { Aloud } from "./aloud";
import { icon } from "./icons";
import { ModalSheet } from "./modal-sheet";
import "./picture-frame";
import type { Shared } from "./share";
import { studio } from "./studio";

const EMBED_PX = 640;
const COPIED_MS = 2_000;

/** Everything that can be done with an address: the system's own sheet, copying it, the code that shows it elsewhere. */
export class ShareSheet extends ModalSheet {
  static override properties = {
    shared: { attribute: false },
    copied: { state: true },
    plain: { state: true },
  };
  declare shared: Shared | null;
  /** What was copied last: "link", "code" or "". */
  declare copied: string;
  /** The code without a script. */
  declare plain: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.shared = null;
    this.copied = "";
    this.plain = false;
    new Aloud(this, () => (this.copied ? say("copied") : ""));
  }

  static open(shared: Shared): void {
    const sheet = document.createElement("share-sheet") as ShareSheet;
    sheet.shared = shared;
    sheet.show();
  }

  static override styles = [
    ...ModalSheet.styles,
    css`
      .of {
        display: flex;
        align-items: center;
        gap: 14px;
        margin-block-end: 18px;
        min-inline-size: 0;
      }
      .of picture-frame {
        flex: none;
        inline-size: 64px;
        block-size: 64px;
        border-radius: 3px;
      }
      .of .title {
        font-size: 17px;
        line-height: 22px;
        display: -webkit-box;
        -webkit-line-clamp: 2;
        -webkit-box-orient: vertical;
        overflow: hidden;
      }
      .line {
        display: flex;
        gap: 8px;
      }
      .line input {
        flex: 1;
        min-inline-size: 0;
        block-size: 44px;
        padding-inline: 18px;
        border-radius: 22px;
        background: var(--chip);
        text-overflow: ellipsis;
        font-size: 14px;
      }
      .line input:focus-visible,
      textarea:focus-visible {
        outline-offset: 1px;
        box-shadow: none;
      }
      .line .button {
        min-inline-size: 104px;
        min-block-size: 44px;
      }
      .wide {
        inline-size: 100%;
        min-block-size: 44px;
        margin-block-start: 10px;
      }
      details {
        margin-block-start: 18px;
        border-block-start: 1px solid var(--line);
        padding-block-start: 6px;
      }
      summary {
        display: flex;
        align-items: center;
        justify-content: space-between;
        min-block-size: 44px;
        font-weight: 600;
        border-radius: 8px;
        cursor: pointer;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      details[open] summary svg {
        transform: rotate(180deg);
      }
      details p {
        color: var(--ink2);
        font-size: 13px;
        line-height: 18px;
        margin-block-end: 10px;
      }
      textarea {
        inline-size: 100%;
        min-block-size: 132px;
        max-block-size: 220px;
        field-sizing: content;
        padding: 14px 16px;
        border-radius: 14px;
        background: var(--chip);
        resize: none;
        font:
          12px/18px ui-monospace,
          monospace;
        direction: ltr;
      }
      .under {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 14px;
        margin-block-start: 10px;
      }
      .under label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-block-size: 36px;
        flex: 1;
        font-size: 13px;
        color: var(--ink2);
      }
      .under .button {
        min-inline-size: 116px;
      }
    `,
  ];

  override heading(): string {
    return say("share");
  }

  override body(): TemplateResult {
    const shared = this.shared;
    if (!shared) return html`${nothing}`;
    const url = addressOf(shared);
    return html`${shared.kind === "post" ? this.#picture(shared) : nothing}
      <div class="line">
        <input readonly .value=${url} aria-label=${say("share.link")} @focus=${selected} />
        <button class="button full" data-testid="copy-link" @click=${() => void this.#copy("link", url)}>
          ${this.#said("link", say("share.copy-link"))}
        </button>
      </div>
      ${
        "share" in navigator
          ? html`<button
              class="button outlined wide"
              data-testid="web-share"
              @click=${() => void this.#share(url)}
            >
              ${icon("share")} ${say("share.with-app")}
            </button>`
          : nothing
      }
      ${this.#embed(shared)}`;
  }

  #picture({ post }: Extract<Shared, { kind: "post" }>): TemplateResult {
    return html`<div class="of">
      <picture-frame .media=${post.media} .alt=${altOf(post)} eager sizes="64px"></picture-frame>
      <p class="title" dir="auto">${titleOf(post)}</p>
    </div>`;
  }

  /** A page elsewhere shows a feed: of whoever painted it. */
  #embed(shared: Shared): TemplateResult {
    const user = shared.kind === "post" ? shared.post.author : shared.user;
    const choice = {
      origin: location.origin,
      feed: `user:${user.id}`,
      name: user.handle,
      page: pathOfPerson(user.handle),
      look: USUAL,
      height: EMBED_PX,
    };
    const code = this.plain ? frameCode(choice) : elementCode(choice);
    return html`<details data-testid="embed">
      <summary>${say("share.own-page")} ${icon("down")}</summary>
      <p>${woven("share.embed", { handle: html`<bdi>${user.handle}</bdi>` })}</p>
      <textarea
        readonly
        spellcheck="false"
        aria-label=${say("share.code")}
        data-testid="embed-code"
        .value=${code}
        @focus=${selected}
      ></textarea>
      <div class="under">
        <label
          ><input
            type="checkbox"
            .checked=${this.plain}
            @change=${(event: Event) => (this.plain = (event.target as HTMLInputElement).checked)}
          />
          ${say("share.plain")}</label
        >
        <a class="button plain small" href="/embed" target="_blank">${say("share.looks")}</a>
        <button class="button outlined" @click=${() => void this.#copy("code", code)}>
          ${this.#said("code", say("share.copy-code"))}
        </button>
      </div>
    </details>`;
  }

  #said(what: string, label: string): TemplateResult {
    return this.copied === what ? html`${icon("check", 16)} ${say("copied")}` : html`${label}`;
  }

  async #copy(what: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not at an unsafe address: what is to be copied is selected, for the hand to do it.
      const field = what === "link" ? "input" : "textarea";
      this.renderRoot.querySelector<HTMLInputElement>(field)?.select();
      return;
    }
    this.copied = what;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.copied = ""), COPIED_MS);
  }

  async #share(url: string): Promise<void> {
    const title = this.shared?.kind === "post" ? titleOf(this.shared.post) : (this.shared?.user.handle ?? "");
    try {
      await navigator.share({ title, url });
      this.close();
    } catch (error) {
      // A sheet that is put away is no failure.
      if ((error as DOMException).name !== "AbortError")
        studio.live.notices.say({ text: say("share.refused"), tone: "bad" });
    }
  }
}

function addressOf(shared: Shared): string {
  const path = shared.kind === "post" ? pathOfPost(shared.post.id) : pathOfPerson(shared.user.handle);
  return new URL(path, location.origin).href;
}

function selected(event: Event): void {
  (event.target as HTMLInputElement).select();
}

customElements.define("share-sheet", ShareSheet);
