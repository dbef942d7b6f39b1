import { placeBy } from "./place";

/** Put a popover by its button whenever it opens, and say so on the button. For `@toggle`. */
export function opened(event: Event, button: Element | null): boolean {
  const popover = event.target as HTMLElement;
  const open = (event as ToggleEvent).newState === "open";
  button?.setAttribute("aria-expanded", open ? "true" : "false");
  if (!open) regain(button, popover);
  if (open && button) {
    placeBy(button, popover, "end");
    popover.querySelector<HTMLElement>("input, [autofocus]")?.focus({ preventScroll: true });
  }
  return open;
}

/** Who was in a popover when it closed is back at its button; who has gone elsewhere stays there. */
export function regain(button: Element | null, popover: HTMLElement): void {
  const inside = popover.contains((popover.getRootNode() as ShadowRoot).activeElement);
  const nowhere = document.activeElement === document.body;
  if ((inside || nowhere) && button instanceof HTMLElement) button.focus({ preventScroll: true });
}
