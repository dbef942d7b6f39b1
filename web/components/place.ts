const GAP_PX = 8;

/**
 * Put a popover (in the top layer, position fixed) by its anchor: above it, or below where there is no
 * room; always inside the window. align: which edges or middles meet.
 */
export function placeBy(anchor: Element, popover: HTMLElement, align: "start" | "centre"): void {
  const { top, bottom, left, right, width } = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = popover;
  const above = top - offsetHeight - GAP_PX;
  const below = Math.min(bottom + GAP_PX, innerHeight - offsetHeight - GAP_PX);
  const reversed = getComputedStyle(anchor).direction === "rtl";
  const start = reversed ? right - offsetWidth : left;
  const x = align === "centre" ? left + width / 2 - offsetWidth / 2 : start;
  popover.style.top = `${above >= GAP_PX ? above : below}px`;
  popover.style.left = `${Math.max(GAP_PX, Math.min(innerWidth - offsetWidth - GAP_PX, x))}px`;
}
