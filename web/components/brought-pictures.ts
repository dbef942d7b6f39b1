export interface Bringing {
  /** Whether the page that is shown takes pictures at all. */
  takes(): boolean;
  /** Whether the sheet is open. */
  open(): boolean;
  /** Open the sheet, or hand it a picture if it is open. */
  show(file: File | null): void;
}

/** Pictures that are dragged, dropped or pasted anywhere on the page: the sheet opens and takes them. */
export class BroughtPictures {
  readonly #to: Bringing;

  constructor(to: Bringing) {
    this.#to = to;
    document.addEventListener("dragover", this.#dragged);
    document.addEventListener("drop", this.#dropped);
    document.addEventListener("paste", this.#pasted);
  }

  /** The sheet opens before anything is dropped, so that it is seen where to. */
  readonly #dragged = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (!this.#to.open() && this.#to.takes()) this.#to.show(null);
  };

  /** Dropped beside the sheet, it is meant for the sheet all the same; the browser must not go to it. */
  readonly #dropped = (event: DragEvent): void => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    // Without a picture among them the sheet says what it takes.
    this.#bring(pictureIn(event.dataTransfer.files) ?? event.dataTransfer.files[0]);
  };

  /** The open sheet takes what is pasted itself. */
  readonly #pasted = (event: ClipboardEvent): void => {
    if (!event.defaultPrevented && !this.#to.open()) this.#bring(pictureIn(event.clipboardData?.files));
  };

  #bring(file: File | null | undefined): void {
    if (file && this.#to.takes()) this.#to.show(file);
  }
}

/** The first of the files that calls itself a picture. */
function pictureIn(files: FileList | undefined): File | undefined {
  return [...(files ?? [])].find(({ type }) => type.startsWith("image/"));
}
