import type { ReactiveController, ReactiveControllerHost } from "lit";
import { newKey } from "../live/key";
import type { Post } from "../live/protocol";
import { say } from "../words/words";
import { studio } from "./studio";

/** What a file chooser offers: the kinds that the server takes. */
export const PICTURES = "image/png,image/jpeg,image/webp,image/gif";
const KINDS = new Set(PICTURES.split(","));

/** A picture of one's own. */
export interface Brought {
  readonly file: File;
  /** Where it can be seen while it is here. */
  url: string;
  /** Its upload's idempotency key, as long as it is the same upload. */
  key: string;
  /** What it was posted as, to be repainted. */
  origin: Post | null;
}

/** A picture of one's own, chosen, pasted or dropped: one at a time, its object URL revoked when it goes. */
export class PictureIntake implements ReactiveController {
  image: Brought | null = null;
  dragging = false;
  readonly #host: ReactiveControllerHost;
  readonly #changed: (problem: string) => void;

  /** changed: called with "" for a new picture (or none), else with why something was not taken. */
  constructor(host: ReactiveControllerHost, changed: (problem: string) => void) {
    this.#host = host;
    this.#changed = changed;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("paste", this.#paste);
  }

  hostDisconnected(): void {
    document.removeEventListener("paste", this.#paste);
    if (this.image) URL.revokeObjectURL(this.image.url);
    this.image = null;
  }

  take(file: File | null): void {
    const problem = file && whyNot(file);
    if (problem) return this.#changed(problem);
    this.takeUp(file && { file, url: "", key: newKey(), origin: null });
  }

  /** Take a picture that was here before. */
  takeUp(image: Brought | null): void {
    if (this.image) URL.revokeObjectURL(this.image.url);
    this.image = image;
    if (image) image.url = URL.createObjectURL(image.file);
    this.#changed("");
    this.#host.requestUpdate();
    if (this.image) void this.#looked(this.image.url);
  }

  /** What calls itself a picture and cannot be shown is put back at once; the server has the last word. */
  async #looked(url: string): Promise<void> {
    const picture = new Image();
    picture.src = url;
    try {
      await picture.decode();
    } catch {
      if (this.image?.url !== url) return;
      this.take(null);
      this.#changed(say("create.no-picture"));
    }
  }

  readonly chosen = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const file = meantIn(field.files) ?? field.files?.[0];
    if (file) this.take(file);
    // The same file may be chosen once more.
    field.value = "";
  };

  readonly draggedOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#drag(true);
  };

  readonly draggedAway = (): void => this.#drag(false);

  readonly dropped = (event: DragEvent): void => {
    event.preventDefault();
    this.#drag(false);
    const file = meantIn(event.dataTransfer?.files);
    if (file) this.take(file);
    else this.#changed(say("create.no-picture"));
  };

  readonly #paste = (event: ClipboardEvent): void => {
    const file = meantIn(event.clipboardData?.files);
    if (!file) return;
    event.preventDefault();
    this.take(file);
  };

  #drag(dragging: boolean): void {
    if (this.dragging === dragging) return;
    this.dragging = dragging;
    this.#host.requestUpdate();
  }
}

/** Say why a file cannot be posted, "" if it may be: what can be known before it is sent. */
function whyNot({ type, size }: File): string {
  if (!KINDS.has(type)) return say("create.no-picture");
  const most = studio.live.limits.upload_bytes ?? Infinity;
  return size > most ? say("said.too-many-bytes", { count: most / 2 ** 20 }) : "";
}

/** The picture among files that were chosen, pasted or dropped: of a kind that is taken, or else of another kind. */
function meantIn(files: FileList | null | undefined): File | undefined {
  const all = [...(files ?? [])];
  return all.find(({ type }) => KINDS.has(type)) ?? all.find(({ type }) => type.startsWith("image/"));
}
