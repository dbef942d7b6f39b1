import { css, html, LitElement, type TemplateResult } from "lit";
import { faceOf } from "../live/fold-people";
import type { User } from "../live/protocol";
import { base } from "../styles/base";
import { pictureUrl } from "./picture-frame";
import { studio, Watch } from "./studio";

/** A crop of a person's own picture; a newcomer gets two dabs hashed from the handle. */
export class PersonAvatar extends LitElement {
  static override properties = { user: { attribute: false }, size: { type: Number } };
  declare user: User | null;
  declare size: number;

  constructor() {
    super();
    this.user = null;
    this.size = 22;
    new Watch(this, () => [faceOf(studio.live.state, this.user)]);
  }

  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
        flex: none;
      }
      img,
      svg {
        display: block;
        border-radius: 50%;
        object-fit: cover;
        background: var(--canvas);
      }
    `,
  ];

  override render(): TemplateResult {
    const size = this.size;
    const avatar = faceOf(studio.live.state, this.user);
    if (avatar) {
      return html`<img src=${pictureUrl(avatar, 256)} alt="" width=${size} height=${size} loading="lazy" />`;
    }
    const hash = hashOf(this.user?.handle ?? "");
    const hue = hash % 360;
    const other = (hue + 40 + ((hash >>> 9) % 140)) % 360;
    const lift = ((hash >>> 17) % 5) - 2;
    return html`<svg width=${size} height=${size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" fill="hsl(${(hue + 200) % 360} 22% 34%)" />
      <g transform="translate(6 0) skewX(-20)">
        <rect x="5.5" y=${11 - lift} width="7.5" height=${14 + lift} rx="2" fill="hsl(${hue} 72% 62%)" />
        <rect x="15.5" y=${7 + lift} width="7.5" height=${18 - lift} rx="2" fill="hsl(${other} 78% 72%)" />
      </g>
    </svg>`;
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

customElements.define("person-avatar", PersonAvatar);
