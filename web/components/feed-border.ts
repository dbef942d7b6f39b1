/** Where the keyboard may stop. */
const STOPS =
  'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), [tabindex="0"]';

/** Return the first place for the keyboard after a feed, or the last one before it, if there is any. */
export function stopBeyond(feed: Element, side: "after" | "before"): HTMLElement | undefined {
  const stops = stopsOf(document.documentElement, feed);
  const border = stops.indexOf(feed as HTMLElement);
  return side === "after"
    ? stops.slice(border + 1).find(isReachable)
    : stops.slice(0, border).findLast(isReachable);
}

/** All stops in the order of the document, through every shadow; the feed is one, and what is in it is none. */
function stopsOf(root: Element, feed: Element): HTMLElement[] {
  const found: HTMLElement[] = [];
  const visit = (element: Element): void => {
    if (element === feed || element.matches(STOPS)) found.push(element as HTMLElement);
    if (element !== feed) for (const child of childrenOf(element)) visit(child);
  };
  visit(root);
  return found;
}

/** What stands in an element as the reader sees it. */
function childrenOf(element: Element): Iterable<Element> {
  const slotted = element instanceof HTMLSlotElement ? element.assignedElements() : [];
  return slotted.length ? slotted : (element.shadowRoot ?? element).children;
}

function isReachable(element: HTMLElement): boolean {
  return element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0;
}
