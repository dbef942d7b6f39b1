import type { ReactiveController, ReactiveControllerHost } from "lit";
import { shelf } from "../live/kept-list";
import { RoomDocument } from "../live/room-document";
import type { ToolName, Variation } from "../live/room-protocol";
import { RoomSession } from "../live/room";
import { Publication } from "../live/room-publication";
import { BRUSH, ERASER, MASK, MASK_ERASER, takesAway, type Stroke, type StrokeKind } from "../live/strokes";
import type { Size } from "../live/view";
import { say } from "../words/words";
import { halfWritten } from "./half-written";
import { studio } from "./studio";

/** What is in my hand. */
export interface Tools {
  readonly tool: ToolName;
  readonly colour: string;
  /** 1/10,000 of the picture's longer side. */
  readonly diameter: number;
  /** What the eraser takes away. */
  readonly erases: "paint" | "mask";
}

export const DIAMETERS = [60, 140, 300, 620, 1_200] as const;
const UNAUTHORISED = 4501;
/** Strokes that were not taken and are kept for me, at most; the newest stay. */
const MOST_KEPT = 200;
/** A canvas without a picture under it, px. */
const USUAL_SIDE = 768;
/** A document that was closed although we may see it is opened again after so long. */
const AGAIN_MS = 2_000;

/** Why a document was closed for good, as far as its code says. */
const CLOSED: Readonly<Record<number, "desk.closed-full" | "desk.closed-rate" | "desk.closed-crowded">> = {
  4502: "desk.closed-full",
  4503: "desk.closed-rate",
  4505: "desk.closed-crowded",
};

/** What all parts of the room's page share: the session, the document of its present epoch, and what is in my hand. */
export class RoomDesk {
  readonly session: RoomSession;
  document: RoomDocument | null = null;
  tools: Tools = { tool: "brush", colour: "#f3f3f0", diameter: DIAMETERS[2], erases: "paint" };
  /** The variation that is looked at instead of the canvas, "" for none. */
  viewed = "";
  /** What I drew and the room did not take: shown to me alone, until it is put in or let go. */
  kept: readonly Stroke[] = [];
  /** The code that the document was closed with for good, null while it is not. */
  closedBy: number | null = null;
  /** How much of the picture is masked, 0 to 1. */
  masked = 0;
  /** Told which part of the document has changed. */
  readonly #drawn = new Set<() => void>();
  readonly #listeners = new Set<() => void>();
  #again: ReturnType<typeof setTimeout> | undefined;
  #coloured = false;
  /** Drawn into a document that was closed: whether the room has them is known when the next one is in step. */
  #doubtful: readonly Stroke[] = [];
  /** At which of my steps I cleared something last. */
  #cleared = -1;
  readonly #publication: Publication;

  constructor(id: string) {
    this.session = new RoomSession(studio.live, id);
    // The way to it is in the head: this goes by itself.
    this.#publication = new Publication(this.session, studio.live.api, (text) =>
      studio.live.notices.say({ text }),
    );
    this.session.listen(() => this.#looked());
  }

  open(invite: string | null): void {
    studio.room = {
      reload: () => void this.session.reload(),
      caughtUp: () => this.session.caughtUp(),
    };
    // What is held still cannot be painted in.
    if (studio.live.paused) studio.pause(false);
    void this.session.open(invite);
  }

