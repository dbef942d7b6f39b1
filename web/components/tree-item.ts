import { AsyncDirective, directive, type ElementPart } from "lit/async-directive.js";

/** What makes an element an item of a tree, for those who do not see where it stands. */
export interface TreeItem {
  /** What it is called when it is read. */
  readonly label: string;
  /** What is shown over it. */
  readonly title: string;
  /** 1 is the root. */
  readonly level: number;
  /** Its place among its siblings, from 1, and how many those are. */
  readonly place: number;
  readonly siblings: number;
  /** Whether Tab stops here. */
  readonly stop: boolean;
  /** Nothing opens here. */
  readonly closed: boolean;
  readonly style: string;
  /** The keyboard has come here. */
  readonly reached: () => void;
}

class TreeItemDirective extends AsyncDirective {
  #element: HTMLElement | null = null;
  #reached: () => void = () => undefined;

  render(_item: TreeItem): void {}

  override update(part: ElementPart, [item]: [TreeItem]): void {
    const element = part.element as HTMLElement;
    this.#reached = item.reached;
    if (!this.#element) element.addEventListener("focus", this.#focused);
    this.#element = element;
    const attributes: Readonly<Record<string, string | number | undefined>> = {
      role: "treeitem",
      title: item.title,
      "aria-label": item.label,
      "aria-level": item.level,
      "aria-posinset": item.place,
      "aria-setsize": item.siblings,
      "aria-disabled": item.closed ? "true" : undefined,
      tabindex: item.stop ? 0 : -1,
      style: item.style,
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) element.removeAttribute(name);
      else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
    }
  }

  override disconnected(): void {
    this.#element?.removeEventListener("focus", this.#focused);
    this.#element = null;
  }

  readonly #focused = (): void => this.#reached();
}

/** Set everything that makes an element an item of a tree: `<a ${treeItem({ … })}>`. */
export const treeItem = directive(TreeItemDirective);
