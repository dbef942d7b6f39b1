/** Colours of a picture, made readable on the wall: ordered by hue, moved in lightness until they stand out. */

/** The lightest (day) and darkest (night) surfaces a dab lies on: it must reach 3:1 on wall and panel. */
const SURFACES = { night: ["#161716", "#1f201f"], day: ["#eceeec", "#f8f9f8"] } as const;
const CONTRAST = 3;

export type Theme = keyof typeof SURFACES;

interface Oklch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

const cache = new Map<string, readonly string[]>();
const CACHE_ENTRIES = 400;

/** Return a picture's colours for one theme, by hue, each at least 3:1 on wall and panel. */
export function paletteFor(colours: readonly string[], theme: Theme): readonly string[] {
  const key = theme + colours.join();
  const known = cache.get(key);
  if (known) return known;
  if (cache.size >= CACHE_ENTRIES) cache.clear();
  const result = colours
    .filter((colour) => /^#[0-9a-f]{6}$/i.test(colour))
    .map(toOklch)
    .sort((left, right) => left.h - right.h)
    .map((colour) => readable(colour, theme));
  cache.set(key, result);
  return result;
}

/** Return the WCAG 2 contrast ratio of two colours `#rrggbb`. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((left, right) => right - left) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

function readable(colour: Oklch, theme: Theme): string {
  const step = theme === "night" ? 0.015 : -0.015;
  let current = colour;
  for (let tries = 0; tries < 66; tries++) {
    const hex = toHex(current);
    if (SURFACES[theme].every((surface) => contrast(hex, surface) >= CONTRAST)) return hex;
    current = { ...current, l: Math.min(1, Math.max(0, current.l + step)) };
  }
  return theme === "night" ? "#ffffff" : "#000000";
}

function luminance(hex: string): number {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function linear(hex: string): [number, number, number] {
  const value = (at: number): number => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return [value(1), value(3), value(5)];
}

/** sRGB to OKLCH (Björn Ottosson, 2020). */
function toOklch(hex: string): Oklch {
  const [r, g, b] = linear(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const hue = Math.atan2(bb, a);
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    c: Math.hypot(a, bb),
    h: hue < 0 ? hue + 2 * Math.PI : hue,
  };
}

function toHex({ l, c, h }: Oklch): string {
  const a = c * Math.cos(h);
  const b = c * Math.sin(h);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return (
    "#" +
    part(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short) +
    part(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short) +
    part(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short)
  );
}

function part(value: number): string {
  const clamped = Math.min(1, Math.max(0, value));
  const encoded = clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255)
    .toString(16)
    .padStart(2, "0");
}
