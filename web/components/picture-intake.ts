import type { ReactiveController, ReactiveControllerHost } from "lit";
import { newKey } from "../live/key";
import type { Post } from "../live/protocol";
import { say } from "../words/words";

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
    if (file && !KINDS.has(file.type)) return this.#changed(say("create.no-picture"));
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
    const file = pictureIn((event.target as HTMLInputElement).files);
    if (file) this.take(file);
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
    const file = pictureIn(event.dataTransfer?.files);
    if (file) this.take(file);
    else this.#changed(say("create.no-picture"));
  };

  readonly #paste = (event: ClipboardEvent): void => {
    const file = pictureIn(event.clipboardData?.files);
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

/** The first picture among files that were chosen, pasted or dropped. */
export function pictureIn(files: FileList | null | undefined): File | null {
  return [...(files ?? [])].find((file) => KINDS.has(file.type)) ?? null;
}
