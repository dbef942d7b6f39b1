/** The inputs of the configurator's form. Their values are read by name, with FormData. */

import { element } from "./element";

/** Buttons of which one is pressed: radio inputs, so that arrow keys work as everybody knows them. */
export function choice<T extends string>(
  name: string,
  label: string,
  options: Readonly<Record<T, string>>,
  usual: NoInfer<T>,
): HTMLElement {
  const items = Object.entries<string>(options).map(([value, words]) => {
    const input = element("input");
    input.type = "radio";
    input.name = name;
    input.value = value;
    input.defaultChecked = value === usual;
    return element("label", "chip", input, element("span", "", words));
  });
  return element("fieldset", "", element("legend", "", label), element("div", "chips", ...items));
}

/** A line to write in. */
export function field(
  name: string,
  label: string,
  more: Partial<Pick<HTMLInputElement, "type" | "defaultValue" | "max" | "placeholder">> = {},
): HTMLLabelElement {
  const input = element("input", "text");
  Object.assign(input, { type: "text", name, autocomplete: "off", spellcheck: false }, more);
  return element("label", `field ${name}`, element("span", "", label), input);
}

/** A colour that may be left to the widget: the box says whether it is ours. spoken: its whole name. */
export function colour(name: string, label: string, spoken: string, usual: string): HTMLLabelElement {
  const own = element("input");
  own.type = "checkbox";
  own.name = `own-${name}`;
  const picker = element("input");
  picker.type = "color";
  picker.name = name;
  picker.defaultValue = usual;
  picker.ariaLabel = spoken;
  picker.addEventListener("input", () => (own.checked = true));
  return element("label", "colour", own, element("span", "", label), picker);
}

/** Put what was chosen in a form into another one with the same inputs. */
export function carryOver(chosen: FormData, to: HTMLFormElement): void {
  for (const input of to.elements) {
    if (!(input instanceof HTMLInputElement)) continue;
    if (input.type === "radio" || input.type === "checkbox")
      input.checked = chosen.getAll(input.name).includes(input.value);
    else input.value = String(chosen.get(input.name) ?? input.value);
  }
}
