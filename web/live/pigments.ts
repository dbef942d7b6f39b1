import type { Theme } from "./palette";

/** The colours of the people in a room, in the order they are given out: for flags, whose text is dark. */
const FLAGS = ["#ff7a52", "#f2b705", "#41d6a1", "#4fc3f0", "#9fa8ff", "#f08ad0", "#b48cff", "#d9a55b"];
/** The same by day, for rings, carets and dabs on a light wall. */
const BY_DAY = ["#ff3f05", "#aa8000", "#169669", "#0392c9", "#6977ff", "#f333b7", "#9b66ff", "#bb7a1e"];
/** Somebody who is not on the roster. */
const NOBODY = { night: "#bbbcb7", day: "#7b7f7b" } as const;

/** Return the colour behind a flag's dark words. */
export function flagColour(pigment: number | null): string {
  return pigment === null ? NOBODY.night : (FLAGS[pigment % FLAGS.length] ?? NOBODY.night);
}

/** Return the colour of a ring, caret or dab on the wall. */
export function pigmentColour(pigment: number | null, theme: Theme): string {
  const colours = theme === "day" ? BY_DAY : FLAGS;
  return pigment === null ? NOBODY[theme] : (colours[pigment % colours.length] ?? NOBODY[theme]);
}
