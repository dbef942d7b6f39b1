import { css, html, LitElement, type TemplateResult } from "lit";
import type { Media } from "../live/protocol";
import { pathOfPost } from "../live/route";
import { base } from "../styles/base";
import { say } from "../words/words";
import "./picture-frame";

/** The picture that a remix was made from, as a stamp in its corner that leads there. */
export class ParentStamp extends LitElement {
  static override properties = { post: { type: String }, media: { attribute: false } };
  /** The parent's id. */
  declare post: string;
  declare media: Media | null;

  static override styles = [
    base,
    css`
      :host {
        display: block;
        inline-size: 40px;
      }
      a {
        display: block;
        position: relative;
        block-size: 40px;
        border: 2px solid #fff;
        border-radius: 3px;
        box-shadow: 0 1px 5px rgb(0 0 0 / 0.4);
      }
      picture-frame {
        block-size: 100%;
        border-radius: 1px;
      }
      @media (pointer: coarse) {
        a::after {
          content: "";
          position: absolute;
          inset: -6px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const said = say("picture.parent");
    return html`<a href=${pathOfPost(this.post)} aria-label=${said} title=${said} data-testid="parent-stamp"
      ><picture-frame .media=${this.media} .alt=${""} sizes="40px"></picture-frame
    ></a>`;
  }
}

customElements.define("parent-stamp", ParentStamp);
