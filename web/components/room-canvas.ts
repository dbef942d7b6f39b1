import { html, LitElement, nothing, type TemplateResult } from "lit";
import { widthAt } from "../live/strokes";
import { fitted, keptInSight, leastScale, zoomed, type Size, type View } from "../live/view";
import { pigmentOf } from "../live/fold-room";
import { canvasWords, titleOf } from "../live/words";
import { base, buttons, floating } from "../styles/base";
import { roomCanvas } from "../styles/room-canvas";
import { percentage } from "../words/figures";
import { say } from "../words/words";
import { placeRing } from "./brush-ring";
import { icon } from "./icons";
import "./job-picture";
import { pictureUrl } from "./picture-frame";
import { PointerFlags } from "./pointer-flags";
import { percent, WatchRoom, type RoomDesk } from "./room-desk";
import { RoomLayers } from "./room-layers";
import { RoomHand, type Stand } from "./room-hand";
import { RoomPainter } from "./room-painter";
import { studio } from "./studio";

const BUTTON_STEP = 1.25;
/** A second tap comes so much nearer. */
const TAP_STEP = 2;
/** What is left free around the picture, and beside that at both sides, so that the tools lie on none of it. */
const MARGIN_PX = 24;
const LOW_MARGIN_PX = 10;
const RAIL_PX = 84;

/**
 * The picture and what is drawn over it, in layers that are drawn only when they change: finished paint, the strokes of
 * others at 80 %, mine, the mask's hatch, the others' pointers.
 */
