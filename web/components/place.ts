const GAP_PX = 8;

/**
 * Put a popover (in the top layer, position fixed) by its anchor: above it, or below where there is no
 * room; always inside the window. align: which edges or middles meet; beside: on the anchor's line, behind its
 * end, if there is room.
 */
export function placeBy(
  anchor: Element,
  popover: HTMLElement,
  align: "start" | "end" | "centre" | "beside",
): void {
  const { top, bottom, left, right, width } = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = popover;
  const above = top - offsetHeight - GAP_PX;
  const below = Math.min(bottom + GAP_PX, innerHeight - offsetHeight - GAP_PX);
  const reversed = getComputedStyle(anchor).direction === "rtl";
  const start = reversed ? right - offsetWidth : left;
  const behind = reversed ? left - offsetWidth - GAP_PX : right + GAP_PX;
  if (align === "beside" && behind >= GAP_PX && behind + offsetWidth <= innerWidth - GAP_PX) {
    popover.style.top = `${Math.max(GAP_PX, (top + bottom - offsetHeight) / 2)}px`;
    popover.style.left = `${behind}px`;
    return;
  }
  const end = reversed ? left : right - offsetWidth;
  const x = align === "start" ? start : align === "end" ? end : left + width / 2 - offsetWidth / 2;
  popover.style.top = `${above >= GAP_PX ? above : below}px`;
  popover.style.left = `${Math.max(GAP_PX, Math.min(innerWidth - offsetWidth - GAP_PX, x))}px`;
}
