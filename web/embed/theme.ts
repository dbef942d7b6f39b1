import { VARIABLES, VARIABLE_NAMES, type Look } from "./look";

/** When it is wide enough for the large picture. */
const NARROW = "(max-width: 419px)";

/** Put a look on a document, by its root. Values that are not what they should be are left out. */
export function dressed(look: Look, root: HTMLElement = document.documentElement): void {
  root.dataset["theme"] = look.theme;
  // A page that reads from right to left wants its widget so; an Arabic widget reads so in any page.
  if (look.dir === "rtl" || root.lang !== "ar") root.dir = look.dir;
  root.toggleAttribute("data-grows", look.grows);
  root.toggleAttribute("data-own", Boolean(look.panel || look.ink));
  for (const name of VARIABLE_NAMES) {
    const value = look[name];
    if (value && CSS.supports(VARIABLES[name], value)) root.style.setProperty(`--${name}`, value);
    else root.style.removeProperty(`--${name}`);
  }
  const compact = root.ownerDocument.getElementById("compact");
  if (compact instanceof HTMLStyleElement) {
    compact.media = look.layout === "compact" ? "all" : look.layout === "wide" ? "not all" : NARROW;
  }
}
