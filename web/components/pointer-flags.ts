import { isFlagged, verbOf, type Cursor, type Cursors } from "../live/cursors";
import { flagColour } from "../live/pigments";
import type { Size, View } from "../live/view";
import { say } from "../words/words";

interface Flag {
  readonly root: HTMLElement;
  readonly words: HTMLElement;
  said: string;
  colour: string;
  /** How wide the words are, px; measured when they change. */
  width: number;
}

/** How far a flag stands out behind and below its pointer, px, beside its words. */
const BEHIND_PX = 14;
const BELOW_PX = 38;

const ARROW = "M1.5 1.2 L15 8.2 L8.6 10.1 L5.6 16 Z";

/** The others' pointers over the picture: elements of their own, which only move. */
export class PointerFlags {
  readonly #layer: HTMLElement;
  readonly #flags = new Map<string, Flag>();

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  /** Put every pointer where it is now. pigment: of a user's id. */
  draw(
    cursors: Cursors,
    view: View,
    picture: Size,
    window: Size,
    now: number,
    pigment: (user: string) => number | null,
  ): void {
    const present = new Set<string>();
    for (const cursor of cursors.all) {
      present.add(cursor.user.id);
      this.#place(cursor, view, picture, window, now, pigment(cursor.user.id));
    }
    for (const [id, { root }] of this.#flags) {
      if (present.has(id)) continue;
      root.remove();
      this.#flags.delete(id);
    }
  }

  #place(cursor: Cursor, view: View, picture: Size, window: Size, now: number, pigment: number | null): void {
    const flag = this.#flags.get(cursor.user.id) ?? this.#make(cursor.user.id);
    const x = view.x + cursor.x * picture.width * view.scale;
    const y = view.y + cursor.y * picture.height * view.scale;
    flag.root.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`;
    const verb = verbOf(cursor);
    const said = verb ? say(`cursor.${verb}`, { handle: cursor.user.handle }) : cursor.user.handle;
    if (said !== flag.said) {
      flag.words.textContent = flag.said = said;
      flag.width = flag.words.offsetWidth;
    }
    flag.root.classList.toggle("inward", x + BEHIND_PX + flag.width > window.width);
    flag.root.classList.toggle("above", y + BELOW_PX > window.height);
    const colour = flagColour(pigment);
    if (colour !== flag.colour) flag.root.style.setProperty("--pigment", (flag.colour = colour));
    flag.root.classList.toggle("still", !isFlagged(cursor, now));
  }

  #make(user: string): Flag {
    const root = document.createElement("div");
    root.className = "pointer";
    root.dataset["user"] = user;
    root.innerHTML = `<svg width="19" height="20" viewBox="-1 -1 18 19" aria-hidden="true"><path d="${ARROW}"/></svg>`;
    const words = document.createElement("span");
    root.append(words);
    this.#layer.append(root);
    const flag = { root, words, said: "", colour: "", width: 0 };
    this.#flags.set(user, flag);
    return flag;
  }
}