  close(): void {
    studio.room = null;
    clearTimeout(this.#again);
    this.session.close();
    this.document?.destroy();
    this.document = null;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Be told when finished strokes have changed. */
  onStrokes(listener: () => void): () => void {
    this.#drawn.add(listener);
    return () => this.#drawn.delete(listener);
  }

  /** Whether I may draw and write now. */
  get mayEdit(): boolean {
    return this.session.mayEdit && this.document !== null && this.document.status !== "closed" && this.#begun;
  }

  /** Why I may not, "" when I may. */
  get reason(): string {
    const { room, revoked } = this.session.state;
    if (revoked) return say("desk.not-in");
    if (room?.role === "viewer") return say("desk.viewer");
    if (this.document?.status === "closed") return say(CLOSED[this.closedBy ?? 0] ?? "desk.closed");
    return this.#begun ? "" : say("desk.fetching");
  }

  /** What I have begun to say in the talk. */
  get saying(): string {
    return halfWritten.at(this.#talk)?.text ?? "";
  }

  set saying(text: string) {
    if (text) halfWritten.keep(this.#talk, text);
    else halfWritten.drop(this.#talk);
  }

  get #talk(): string {
    return `room:${this.session.id}`;
  }

  /** How large what is painted over is, px. */
  get picture(): Size {
    const { width, height } = this.session.state.room?.post?.media ?? this.document?.params ?? {};
    return { width: width ?? USUAL_SIDE, height: height ?? USUAL_SIDE };
  }

  /** Keep what the room does not take. What only takes away shows nothing by itself. */
  keep(strokes: readonly Stroke[]): void {
    const shown = strokes.filter((stroke) => !takesAway(stroke));
    if (!shown.length) return;
    this.kept = [...this.kept, ...shown].slice(-MOST_KEPT);
    this.touch();
  }

  /** Draw what was kept, now that I may: one step to take back. */
  putIn(): void {
    const { document, kept } = this;
    if (!this.mayEdit || !document) return;
    document.beginGesture();
    for (const stroke of kept) document.draw(stroke);
    document.beginGesture();
    this.letGo();
  }

  /** What was kept is not wanted any more. */
  letGo(): void {
    this.kept = [];
    this.session.dispatch({ kind: "demotion-known" });
    this.touch();
  }

  /** The kind of stroke that my tool draws, null for the hand. */
  get kind(): StrokeKind | null {
    const { tool, erases } = this.tools;
    if (tool === "hand") return null;
    if (tool === "brush") return BRUSH;
    if (tool === "mask") return MASK;
    return erases === "paint" ? ERASER : MASK_ERASER;
  }

  take(tools: Partial<Tools>): void {
    const erases =
      tools.tool === "mask" ? "mask" : tools.tool === "brush" ? "paint" : (tools.erases ?? this.tools.erases);
    // A colour is for the brush.
    const tool = tools.colour && !tools.tool && this.tools.tool !== "brush" ? "brush" : this.tools.tool;
    this.tools = {
      ...this.tools,
      tool,
      ...tools,
      erases: tool === "brush" && tools.colour ? "paint" : erases,
    };
    if (this.viewed && tools.tool) this.viewed = "";
    this.touch();
  }

  /** One size up or down. */
  resizeBrush(by: 1 | -1): void {
    const at = DIAMETERS.findIndex((diameter) => diameter >= this.tools.diameter);
    this.take({ diameter: DIAMETERS[Math.min(DIAMETERS.length - 1, Math.max(0, at + by))]! });
  }

  view(variation: Variation | null): void {
    this.viewed = variation && variation.id !== this.viewed ? variation.id : "";
    this.touch();
  }

  /** Take away what was drawn, everybody's, and offer to take that back. */
  clear(what: "paint" | "mask" | "all"): void {
    const { document } = this;
    if (!this.mayEdit || !document?.clear(what)) return;
    const text = {
      paint: say("desk.paint-cleared"),
      mask: say("desk.mask-cleared"),
      all: say("desk.all-cleared"),
    }[what];
    this.#cleared = document.steps;
    studio.live.notices.say({ text, action: { label: say("desk.take-back"), run: () => this.#unclear() } });
  }

  /** Only the last step can be taken back: by this button not another one than was meant. */
  #unclear(): void {
    const { document } = this;
    if (document?.steps === this.#cleared) document.undo();
    else studio.live.notices.say({ text: say("desk.drew-since") });
  }

  mask(share: number): void {
    const before = this.masked;
    this.masked = share;
    if (percent(before) !== percent(share)) this.touch();
  }

  touch(): void {
    for (const listener of this.#listeners) listener();
  }

  get #begun(): boolean {
    // Once it has been in step, it may be worked on while the connection is away.
    return this.document?.begun ?? false;
  }

  #looked(): void {
    const { room, revoked } = this.session.state;
    if (revoked) {
      this.document?.destroy();
      this.document = null;
    } else if (room && room.epoch !== this.document?.epoch) this.#renew(room.epoch);
    else this.#lookedOn();
    this.#publication.look();
    const palette = room?.post?.media.palette;
    if (palette?.length && !this.#coloured) {
      this.#coloured = true;
      this.tools = { ...this.tools, colour: brightest(palette) };
    }
    this.touch();
  }

  #renew(epoch: string): void {
    const { document: before } = this;
    this.#doubtful = [...this.#doubtful, ...(before?.drawn ?? [])];
    // What it says while it is closed is not about the next one.
    this.document = null;
    before?.destroy();
    this.closedBy = null;
    const base = `${location.origin.replace(/^http/, "ws")}/api/rooms/${encodeURIComponent(this.session.id)}`;
    const document = new RoomDocument(
      base,
      epoch,
      {
        changed: (what) => {
          if (document !== this.document) return;
          if (what === "strokes") {
            this.session.strokes.finished(document.strokes.slice(-40));
            for (const listener of this.#drawn) listener();
          }
          if (what === "votes") this.session.mirror(document.votes);
          if (what === "status" && document.begun) this.#settle(document);
          if (what === "status") this.#lookedOn();
          this.touch();
        },
        closed: (code) => void this.#closed(document, code),
        cleared: (handle, what) =>
          studio.live.notices.say({ text: say(`desk.${what}-cleared-by`, { handle }) }),
        // What was drawn meanwhile is not in the room: begin again with what is.
        denied: () => void this.#closed(document, UNAUTHORISED),
      },
      this.session.me,
      shelf("localStorage"),
      () => studio.live.hidden,
    );
    this.document = document;
    for (const listener of this.#drawn) listener();
  }

  /** A viewer is not asked what they did while the connection was away: what the room has is read anew. */
  #lookedOn(): void {
    const { document, session } = this;
    const viewer = session.state.room?.role === "viewer";
    if (viewer && document?.editedAway && document.status === "synced") this.#renew(document.epoch);
  }

  #settle(document: RoomDocument): void {
    const refused = this.#doubtful.filter((stroke) => !document.holds(stroke));
    this.#doubtful = [];
    this.keep(refused);
  }

  /** The rights are gone, or less; or the room's document is another one now. What the room says holds. */
  async #closed(document: RoomDocument, code: number): Promise<void> {
    this.closedBy = code;
    this.touch();
    const read = await this.session.reload();
    if (!read || document !== this.document || code !== UNAUTHORISED) return;
    clearTimeout(this.#again);
    const renew = (): unknown => document === this.document && this.#renew(read.room.epoch);
    // Who only looks on writes nothing that could be refused again.
    this.#again = setTimeout(renew, read.room.role === "viewer" ? 0 : AGAIN_MS);
  }
}

/** Redraws its host when one of the selected values of the room is another one. */
export class WatchRoom<T extends readonly unknown[]> implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly desk: RoomDesk | null };
  readonly #select: (desk: RoomDesk) => T;
  #selected: T | null = null;
  #watched: RoomDesk | null = null;
  #stop: () => void = () => undefined;

  constructor(
    host: ReactiveControllerHost & { readonly desk: RoomDesk | null },
    select: (desk: RoomDesk) => T,
  ) {
    this.#host = host;
    this.#select = select;
    host.addController(this);
  }

  hostUpdate(): void {
    const { desk } = this.#host;
    if (desk === this.#watched) return;
    this.#stop();
    this.#watched = desk;
    this.#selected = null;
    const stopDesk = desk?.listen(() => this.#look(desk));
    const stopShade = studio.shade.listen(() => this.#host.requestUpdate());
    this.#stop = () => {
      stopDesk?.();
      stopShade();
    };
  }

  hostConnected(): void {
    this.#watched = null;
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#stop();
    this.#watched = null;
  }

  #look(desk: RoomDesk): void {
    const selected = this.#select(desk);
    const before = this.#selected;
    this.#selected = selected;
    if (!before || selected.some((value, index) => value !== before[index])) this.#host.requestUpdate();
  }
}

export function percent(share: number): number {
  return share > 0 ? Math.max(1, Math.round(100 * share)) : 0;
}

/** The colour of a picture that stands out most on it. */
function brightest(palette: readonly string[]): string {
  const weight = (colour: string): number => {
    const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return Math.max(...parts) - Math.min(...parts) + Math.max(...parts) / 2;
  };
  return palette.toSorted((one, other) => weight(other) - weight(one))[0] ?? "#f2b705";
}
