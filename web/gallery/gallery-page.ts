import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { studio } from "../components/studio";
import { base, buttons, floating } from "../styles/base";
import { furnish } from "./fixtures";
import { painting } from "./painting";
import { persons } from "./persons";
import { pieces } from "./pieces";
import { places } from "./places";
import { profiles } from "./profiles";
import { room } from "./room";
import { rooms } from "./rooms";
import { sheets } from "./sheets";
import type { Chapter, Specimen, State } from "./specimen";
import { stage } from "./stage";
import { stayHere } from "./stay";
import { talking } from "./talking";
import { wall } from "./wall";
import { widget } from "./widget";

/** A property that an element has for others, as Lit knows it. */
interface Property {
  readonly name: string;
  readonly type: string;
}

/**
 * The catalogue of the design system: every component in every state that it can be in, as the page itself uses it.
 * What it shows went through the page's own fold; nothing is asked of the server, and nothing sent.
 */
export class GalleryPage extends LitElement {
  static override properties = { motion: { state: true }, rtl: { state: true } };
  declare motion: boolean;
  declare rtl: boolean;

  constructor() {
    super();
    this.motion = true;
    this.rtl = false;
    stayHere();
    furnish();
    studio.shade.listen(() => this.requestUpdate());
    this.addEventListener("click", stayInside);
  }

