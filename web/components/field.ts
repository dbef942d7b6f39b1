/** Return what has the focus, however many shadows down; null: nothing has. */
export function deepFocus(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

/** Take the keyboard out of whatever is being written, so that the next key is a tool's. */
export function leaveField(): void {
  const active = deepFocus();
  if (active instanceof HTMLTextAreaElement || active instanceof HTMLInputElement) active.blur();
}

/** Whether a key is one letter, figure or sign: what is spoken to a machine, or pressed by mistake, may be one. */
export function isSingle(event: KeyboardEvent): boolean {
  return event.key.length === 1 && event.key !== " ";
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
