import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Media } from "../live/protocol";
import { decodeThumbhash } from "../live/thumbhash";
import { base } from "../styles/base";

const WIDTHS = [256, 512, 1024] as const;

const first = Promise.withResolvers<void>();

/** Settles when the first picture of the page is here: all that can wait waits for it. */
export function firstPicture(): Promise<void> {
  return first.promise;
}

/** A finished picture in its true frame: the thumbhash first, then the picture cross-fades over it. Tells `error` where it does not come. */
export class PictureFrame extends LitElement {
  static override properties = {
    media: { attribute: false },
    alt: { type: String },
    sizes: { type: String },
    eager: { type: Boolean },
    loaded: { state: true },
  };
  declare media: Media | null;
  declare alt: string;
  declare sizes: string;
  declare eager: boolean;
  declare loaded: boolean;

  constructor() {
    super();
    this.media = null;
    this.alt = "";
    this.sizes = "100vw";
    this.eager = false;
    this.loaded = false;
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        overflow: hidden;
        background-color: var(--canvas);
        background-size: 100% 100%;
      }
      img {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        object-fit: cover;
        opacity: 0;
        transition: opacity var(--step) var(--ease);
      }
      img.loaded {
        opacity: 1;
      }
    `,
  ];

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("media") || !this.media) return;
    const before = changed.get("media") as Media | null | undefined;
    if (before?.sha256 === this.media.sha256) return;
    this.loaded = false;
    // What is in sight at first has its picture soon: it is painted before time is spent on what stands in for it.
    if (this.eager) requestAnimationFrame(() => setTimeout(() => this.#standIn()));
    else this.#standIn();
  }

  readonly #came = (): void => {
    this.loaded = true;
    first.resolve();
  };

  #standIn(): void {
    if (this.media && !this.loaded) this.style.backgroundImage = placeholderOf(this.media.thumbhash);
  }

  override render(): TemplateResult {
    const media = this.media;
    if (!media) return html`${nothing}`;
    return html`<img
      class=${this.loaded ? "loaded" : ""}
      alt=${this.alt}
      src=${pictureUrl(media.sha256, 512)}
      srcset=${WIDTHS.map((width) => `${pictureUrl(media.sha256, width)} ${Math.min(width, media.width)}w`).join(", ")}
      sizes=${this.sizes}
      loading=${this.eager ? "eager" : "lazy"}
      decoding="async"
      draggable="false"
      fetchpriority=${this.eager ? "high" : nothing}
      @load=${this.#came}
      @error=${() => this.dispatchEvent(new Event("error"))}
    />`;
  }
}

/** Pictures that the server does not have, with where they are: the gallery brings its own. */
export const elsewhere = new Map<string, string>();

export function pictureUrl(sha256: string, width: 256 | 512 | 1024): string {
  return elsewhere.get(sha256) ?? `/media/${encodeURIComponent(sha256)}/${width}.webp`;
}

const placeholders = new Map<string, string>();
const PLACEHOLDERS = 600;

function placeholderOf(thumbhash: string): string {
  const known = placeholders.get(thumbhash);
  if (known !== undefined) return known;
  if (placeholders.size >= PLACEHOLDERS) placeholders.clear();
  const decoded = decodeThumbhash(thumbhash);
  let url = "none";
  if (decoded) {
    const canvas = document.createElement("canvas");
    canvas.width = decoded.width;
    canvas.height = decoded.height;
    canvas.getContext("2d")?.putImageData(new ImageData(decoded.rgba, decoded.width, decoded.height), 0, 0);
    url = `url(${canvas.toDataURL()})`;
  }
  placeholders.set(thumbhash, url);
  return url;
}

customElements.define("picture-frame", PictureFrame);
