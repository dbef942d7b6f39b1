import type { Stage } from "../live/state";
import { element } from "./element";

/**
 * The place of one picture. It keeps its size, whatever it shows.
 *
 * A new picture comes in over the one before it, and only once it can be drawn: no flash of nothing in between.
 */
export class Frame {
  readonly root = element("span", "frame");
  readonly #words = element("em", "on-canvas");
  #shown = "";

  constructor() {
    this.#words.dir = "auto";
    this.root.append(this.#words);
  }

  /** An unpainted canvas, with the title on it. */
  blank(title: string): void {
    this.#words.textContent = title;
    if (this.#shown === "") return;
    this.#shown = "";
    for (const picture of this.root.querySelectorAll("img")) picture.remove();
  }

  show(address: string, palette: readonly string[]): void {
    if (address === this.#shown) return;
    this.#words.textContent = "";
    const first = this.#shown === "";
    this.#shown = address;
    const picture = element("img");
    picture.alt = "";
    picture.draggable = false;
    picture.src = address;
    if (first) {
      // Nothing is covered: its own colour stands there until it is here.
      if (palette[2]) this.root.style.setProperty("--under", palette[2]);
      this.#cover(picture);
      return;
    }
    picture.className = "arriving";
    void picture
      .decode()
      .then(() => {
        if (this.#shown === address) this.#cover(picture);
      })
      // A preview that has gone meanwhile: the one before it stays.
      .catch(() => undefined);
  }

  /** Say what became of it: a picture that was stopped fades, one that is finished dries; a post is just itself. */
  fade(stage: Stage | "post"): void {
    this.root.dataset["stage"] = stage;
  }

  #cover(picture: HTMLImageElement): void {
    const below = [...this.root.querySelectorAll("img")];
    this.root.append(picture);
    const alone = (): void => {
      for (const old of below) old.remove();
    };
    if (!below.length) return;
    picture.addEventListener("animationend", alone, { once: true });
    // Without motion there is no animation whose end could be heard.
    if (getComputedStyle(picture).animationName === "none") alone();
  }
}