  static override styles = [
    base,
    buttons,
    floating,
    css`
      :host {
        display: grid;
        grid-template-columns: 210px minmax(0, 1fr);
        max-inline-size: 1500px;
        margin-inline: auto;
        padding-inline: var(--gutter);
      }
      header {
        position: sticky;
        inset-block-start: 0;
        z-index: 30;
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        padding-block: 14px;
        background: var(--wall);
        box-shadow: 0 1px var(--line);
      }
      h1 {
        font-size: 27px;
        line-height: 30px;
        margin-inline-end: auto;
      }
      select {
        display: none;
        flex: 1 0 100%;
        block-size: 44px;
        padding-inline: 12px;
        font: inherit;
        color: var(--ink);
        background: var(--panel);
        border: 1px solid var(--edge);
        border-radius: 10px;
      }
      nav {
        position: sticky;
        inset-block-start: 72px;
        align-self: start;
        max-block-size: calc(100vh - 90px);
        overflow-y: auto;
        padding-block: 20px;
        padding-inline-end: 16px;
        font-size: 13px;
        line-height: 18px;
      }
      nav h2 {
        font-weight: 600;
        margin-block: 14px 4px;
      }
      nav a {
        display: block;
        padding-block: 4px;
        color: var(--ink2);
        border-radius: 3px;
      }
      nav a:hover {
        color: var(--ink);
      }
      main {
        min-inline-size: 0;
        padding-block-end: 120px;
      }
      .chapter {
        font-size: 30px;
        line-height: 36px;
        margin-block: 44px 0;
      }
      article {
        padding-block: 28px 8px;
        scroll-margin-block-start: 66px;
        /* Only what is near is laid out, unless somebody looks at all of it. */
        content-visibility: var(--far, auto);
        contain-intrinsic-block-size: auto 600px;
      }
      article > h2 {
        font-size: 17px;
        line-height: 22px;
        font-weight: 600;
      }
      .about {
        max-inline-size: 70ch;
        color: var(--ink2);
      }
      dl {
        display: grid;
        grid-template-columns: max-content max-content minmax(0, 1fr);
        gap: 2px 16px;
        margin-block: 8px 0;
        font-size: 13px;
        line-height: 18px;
        color: var(--ink2);
      }
      dl div {
        display: contents;
      }
      dt {
        font-weight: 600;
        color: var(--ink);
      }
      .type {
        color: var(--ink3);
      }
      .states {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(236px, 1fr));
        gap: 24px 22px;
        margin-block-start: 16px;
        align-items: start;
      }
      figure {
        min-inline-size: 0;
      }
      .wide {
        grid-column: 1 / -1;
      }
      figcaption {
        font-size: 12px;
        line-height: 16px;
        color: var(--ink3);
        margin-block-end: 8px;
      }
      /* What lies over the page lies over its stage here. */
      .floats .stage {
        position: relative;
        min-block-size: 210px;
        transform: none;
        contain: layout;
        border-radius: 3px;
        box-shadow: inset 0 0 0 1px var(--line);
        overflow: hidden;
      }
      .frame {
        display: block;
      }
      .bursting {
        position: relative;
        margin-block-end: 12px;
      }
      /* As far from the edge as in the page. */
      .floats search-page {
        padding-inline: 20px;
      }
      .floats .stage[style] {
        min-block-size: 0;
      }
      bottom-bar {
        display: block;
      }
      .all {
        position: absolute;
        inset: 0;
        background: var(--well);
      }
      /* Room for what opens above the line. */
      .naming {
        display: block;
        padding-block-start: 150px;
      }
      .widget {
        inline-size: 100%;
        block-size: 420px;
        border: 0;
        border-radius: 14px;
      }
      .wide .widget {
        inline-size: min(560px, 100%);
        block-size: 620px;
      }
      .phone,
      .panel {
        display: block;
        max-inline-size: 420px;
      }
      feed-wall {
        min-block-size: 0;
      }
      .frame {
        block-size: 180px;
        border-radius: 3px;
      }
      .blank {
        min-block-size: 220px;
      }
      .rail {
        display: block;
        block-size: 640px;
        inline-size: 64px;
      }
      .talk {
        display: flex;
        flex-direction: column;
        block-size: 320px;
        max-inline-size: 420px;
      }
      .swatch {
        display: block;
        block-size: 44px;
        border-radius: 3px;
        box-shadow: inset 0 0 0 1px var(--line);
      }
      .flag {
        display: inline-block;
        padding: 2px 10px;
        border-radius: 3px;
        color: #171917;
        font-weight: 600;
        font-size: 13px;
      }
      .dab {
        display: inline-block;
        inline-size: 14px;
        block-size: 7px;
        border-radius: 2px;
        transform: skewX(var(--lean));
        margin-inline-start: 8px;
      }
      .under {
        display: inline-block;
        padding: 10px;
        border-radius: 3px;
        background: linear-gradient(120deg, #f2b84b, #4fc3f0);
      }
      @media (max-width: 899px) {
        :host {
          display: block;
        }
        nav {
          display: none;
        }
        select {
          display: block;
        }
        article {
          scroll-margin-block-start: 180px;
        }
        #create-sheet .stage {
          min-block-size: 760px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    this.#states.clear();
    this.#made ??= [places(), profiles(), sheets(), persons(), rooms(), room(), widget()];
    const chapters = [pieces(), painting(), wall(), talking(), ...this.#made];
    const night = studio.theme === "night";
    return html`<header>
        <h1 class="title">Gallery</h1>
        ${this.#toggle("Night", night, () => studio.shade.toggle())}
        ${this.#toggle("Right to left", this.rtl, () => this.#turn())}
        ${this.#toggle("Less motion", !this.motion, () => this.#calm())}
        <a class="button plain small" href="/" target="_self">Back to the feed</a>
        <select aria-label="Components" @change=${this.#leap}>
          ${chapters.map(
            ({ name, specimens }) =>
              html`<optgroup label=${name}>
                ${specimens.map(
                  ({ tag }) => html`<option ?selected=${location.hash === `#${tag}`}>${tag}</option>`,
                )}
              </optgroup>`,
          )}
        </select>
      </header>
      <nav aria-label="Components">
        ${chapters.map(
          ({ name, specimens }) =>
            html`<h2>${name}</h2>
              ${specimens.map(({ tag }) => html`<a href=${`#${tag}`}>${tag}</a>`)}`,
        )}
      </nav>
      <main>
        ${chapters.map(
          ({ name, specimens }) =>
            html`<h2 class="title chapter">${name}</h2>
              ${specimens.map((specimen) => this.#specimen(specimen))}`,
        )}
      </main>`;
  }

  override firstUpdated(): void {
    show(this.renderRoot, location.hash);
    void stage(this.renderRoot, this.#states).then(() => {
      this.toggleAttribute("data-complete", true);
      show(this.renderRoot, location.hash);
    });
  }

  /** Made once: each desk is one, and what stands in another way than the page does is drawn once. */
  #made: readonly Chapter[] | null = null;
  readonly #states = new Map<string, State>();

  #toggle(label: string, on: boolean, act: () => void): TemplateResult {
    return html`<button class="chip" aria-pressed=${on ? "true" : "false"} @click=${act}>
      ${on ? "●" : "○"} ${label}
    </button>`;
  }

  #turn(): void {
    this.rtl = !this.rtl;
    document.documentElement.dir = this.rtl ? "rtl" : "ltr";
  }

  #calm(): void {
    this.motion = !this.motion;
    if (this.motion) delete document.documentElement.dataset["motion"];
    else document.documentElement.dataset["motion"] = "reduced";
  }

  /** Where there is no room for the index at the side. */
  readonly #leap = (event: Event): void => {
    const hash = `#${(event.target as HTMLSelectElement).value}`;
    history.replaceState(history.state, "", hash);
    show(this.renderRoot, hash);
  };

  #specimen({ tag, about, properties, states, floats }: Specimen): TemplateResult {
    const all = propertiesOf(tag);
    return html`<article id=${tag} aria-labelledby=${`${tag}-name`} data-testid="specimen">
      <h2 id=${`${tag}-name`}>${tag}</h2>
      <p class="about">${about}</p>
      ${
        all.length
          ? html`<dl>
              ${all.map(
                ({ name, type }) =>
                  html`<div>
                    <dt>${name}</dt>
                    <dd class="type">${type}</dd>
                    <dd data-property=${name}>${properties[name] ?? ""}</dd>
                  </div>`,
              )}
            </dl>`
          : nothing
      }
      <div class="states ${floats ? "floats" : ""}">${states.map((state) => this.#state(tag, state))}</div>
    </article>`;
  }

  #state(tag: string, state: State): TemplateResult {
    const { name, shown, wide, height, meanwhile } = state;
    const key = `${tag}: ${name}`;
    this.#states.set(key, state);
    return html`<figure class=${wide ? "wide" : ""} data-state=${key}>
      ${name ? html`<figcaption>${name}</figcaption>` : nothing}
      <div class="stage" style=${height ? `block-size: ${height}px` : nothing}>
        ${meanwhile ? nothing : shown}
      </div>
    </figure>`;
  }
}

/** Return the properties that others set, as the element itself declares them; of one for other sites, its attributes. */
function propertiesOf(tag: string): readonly Property[] {
  const element = customElements.get(tag) as
    (typeof LitElement & { observedAttributes: string[] }) | undefined;
  if (!element) return [];
  if (!element.elementProperties)
    return element.observedAttributes.map((name) => ({ name, type: "attribute" }));
  return [...element.elementProperties]
    .filter(([, declared]) => !declared.state)
    .map(([name, { type }]) => ({
      name: String(name),
      type: (type as { name?: string } | undefined)?.name ?? "object",
    }));
}

/** Links of specimens lead nowhere from here; those of the catalogue to their place in it. */
function stayInside(event: MouseEvent): void {
  const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
  if (!link || link.target) return;
  event.preventDefault();
  const root = link.getRootNode();
  const hash = link.getAttribute("href") ?? "";
  if (hash.startsWith("#") && root instanceof ShadowRoot) {
    history.replaceState(history.state, "", hash);
    show(root, hash);
  }
}

function show(root: ParentNode, hash: string): void {
  if (hash.length > 1) root.querySelector(`[id="${CSS.escape(hash.slice(1))}"]`)?.scrollIntoView();
}

customElements.define("gallery-page", GalleryPage);
