import { FLAME } from "../live/emoji";
import { pathOfPost } from "../live/route";
import { isField } from "./field";
import type { PictureCard } from "./picture-card";
import { remix } from "./remix";
import { studio } from "./studio";

/** The keys of the wall, and those that do the same everywhere. */
export class WallKeys {
  /** What lies in front of the wall now, if anything does. */
  readonly #over: () => "post" | "sheet" | "room" | null;
  readonly #root: ParentNode;

  constructor(root: ParentNode, over: () => "post" | "sheet" | "room" | null) {
    this.#root = root;
    this.#over = over;
    document.addEventListener("keydown", this.#key);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || isField(event)) return;
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const over = this.#over();
    if (over === "sheet" || over === "room") return;
    if (this.#anywhere(event.key) || (over === null && this.#onWall(event.key, this.#current())))
      event.preventDefault();
  };

  #anywhere(key: string): boolean {
    switch (key) {
      case "?":
        void import("./keys-sheet").then(({ KeysSheet }) => KeysSheet.open());
        return true;
      case "/":
        studio.router.go("/search");
        return true;
      case "p":
        this.#root
          .querySelector("main")
          ?.dispatchEvent(new CustomEvent("paint", { bubbles: true, composed: true }));
        return true;
      default:
        return false;
    }
  }

  #onWall(key: string, card: PictureCard | null): boolean {
    const post = card && studio.live.state.posts.get(card.post);
    switch (key) {
      case "j":
        return this.#step(1, card);
      case "k":
        return this.#step(-1, card);
      // The keys of the feed pattern, once one of its pictures has the focus.
      case "PageDown":
        return card !== null && this.#step(1, card);
      case "PageUp":
        return card !== null && this.#step(-1, card);
      case "l":
        if (post) void studio.conversation.react(post.id, FLAME);
        return post !== null;
      case "c":
        if (!post) return false;
        studio.towards = "comment";
        studio.router.go(pathOfPost(post.id));
        return true;
      case "r":
        if (card && post) remix(card, post);
        return post !== null;
      default:
        return false;
    }
  }

  #step(by: 1 | -1, from: PictureCard | null): boolean {
    const cards = this.#cards();
    const seen = cards.findIndex((card) => card.getBoundingClientRect().top >= 0);
    const next = from ? cards.indexOf(from) + by : Math.max(0, seen);
    const card = cards[next];
    if (!card) return cards.length > 0;
    card.take();
    return true;
  }

  /** The card that has the focus. */
  #current(): PictureCard | null {
    return this.#cards().find((card) => card.matches(":focus-within")) ?? null;
  }

  #cards(): readonly PictureCard[] {
    let found: readonly Element[] = [...this.#root.querySelectorAll("feed-wall, search-page")];
    for (const inside of ["feed-wall", "masonry-block", "picture-card"])
      found = found.flatMap((host) =>
        host.localName === inside ? [host] : [...(host.shadowRoot?.querySelectorAll(inside) ?? [])],
      );
    return found as readonly PictureCard[];
  }
}
