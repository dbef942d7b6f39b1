import { css, html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import { paletteFor } from "../live/palette";
import type { LineageNode } from "../live/protocol";
import { pathOfPost } from "../live/route";
import type { Job } from "../live/state";
import { layOut, neighbour, type Spot, type TreeLayout } from "../live/tree-layout";
import { jobWords } from "../live/job-words";
import { capped, count, titleOf } from "../live/words";
import { base } from "../styles/base";
import { COLUMN, COLUMN_NARROW, lineageTree, OPEN, RING, ROW, THUMB } from "../styles/lineage-tree";
import { joined } from "../words/figures";
import { isolated, midSentence, say } from "../words/words";
import "./dab-row";
import { labelOf, leavesOf, parentOf, type Leaf } from "./lineage-leaves";
import { widthOf } from "./measure";
import "./picture-frame";
import { studio, Watch } from "./studio";
import { treeItem } from "./tree-item";

/** The width of a curve, px. */
const BEND = 50;
/** Of one that is being painted: its steps, roughly. */
const DABS = 10;

/** The tree of remixes around the open picture: generations left to right, the way to the open one drawn strong. */
export class LineageTree extends LitElement {
  static override properties = { post: { type: String }, narrow: { type: Boolean }, at: { state: true } };
  declare post: string;
  declare narrow: boolean;
  /** Which of the tree the keyboard is on, "" for the open picture. */
  declare at: string;
  #layout: TreeLayout = layOut([], "");
  /** What stands beside each. */
  #labels: ReadonlyMap<string, string> = new Map();
  #shown = "";

  constructor() {
    super();
    this.post = "";
    this.narrow = false;
    this.at = "";
    new Watch(this, () => [studio.live.state.lineage, studio.live.state.generations]);
  }

  static override styles = [
    base,
    lineageTree,
    css`
      .scroll {
        max-block-size: ${3 * ROW + 26}px;
      }
    `,
  ];

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("post")) this.at = "";
  }

  override updated(): void {
    const open = this.renderRoot.querySelector<HTMLElement>(".open");
    const { lineage } = studio.live.state;
    const shown = `${this.post} ${lineage?.of === this.post && lineage.loaded}`;
    if (!open || shown === this.#shown) return;
    this.#shown = shown;
    this.#bring(open, true);
  }

  override render(): TemplateResult {
    const { lineage, posts } = studio.live.state;
    if (!lineage?.nodes.has(this.post)) return html`<div class="head"><h2>${say("lineage.title")}</h2></div>`;
    const leaves = leavesOf(lineage, studio.live.state);
    const twigs = [...leaves].map(([id, leaf]) => ({ id, parent: parentOf(leaf) }));
    this.#layout = layOut(twigs, this.post);
    this.#labels = this.narrow ? new Map() : new Map([...leaves].map(([id, leaf]) => [id, labelOf(leaf)]));
    const { columns, rows, spots } = this.#layout;
    const pitch = this.narrow ? COLUMN_NARROW : COLUMN;
    const ancestors = spots.filter(({ road }) => road).length - 1;
    const remixes = posts.get(this.post)?.remixes ?? lineage.nodes.get(this.post)?.remixes ?? 0;
    const size = `inline-size:${columns * pitch}px;block-size:${rows * ROW}px`;
    return html`<div class="head">
        <h2>${say("lineage.title")}</h2>
        <span>${aroundWords(ancestors, remixes)}</span>
        <span class="keys" aria-hidden="true">${say("lineage.keys")}</span>
      </div>
      <div class="scroll">
        <div
          class="tree"
          role="tree"
          aria-label=${say("lineage.title")}
          aria-orientation="horizontal"
          data-testid="lineage"
          style=${size}
          @keydown=${this.#key}
        >
          <svg class="lines" aria-hidden="true" style=${size}>
            ${spots.map((spot) => this.#line(spot, pitch))}
          </svg>
          ${spots.map((spot) => this.#leaf(spot, leaves.get(spot.id)!, pitch))}
        </div>
      </div>`;
  }

  #line(spot: Spot, pitch: number): TemplateResult | typeof nothing {
    const parent = this.#layout.spots.find(({ id }) => id === spot.parent);
    if (!parent) return nothing;
    const ring = (OPEN - THUMB) / 2 + RING;
    const label = this.#labels.get(parent.id) ?? "";
    const beside = label ? Math.min(widthOf(label) + 16, labelRoom(pitch)) : 0;
    const after = parent.id === this.post ? ring : beside;
    const [x, y] = [parent.column * pitch + THUMB + after, (parent.row + 0.5) * ROW];
    const [toX, toY] = [spot.column * pitch - (spot.id === this.post ? ring : 0), (spot.row + 0.5) * ROW];
    const bend = spot.column * pitch - BEND;
    const way =
      y === toY ? `H${toX}` : `H${bend}C${bend + BEND / 2},${y} ${bend + BEND / 2},${toY} ${toX},${toY}`;
    return svg`<path class=${spot.road && parent.road ? "road" : ""} d="M${x},${y}${way}" />`;
  }

  #leaf(spot: Spot, leaf: Leaf, pitch: number): TemplateResult {
    switch (leaf.kind) {
      case "node":
        return leaf.node.deleted ? this.#gone(spot, pitch) : this.#picture(spot, leaf.node, pitch);
      case "job":
        return this.#job(spot, leaf.job, pitch);
      case "more":
        return this.#more(spot, leaf, pitch);
    }
  }

  #picture(spot: Spot, node: LineageNode, pitch: number): TemplateResult {
    const open = node.id === this.post;
    const title = capped(titleOf({ caption: node.caption ?? "", prompt: node.prompt ?? null }));
    const handle = node.author?.handle ?? "";
    const label = node.remixes
      ? say("lineage.picture-remixed", { title, handle, count: node.remixes })
      : say("lineage.picture", { title, handle });
    return html`<a
      class="node ${open ? "open" : ""}"
      href=${pathOfPost(node.id)}
      aria-current=${open ? "page" : nothing}
      data-node=${node.id}
      ${this.#item(spot, pitch, label, title)}
      @click=${(event: MouseEvent) => this.#walk(event, node.id)}
    >
      <span class="frame"><picture-frame .media=${node.media} .alt=${""} sizes="60px"></picture-frame></span>
      ${open ? nothing : html`${this.#who(node.id, pitch)}`}
    </a>`;
  }

  #gone(spot: Spot, pitch: number): TemplateResult {
    return html`<span
      class="node gone"
      data-node=${spot.id}
      ${this.#item(spot, pitch, say("lineage.deleted"), say("lineage.deleted"), true)}
    >
      <span class="frame canvas"><small aria-hidden="true">${say("lineage.gone")}</small></span>
    </span>`;
  }

  #job(spot: Spot, job: Job, pitch: number): TemplateResult {
    const { author } = job.generation;
    const words = jobWords(job, author.id === studio.live.me?.id);
    const [handle, state] = [author.handle, midSentence(words.strong)];
    const title = capped(job.generation.prompt);
    return html`<span
      class="node running"
      data-job=${spot.id}
      ${this.#item(spot, pitch, say("lineage.painting", { title, handle, state }), title, true)}
    >
      <span class="frame canvas"></span>
      <span class="who" aria-hidden="true">
        <dab-row
          decoration
          .steps=${DABS}
          .done=${Math.floor((job.step / Math.max(1, job.steps)) * DABS)}
          .colours=${paletteFor(job.palette, studio.theme)}
        ></dab-row>
        <span>${this.narrow ? words.strong : joined([isolated(handle), state])}</span>
      </span>
    </span>`;
  }

  #more(spot: Spot, leaf: Leaf & { kind: "more" }, pitch: number): TemplateResult {
    const hidden = leaf.hidden > 0 ? say("lineage.more", { count: leaf.hidden }) : say("lineage.some-more");
    return html`<button
      type="button"
      class="node more"
      data-node=${spot.id}
      ${this.#item(spot, pitch, hidden, hidden)}
      @click=${() => this.#unfold(leaf.node)}
    >
      ${leaf.hidden > 0 ? `+${count(leaf.hidden)}` : say("lineage.more-short")}
    </button>`;
  }

  #who(id: string, pitch: number): TemplateResult | typeof nothing {
    const label = this.#labels.get(id);
    if (!label) return nothing;
    return html`<span class="who" dir="auto" aria-hidden="true" style="max-inline-size:${labelRoom(pitch)}px"
      >${label}</span
    >`;
  }

  #style({ column, row }: Spot, pitch: number): string {
    return `inset-inline-start:${column * pitch}px;inset-block-start:${row * ROW + (ROW - THUMB) / 2}px`;
  }

  #item(
    spot: Spot,
    pitch: number,
    label: string,
    title: string,
    closed = false,
  ): ReturnType<typeof treeItem> {
    const { id, column, place, siblings } = spot;
    const known = this.#layout.spots.some((one) => one.id === this.at);
    return treeItem({
      label,
      title,
      level: column + 1,
      place,
      siblings,
      stop: id === (known ? this.at : this.post),
      closed,
      style: this.#style(spot, pitch),
      reached: () => (this.at = id),
    });
  }

  /** Walking the tree leaves no trail: "back" leads to where the first picture was opened from. */
  #walk(event: MouseEvent, id: string): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (id !== this.post) studio.router.replace(pathOfPost(id));
  }

  /** The keyboard goes on from the picture whose remixes came. */
  #unfold(node: LineageNode): void {
    this.#focus(node.id);
    void studio.lineages.more(node);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const forward = getComputedStyle(this).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const way =
      event.key === "ArrowLeft" || event.key === "ArrowRight"
        ? event.key === forward
          ? "child"
          : "parent"
        : ({ ArrowUp: "above", ArrowDown: "below", Home: "first", End: "last" } as const)[event.key];
    if (!way) return;
    event.preventDefault();
    const next = neighbour(this.#layout, this.at || this.post, way);
    if (next) this.#focus(next);
  };

  #focus(id: string): void {
    const element = [...this.renderRoot.querySelectorAll<HTMLElement>("[role=treeitem]")].find(
      ({ dataset }) => (dataset["node"] ?? dataset["job"]) === id,
    );
    element?.focus({ preventScroll: true });
    if (element) this.#bring(element);
  }

  /** Scroll the tree, and only the tree, until an element of it is in sight (or at half its height). */
  #bring(element: HTMLElement, centred = false): void {
    const pane = this.renderRoot.querySelector(".scroll");
    if (!pane) return;
    const here = element.getBoundingClientRect();
    const box = pane.getBoundingClientRect();
    const room = { x: Math.min(60, box.width / 4), y: centred ? (box.height - here.height) / 2 : 16 };
    const x = Math.min(0, here.left - box.left - room.x) || Math.max(0, here.right - box.right + room.x);
    const y = Math.min(0, here.top - box.top - room.y) || Math.max(0, here.bottom - box.bottom + room.y);
    pane.scrollBy(x, y);
  }
}

/** Room beside a picture for its label, px: what is left must do for the curve. */
function labelRoom(pitch: number): number {
  return pitch - THUMB - BEND - 6;
}

/** "1 ancestor, 5 remixes"; what there is none of is not said. */
function aroundWords(ancestors: number, remixes: number): string {
  return joined([
    ancestors ? say("lineage.ancestors", { count: ancestors }) : "",
    remixes ? say("remixes", { count: remixes }) : "",
  ]);
}

customElements.define("lineage-tree", LineageTree);
