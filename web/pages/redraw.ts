/** Draw every component again: each says its words in the language that is spoken now. */
export function redraw(root: ParentNode): void {
  for (const element of root.querySelectorAll("*")) {
    if ("requestUpdate" in element) (element as { requestUpdate(): void }).requestUpdate();
    if (element.shadowRoot) redraw(element.shadowRoot);
  }
}
