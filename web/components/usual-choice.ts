import { SHAPES } from "../live/generators";
import { USUAL, type PaintChoice } from "../live/paint-choice";
import { studio } from "./studio";

/** What a new picture begins with: the shape and the painter that were chosen last in this browser. */
export function usualChoice(): PaintChoice {
  const shape = studio.choices.get("shape");
  const size = SHAPES.find(({ name }) => name === shape) ?? USUAL.size;
  return { ...USUAL, size, generator: studio.choices.get("generator") };
}

/** Remember a shape or a painter that was chosen now, for the next picture too. */
export function rememberChoice(before: PaintChoice, { size, generator }: PaintChoice): void {
  if (size !== before.size) studio.choices.set("shape", size.name);
  if (generator !== before.generator) studio.choices.set("generator", generator);
}
