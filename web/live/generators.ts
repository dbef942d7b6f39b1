import type { Api } from "./api";

/** What a whole number may be, in steps of `multiple`. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly default: number;
  readonly multiple: number;
}

/** What makes pictures here, and what it can. Source: docs/protocol.md, `GET /api/generators`. */
export interface Generator {
  readonly name: string;
  readonly title: string;
  /** A term of the IPTC's; its last part says whether it learned from pictures. */
  readonly digital_source_type: string;
  /** Pixels of a side. */
  readonly sizes: Bounds;
  readonly steps: Bounds;
  /** It starts from a parent's picture; else it has the words alone. */
  readonly remixes: boolean;
  readonly masks: boolean;
}

/** A shape that may be asked for, in pixels. */
export interface Shape {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

export const SHAPES: readonly Shape[] = [
  { name: "1:1", width: 768, height: 768 },
  { name: "4:3", width: 768, height: 576 },
  { name: "3:4", width: 576, height: 768 },
  { name: "3:2", width: 768, height: 512 },
  { name: "2:3", width: 512, height: 768 },
];
/** How far what can be made may be from a shape and still go by its name. */
const SQUEEZE = 1.06;

/** Return what can be asked of; the first one is the server's own choice. Raises Problem. */
export async function generatorsOf(api: Pick<Api, "call">): Promise<readonly Generator[]> {
  return (await api.call<{ generators: readonly Generator[] }>("GET", "/api/generators")).generators;
}

/** The one that paints: who is wished for, unless it is not here any more or cannot do it; null: the server decides. */
export function painterFor(
  generators: readonly Generator[],
  wished: string | null,
  remixing: boolean,
): Generator | null {
  const able = generators.filter(({ remixes }) => remixes || !remixing);
  const among = able.length ? able : generators;
  return among.find(({ name }) => name === wished) ?? among[0] ?? null;
}

/** The shapes that a generator can make, each in the size of it that is nearest to the usual one. */
export function shapesOf(generator: Generator | null): readonly Shape[] {
  if (!generator) return SHAPES;
  const { sizes } = generator;
  const made = SHAPES.map((shape) => fitted(shape, sizes));
  const kept = made.filter((shape, index) => squeeze(shape, SHAPES[index]!) <= SQUEEZE);
  return kept.length ? kept : made.slice(0, 1);
}

/** The one of some shapes that is nearest to a picture's. */
export function nearestShape(
  picture: { readonly width: number; readonly height: number },
  shapes: readonly Shape[] = SHAPES,
): Shape {
  return shapes.reduce((best, shape) => (squeeze(shape, picture) < squeeze(best, picture) ? shape : best));
}

/** How much one shape is stretched against another: 1 is not at all. */
function squeeze(
  one: { readonly width: number; readonly height: number },
  other: { readonly width: number; readonly height: number },
): number {
  const by = (one.width * other.height) / (one.height * other.width);
  return Math.max(by, 1 / by);
}

/** Of its shape as far as there is one. The server does the same for rooms: generation/documents.py, `fitted_size`. */
function fitted({ name, width, height }: Shape, { low, high, multiple }: Bounds): Shape {
  const longer = Math.max(width, height);
  const within = Math.min(high, Math.max(low, longer)) / longer;
  const scale = Math.min(high / longer, Math.max(within, low / Math.min(width, height)));
  const whole = (side: number): number =>
    Math.min(high, Math.max(low, Math.round((side * scale) / multiple) * multiple));
  return { name, width: whole(width), height: whole(height) };
}
