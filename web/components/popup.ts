import { placeBy } from "./place";

/** Put a popover by its button whenever it opens, and say so on the button. For `@toggle`. */
export function opened(event: Event, button: Element | null): boolean {
  const popover = event.target as HTMLElement;
  const open = (event as ToggleEvent).newState === "open";
  button?.setAttribute("aria-expanded", open ? "true" : "false");
  if (open && button) {
    placeBy(button, popover, "end");
    popover.querySelector<HTMLElement>("input, [autofocus]")?.focus({ preventScroll: true });
  }
  return open;
}
