/** Take the keyboard out of whatever is being written, so that the next key is a tool's. */
export function leaveField(): void {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  if (active instanceof HTMLTextAreaElement || active instanceof HTMLInputElement) active.blur();
}

/** Whether a key goes into something that is written or chosen. */
export function isField(event: Event): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && target.type !== "range")
  );
}
