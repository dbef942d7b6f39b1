import { html, LitElement, nothing, type TemplateResult } from "lit";
import { widthAt } from "../live/strokes";
import { fitted, keptInSight, moved, zoomed, type Size, type View } from "../live/view";
import { pigmentOf } from "../live/fold-room";
import { canvasWords, titleOf } from "../live/words";
import { base, buttons } from "../styles/base";
import { roomCanvas } from "../styles/room-canvas";
import { placeRing } from "./brush-ring";
import { isField } from "./field";
import { icon } from "./icons";
import "./job-picture";
import { pictureUrl } from "./picture-frame";
import { PointerFlags } from "./pointer-flags";
import { percent, WatchRoom, type RoomDesk } from "./room-desk";
import { RoomLayers } from "./room-layers";
import { RoomPainter, type Touch } from "./room-painter";
import { studio } from "./studio";

const WHEEL_STEP = 1.0016;
const BUTTON_STEP = 1.25;
/** A stroke with no more points than this was the first finger of a pinch. */
const PINCH_POINTS = 6;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * The picture and what is drawn over it, in layers that are drawn only when they change: finished paint, the strokes of
 * others at 80 %, mine, the mask's hatch, the others' pointers.
 */
export class RoomCanvas extends LitElement {
  static override properties = { desk: { attribute: false }, phone: { type: Boolean } };
  declare desk: RoomDesk;
  declare phone: boolean;
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
  readonly #pointers = new Map<number, { x: number; y: number; type: string }>();
  #panning: number | null = null;
  #space = false;
  #penSeen = false;
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.phone = false;
    new WatchRoom(this, (desk) => [
      desk.session.state.room?.post,
      desk.session.state.variations,
      desk.session.state.roster,
      desk.viewed,
      desk.tools,
      desk.mayEdit,
      desk.document,
      desk.document?.strokes.length,
      desk.masked,
      studio.live.state.generations.get(desk.viewed),
      this.#zoom,
    ]);
  }

  static override styles = [base, buttons, roomCanvas];

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
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
        @pointerleave=${this.#away}
        @wheel=${{ handleEvent: this.#wheel, passive: false }}
        @contextmenu=${(event: Event) => event.preventDefault()}
      >
        <div
          class="picture canvas"
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
              : html`<span class="title gone">the picture it began with is gone</span>`
          }
          <canvas class="paint"></canvas>
          <canvas class="others"></canvas>
          <canvas class="mine"></canvas>
          ${this.#shown()}
        </div>
        <canvas class="mask" ?hidden=${this.#viewed}></canvas>
        <div class="pointers" aria-hidden="true" ?hidden=${this.#viewed}></div>
        <i class="ring" hidden></i>
      </div>
      ${this.#zoomer()} ${this.#back()}`;
  }

  override updated(): void {
    const { post } = this.desk.session.state.room ?? {};
    const params = this.desk.document?.params;
    const { width, height } = post?.media ?? { width: params?.width ?? 768, height: params?.height ?? 768 };
    if (width !== this.#picture.width || height !== this.#picture.height) {
      this.#picture = { width, height };
      this.#measured();
    }
    this.#lie();
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
      Variation ${number}. Back to the canvas
    </button>`;
  }

  get #viewed(): boolean {
    return this.desk.viewed !== "" && studio.live.state.generations.has(this.desk.viewed);
  }

  #zoomer(): TemplateResult {
    const centre = (factor: number): void => {
      this.#zoomBy(factor, this.#window.width / 2, this.#window.height / 2);
    };
    return html`<div class="zoom" role="group" aria-label="Zoom">
      <button class="round" aria-label="Smaller" @click=${() => centre(1 / BUTTON_STEP)}>
        ${icon("zoom-out")}
      </button>
      <button class="share" aria-label="${this.#zoom} percent. Show all of it" @click=${() => this.#fit()}>
        ${this.#zoom}%
      </button>
      <button class="round" aria-label="Larger" @click=${() => centre(BUTTON_STEP)}>
        ${icon("zoom-in")}
      </button>
    </div>`;
  }

  get #zoom(): number {
    return Math.round(100 * this.#view.scale);
  }

  #mount(): void {
    const found = <T extends Element>(selector: string): T => this.renderRoot.querySelector<T>(selector)!;
    this.#flags ??= new PointerFlags(found(".pointers"));
    this.#painter = new RoomPainter(this.desk);
    this.#layers = new RoomLayers(this.desk, this.#painter, {
      paint: found("canvas.paint"),
      others: found("canvas.others"),
      mine: found("canvas.mine"),
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
    return fitted(this.#window, this.#picture, this.phone ? 0 : 24);
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
    this.#layers?.draw(this.#view, this.#window, moved);
    const moving = session.cursors.step(elapsed, performance.now(), CALM.matches);
    this.#flags?.draw(session.cursors, this.#view, this.#picture, performance.now(), (user) =>
      pigmentOf(session.state, user),
    );
    if (moving) this.#redraw();
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
    const least = Math.min(this.#fitting().scale, 1) * 0.5;
    this.#look(zoomed(this.#view, factor, x, y, least));
  }

  #look(view: View): void {
    this.#fits = false;
    this.#view = keptInSight(view, this.#window, this.#picture);
    this.#lie();
    this.requestUpdate();
  }

  /** Where on the picture an event is. */
  #touch(event: PointerEvent): Touch {
    const box = this.renderRoot.querySelector(".window")!.getBoundingClientRect();
    const { scale, x, y } = this.#view;
    return {
      x: (event.clientX - box.left - x) / scale / this.#picture.width,
      y: (event.clientY - box.top - y) / scale / this.#picture.height,
      // Only a pen knows how hard it is pressed.
      pressure: event.pointerType === "pen" ? event.pressure : 1,
    };
  }

  readonly #down = (event: PointerEvent): void => {
    const surface = event.currentTarget as HTMLElement;
    if (event.button > 1 || (event.pointerType === "mouse" && event.button === 2)) return;
    if (event.pointerType === "pen") this.#penSeen = true;
    surface.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, type: event.pointerType });
    if (this.#pointers.size > 1) return this.#pinch();
    const resting = this.#penSeen && event.pointerType === "touch";
    const hand = this.desk.tools.tool === "hand" || this.#space || event.button === 1 || resting;
    if (hand || !this.desk.mayEdit || this.#viewed) {
      this.#panning = event.pointerId;
      surface.classList.add("panning");
      return;
    }
    event.preventDefault();
    this.#painter?.begin(this.#touch(event));
    this.#redraw();
  };

  readonly #move = (event: PointerEvent): void => {
    const known = this.#pointers.get(event.pointerId);
    if (known && this.#pointers.size > 1) return this.#pinched(event, known);
    if (known && this.#panning === event.pointerId) {
      this.#look(moved(this.#view, event.clientX - known.x, event.clientY - known.y));
      Object.assign(known, { x: event.clientX, y: event.clientY });
      return;
    }
    this.#ring(event);
    const size = Math.max(this.#picture.width, this.#picture.height) * this.#view.scale;
    const drawing = this.#painter?.down ?? false;
    // Between two frames a pen has been at more places than one.
    const events = drawing && "getCoalescedEvents" in event ? event.getCoalescedEvents() : [];
    for (const one of events.length ? events : [event]) this.#painter?.move(this.#touch(one), size);
    if (drawing) this.#redraw();
  };

  readonly #up = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
    if (this.#panning === event.pointerId) {
      this.#panning = null;
      this.renderRoot.querySelector(".window")?.classList.remove("panning");
    }
    if (this.#painter?.down) this.#painter.end();
    if (event.pointerType !== "mouse") this.#painter?.leave();
  };

  readonly #away = (): void => {
    this.renderRoot.querySelector<HTMLElement>(".ring")!.hidden = true;
    this.#painter?.leave();
  };

  /** A second finger: it was no stroke. */
  #pinch(): void {
    this.#panning = null;
    const points = (this.#painter?.drawing?.points.length ?? 0) / 3;
    if (points > PINCH_POINTS) this.#painter?.end();
    else this.#painter?.cancel();
  }

  #pinched(event: PointerEvent, known: { x: number; y: number }): void {
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const box = this.renderRoot.querySelector(".window")!.getBoundingClientRect();
    const apart = (one: { x: number; y: number }): number => Math.hypot(one.x - other.x, one.y - other.y);
    const now = { x: event.clientX, y: event.clientY };
    const factor = apart(now) / Math.max(1, apart(known));
    const middle = { x: (now.x + other.x) / 2 - box.left, y: (now.y + other.y) / 2 - box.top };
    const dragged = moved(this.#view, (now.x - known.x) / 2, (now.y - known.y) / 2);
    this.#look(zoomed(dragged, factor, middle.x, middle.y, this.#fitting().scale * 0.5));
    Object.assign(known, now);
  }

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const [dx, dy] = [event.deltaX * lines, event.deltaY * lines];
    if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) return this.#look(moved(this.#view, -(dx || dy), 0));
    const box = this.renderRoot.querySelector(".window")!.getBoundingClientRect();
    // A pinch on a trackpad comes as a wheel with the control key, in smaller steps.
    const step = event.ctrlKey ? WHEEL_STEP ** 6 : WHEEL_STEP;
    this.#zoomBy(step ** -dy, event.clientX - box.left, event.clientY - box.top);
  };

  /** The brush's size around the pointer. */
  #ring(event: PointerEvent): void {
    const ring = this.renderRoot.querySelector<HTMLElement>(".ring");
    if (!ring) return;
    const { tools, mayEdit } = this.desk;
    ring.hidden = event.pointerType === "touch" || tools.tool === "hand" || !mayEdit || this.#viewed;
    if (ring.hidden) return;
    const box = this.renderRoot.querySelector(".window")!.getBoundingClientRect();
    const longer = Math.max(this.#picture.width, this.#picture.height) * this.#view.scale;
    placeRing(ring, event.clientX - box.left, event.clientY - box.top, widthAt(tools.diameter, 255, longer));
  }

  /** The space bar is the hand, as long as it is held. */
  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== " " || isField(event)) return;
    const target = event.composedPath()[0];
    if (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement) return;
    event.preventDefault();
    this.#space = event.type === "keydown";
  };

  readonly #blurred = (): void => {
    this.#space = false;
    if (this.#painter?.down) this.#painter.end();
    this.#pointers.clear();
  };

  /** For the keyboard: zoom in (1), out (-1) or back to all of it (0). */
  zoom(way: 1 | -1 | 0): void {
    if (way === 0) this.#fit();
    else this.#zoomBy(BUTTON_STEP ** way, this.#window.width / 2, this.#window.height / 2);
  }
}

customElements.define("room-canvas", RoomCanvas);
