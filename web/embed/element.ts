export type Child = Node | string;

/** Make an element. Text is text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = "",
  ...inside: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}