export class RoomCanvas extends LitElement {
  static override properties = {
    desk: { attribute: false },
    phone: { type: Boolean },
    low: { type: Boolean },
    read: { state: true },
  };
  declare desk: RoomDesk;
  declare phone: boolean;
  /** The rail stands beside it, and every px of its height counts. */
  declare low: boolean;
  /** That the picture is gone was read. */
  declare read: boolean;
  #painter: RoomPainter | null = null;
  #layers: RoomLayers | null = null;
  #flags: PointerFlags | null = null;
  #window: Size = { width: 0, height: 0 };
  #picture: Size = { width: 768, height: 768 };
  #view: View = { scale: 1, x: 0, y: 0 };
  /** The whole picture is shown, whatever size the window gets. */
  #fits = true;
  #observer: ResizeObserver | undefined;
  #frame = 0;
  #framedAt = 0;
  /** The picture lies elsewhere than it is drawn. */
  #moved = true;
  #hand: RoomHand | null = null;
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.phone = this.low = false;
    this.read = false;
    new WatchRoom(this, (desk) => [
      desk.session.state.room?.post,
      desk.session.state.variations,
      desk.session.state.roster,
      desk.viewed,
      desk.tools,
      desk.mayEdit,
      desk.kept,
      desk.document,
      desk.document?.strokes.length,
      desk.masked,
      studio.live.state.generations.get(desk.viewed),
      this.#zoom,
    ]);
  }

  static override styles = [base, buttons, floating, roomCanvas];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#key);
    document.addEventListener("keyup", this.#key);
    window.addEventListener("blur", this.#blurred);
    void this.updateComplete.then(() => this.isConnected && this.#mount());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#key);
    document.removeEventListener("keyup", this.#key);
    window.removeEventListener("blur", this.#blurred);
    this.#observer?.disconnect();
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stops.splice(0)) stop();
    this.#painter?.leave();
    this.desk.session.stirred = () => undefined;
  }

  override render(): TemplateResult {
    const { desk } = this;
    const post = desk.session.state.room?.post ?? null;
    const hand = desk.tools.tool === "hand" || !desk.mayEdit;
    const tool = this.#viewed ? "viewing" : hand ? "hand" : "drawing";
    return html`<div
        class="window ${tool}"
        data-testid="canvas"
        @pointerdown=${(event: PointerEvent) => this.#hand?.down(event)}
        @pointermove=${(event: PointerEvent) => this.#hand?.move(event)}
        @pointerup=${(event: PointerEvent) => this.#hand?.up(event)}
        @pointercancel=${(event: PointerEvent) => this.#hand?.up(event)}
        @pointerleave=${() => this.#hand?.away()}
        @wheel=${{ handleEvent: (event: WheelEvent) => this.#hand?.wheel(event), passive: false }}
        @contextmenu=${(event: Event) => event.preventDefault()}
      >
        <div
          class="picture ${post ? "canvas" : "paper"}"
          role="img"
          aria-label=${canvasWords(post ? titleOf(post) : "", desk.document?.strokes.length ?? 0, percent(desk.masked))}
        >
          ${
            post
              ? html`<img
                  alt=""
                  draggable="false"
                  src=${pictureUrl(post.media.sha256, 1024)}
                  style="background:${post.media.palette[0] ?? "transparent"}"
                />`
              : nothing
          }
          <canvas class="paint"></canvas>
          <canvas class="others"></canvas>
          <canvas class="mine"></canvas>
          <canvas class="kept"></canvas>
          ${this.#shown()}
        </div>
        <canvas class="mask" ?hidden=${this.#viewed}></canvas>
        <div class="pointers" aria-hidden="true" ?hidden=${this.#viewed}></div>
        <i class="ring" hidden></i>
      </div>
      ${this.#gone()} ${this.#zoomer()} ${this.#back()}`;
  }

  override updated(): void {
    // The right to draw may go in the middle of a stroke.
    if (this.#painter?.down && !this.desk.mayEdit) this.#painter.refuse();
    const { width, height } = this.desk.picture;
    if (width !== this.#picture.width || height !== this.#picture.height) {
      this.#picture = { width, height };
      this.#measured();
    }
    this.#lie();
  }

  /** Over what is drawn, until it was read: what the server lays paint on then is white paper. */
  #gone(): TemplateResult {
    const { room } = this.desk.session.state;
    const gone = room && !room.post && !this.read && !this.#viewed;
    return html`<div class="gone" role="alert">
      ${
        gone
          ? html`<p class="floating" data-testid="parent-gone">
              <span><b class="title">${say("wall.gone")}</b> ${this.#goneWords()}</span>
              <button class="button plain small" @click=${() => (this.read = true)}>
                ${say("note.read")}
              </button>
            </p>`
          : nothing
      }
    </div>`;
  }

  /** Who deleted the picture, if this page saw it, and that it goes on. */
  #goneWords(): string {
    const { lostBy: handle } = this.desk.session.state;
    return [...(handle ? [say("canvas.gone-by", { handle })] : []), say("canvas.gone")].join(" ");
  }

  /** A variation instead of the canvas, while it is looked at. */
  #shown(): TemplateResult | typeof nothing {
    const job = studio.live.state.generations.get(this.desk.viewed);
    return job ? html`<job-picture class="shown" .job=${job} data-testid="viewed"></job-picture>` : nothing;
  }

  #back(): TemplateResult | typeof nothing {
    if (!this.#viewed) return nothing;
    const number = this.desk.session.state.variations.findIndex(({ id }) => id === this.desk.viewed) + 1;
    return html`<button class="chip back" data-testid="back-to-canvas" @click=${() => this.desk.view(null)}>
      ${say("canvas.variation", { number })}
    </button>`;
  }

  get #viewed(): boolean {
    return this.desk.viewed !== "" && studio.live.state.generations.has(this.desk.viewed);
  }

  #zoomer(): TemplateResult {
    const centre = (factor: number): void => {
      this.#zoomBy(factor, this.#window.width / 2, this.#window.height / 2);
    };
    if (this.phone) return this.#whole();
    return html`<div class="zoom" role="group" aria-label=${say("canvas.zoom")}>
      <button class="round" aria-label=${say("canvas.smaller")} @click=${() => centre(1 / BUTTON_STEP)}>
        ${icon("zoom-out")}
      </button>
      <button
        class="share"
        aria-label=${say("canvas.all", { percent: percentage(this.#zoom / 100) })}
        @click=${() => this.#fit()}
      >
        ${percentage(this.#zoom / 100)}
      </button>
      <button class="round" aria-label=${say("canvas.larger")} @click=${() => centre(BUTTON_STEP)}>
        ${icon("zoom-in")}
      </button>
    </div>`;
  }

  /** Two fingers zoom; the way back needs none. */
  #whole(): TemplateResult {
    const label = say("canvas.all", { percent: percentage(this.#zoom / 100) });
    return html`<button
      class="round on-picture whole"
      data-testid="whole"
      aria-label=${label}
      title=${label}
      ?hidden=${this.#fits}
      @click=${() => this.#fit()}
    >
      ${icon("zoom-out")}
    </button>`;
  }

  get #zoom(): number {
    return Math.round(100 * this.#view.scale);
  }

  #mount(): void {
    const found = <T extends Element>(selector: string): T => this.renderRoot.querySelector<T>(selector)!;
    this.#flags ??= new PointerFlags(found(".pointers"));
    this.#painter = new RoomPainter(this.desk);
    this.#hand = new RoomHand(this.desk, this.#painter, this.#stand(found(".window")));
    this.#layers = new RoomLayers(this.desk, this.#painter, {
      paint: found("canvas.paint"),
      others: found("canvas.others"),
      mine: found("canvas.mine"),
      kept: found("canvas.kept"),
      mask: found("canvas.mask"),
    });
    this.#painter.ended = (stroke) => {
      this.#layers?.ended(stroke);
      this.#redraw();
    };
    this.desk.session.stirred = () => this.#redraw();
    this.#stops.push(this.desk.onStrokes(() => this.#redraw()));
    this.#observer = new ResizeObserver(() => this.#measured());
    this.#observer.observe(found(".window"));
    this.#watchDensity();
    this.#measured();
  }

  /** The picture as a hand finds it. */
  #stand(surface: HTMLElement): Stand {
    const canvas = this;
    return {
      surface,
      get view() {
        return canvas.#view;
      },
      get picture() {
        return canvas.#picture;
      },
      get fittingScale() {
        return canvas.#fitting().scale;
      },
      get viewed() {
        return canvas.#viewed;
      },
      look: (view) => this.#look(view),
      zoomBy: (factor, x, y) => this.#zoomBy(factor, x, y),
      tapped: (x, y) => (this.#fits ? this.#zoomBy(TAP_STEP, x, y) : this.#fit()),
      redraw: () => this.#redraw(),
      hovered: (event) => this.#ring(event),
    };
  }

  /** Another density (another screen, or the browser's own zoom) draws everything anew. */
  #watchDensity(): void {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const changed = (): void => {
      this.#measured();
      if (this.isConnected) this.#watchDensity();
    };
    query.addEventListener("change", changed, { once: true });
    this.#stops.push(() => query.removeEventListener("change", changed));
  }

  #measured(): void {
    const element = this.renderRoot.querySelector<HTMLElement>(".window");
    if (!element) return;
    this.#window = { width: element.clientWidth, height: element.clientHeight };
    if (this.#fits) this.#view = this.#fitting();
    else this.#view = keptInSight(this.#view, this.#window, this.#picture);
    this.#layers?.resize(this.#picture, this.#fitting().scale * devicePixelRatio);
    this.#lie();
    this.requestUpdate();
  }

  #fitting(): View {
    if (this.phone) return fitted(this.#window, this.#picture, 0);
    const { width, height } = this.#window;
    // What zooms stands at the end, in a low window alone.
    const before = this.low && getComputedStyle(this).direction === "ltr" ? 0 : RAIL_PX;
    const inside = { width: width - (this.low ? 1 : 2) * RAIL_PX, height };
    const view = fitted(inside, this.#picture, this.low ? LOW_MARGIN_PX : MARGIN_PX);
    return { ...view, x: view.x + before };
  }

  /** Draw in the next frame whatever is not as it is shown. */
  #redraw(): void {
    if (!this.#frame && this.isConnected) this.#frame = requestAnimationFrame((now) => this.#draw(now));
  }

  /** The picture lies elsewhere now. */
  #lie(): void {
    this.#moved = true;
    this.#redraw();
  }

  #draw(now: number): void {
    this.#frame = 0;
    const elapsed = Math.min(100, now - this.#framedAt);
    this.#framedAt = now;
    const { session } = this.desk;
    const moved = this.#moved;
    this.#moved = false;
    if (moved) this.#place();
    const waits = this.#layers?.draw(this.#view, this.#window, moved) ?? false;
    const moving = session.cursors.step(elapsed, performance.now(), studio.shade.calm);
    this.#flags?.draw(session.cursors, this.#view, this.#picture, this.#window, performance.now(), (user) =>
      pigmentOf(session.state, user),
    );
    if (moving || waits) this.#redraw();
  }

  #place(): void {
    const element = this.renderRoot.querySelector<HTMLElement>(".picture");
    if (!element) return;
    const { scale, x, y } = this.#view;
    element.style.inlineSize = `${this.#picture.width * scale}px`;
    element.style.blockSize = `${this.#picture.height * scale}px`;
    element.style.transform = `translate(${x}px,${y}px)`;
  }

  #fit(): void {
    this.#fits = true;
    this.#view = this.#fitting();
    this.#lie();
    this.requestUpdate();
  }

  #zoomBy(factor: number, x: number, y: number): void {
    this.#look(zoomed(this.#view, factor, x, y, leastScale(this.#fitting().scale)));
  }

  #look(view: View): void {
    this.#fits = false;
    this.#view = keptInSight(view, this.#window, this.#picture);
    this.#lie();
    this.requestUpdate();
  }

  /** The brush's size around the pointer. */
  #ring(event: PointerEvent | null): void {
    const ring = this.renderRoot.querySelector<HTMLElement>(".ring");
    if (!ring) return;
    const { tools, mayEdit } = this.desk;
    ring.hidden =
      !event || event.pointerType === "touch" || tools.tool === "hand" || !mayEdit || this.#viewed;
    if (!event || ring.hidden) return;
    const box = this.renderRoot.querySelector(".window")!.getBoundingClientRect();
    const longer = Math.max(this.#picture.width, this.#picture.height) * this.#view.scale;
    placeRing(ring, event.clientX - box.left, event.clientY - box.top, widthAt(tools.diameter, 255, longer));
  }

  readonly #key = (event: KeyboardEvent): void => this.#hand?.key(event);
  readonly #blurred = (): void => this.#hand?.release();

  /** For the keyboard: zoom in (1), out (-1) or back to all of it (0). */
  zoom(way: 1 | -1 | 0): void {
    if (way === 0) this.#fit();
    else this.#zoomBy(BUTTON_STEP ** way, this.#window.width / 2, this.#window.height / 2);
  }
}

customElements.define("room-canvas", RoomCanvas);
