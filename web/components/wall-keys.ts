import { FLAME } from "../live/emoji";
import { pathOfPost } from "../live/route";
import { stopBeyond } from "./feed-border";
import type { FeedWall } from "./feed-wall";
import { isField, isSingle } from "./field";
import type { PictureCard } from "./picture-card";
import { remix } from "./remix";
import { studio } from "./studio";

/**
 * The keys of the wall, and those that do the same everywhere. On the wall they are those of the feed pattern of the
 * ARIA Authoring Practices, and some of our own.
 */
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
    if (event.altKey || event.metaKey || (isSingle(event) && !studio.singleKeys)) return;
    const over = this.#over();
    if (over === "sheet" || over === "room") return;
    if (event.ctrlKey ? over === null && this.#leaves(event.key) : this.#acts(event, over))
      event.preventDefault();
  };

  #acts(event: KeyboardEvent, over: "post" | null): boolean {
    if (this.#anywhere(event.key)) return true;
    if (over !== null) return false;
    const card = this.#current();
    // On what is in the picture, Enter is that one's own.
    if (event.key === "Enter") return card !== null && event.composedPath()[0] === card && open(card);
    return this.#onWall(event.key, card);
  }

  /** Control with End and Home leave the feed, behind it and before it. */
  #leaves(key: string): boolean {
    const card = this.#current();
    if (!card || (key !== "End" && key !== "Home")) return false;
    const feed = wallOf(card)?.renderRoot.querySelector("[role=feed]");
    if (feed) stopBeyond(feed, key === "End" ? "after" : "before")?.focus();
    return true;
  }

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
    const { posts, gone } = studio.live.state;
    const post = card && !gone.has(card.post) ? posts.get(card.post) : null;
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
        return Boolean(post);
      case "c":
        if (!post) return false;
        studio.towards = "comment";
        studio.router.go(pathOfPost(post.id));
        return true;
      case "r":
        if (card && post) remix(card, post);
        return Boolean(post);
      default:
        return false;
    }
  }

  #step(by: 1 | -1, from: PictureCard | null): boolean {
    if (from) {
      // The next one may be far from the window, and not drawn.
      void wallOf(from)
        ?.beside(from.post, by)
        .then((card) => card?.take());
      return true;
    }
    const cards = this.#cards();
    const card = cards.find((one) => one.getBoundingClientRect().top >= 0) ?? cards.at(-1);
    card?.take();
    return card !== undefined;
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

/** The wall that a picture hangs on, two shadows up. */
function wallOf(card: PictureCard): FeedWall | null {
  const block = (card.getRootNode() as ShadowRoot).host;
  const wall = block && (block.getRootNode() as ShadowRoot).host;
  return wall?.localName === "feed-wall" ? (wall as FeedWall) : null;
}

function open(card: PictureCard): boolean {
  const there = !studio.live.state.gone.has(card.post);
  if (there) studio.router.go(pathOfPost(card.post));
  return there;
}
