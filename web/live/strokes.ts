/**
 * Finished strokes as the shared document holds them: packed, little-endian, the same bytes that the server renders.
 *
 * u8 version = 1 · u8 kind · u8 r, g, b · u16 diameter · u16 n · n × (u16 x, u16 y, u8 pressure)
 */

export const BRUSH = 0;
export const MASK = 1;
/** Takes brush paint away. */
export const ERASER = 2;
/** Takes the mask away. */
export const MASK_ERASER = 3;

export type StrokeKind = typeof BRUSH | typeof MASK | typeof ERASER | typeof MASK_ERASER;

export interface Stroke {
  readonly kind: StrokeKind;
  /** `#rrggbb`; black where the kind has no colour. */
  readonly colour: string;
  /** In 1/10,000 of the picture's longer side. */
  readonly diameter: number;
  /** x, y (0 to 65535: the picture's width and height), pressure (0 to 255), and so on. */
  readonly points: readonly number[];
}

export const FULL = 65_535;
export const FULL_PRESSURE = 255;
export const MOST_POINTS = 2_000;
const VERSION = 1;
const HEADER_BYTES = 9;
const POINT_BYTES = 5;
/** Of what takes away, and of masks. */
export const NO_COLOUR = "#000000";

export function packStroke({ kind, colour, diameter, points }: Stroke): Uint8Array<ArrayBuffer> {
  const many = points.length / 3;
  if (!Number.isInteger(many) || many < 1 || many > MOST_POINTS)
    throw new RangeError(`A stroke has 1 to ${MOST_POINTS} points.`);
  const bytes = new Uint8Array(HEADER_BYTES + many * POINT_BYTES);
  const view = new DataView(bytes.buffer);
  const rgb = kind === BRUSH ? parseInt(colour.slice(1), 16) : 0;
  bytes.set([VERSION, kind, rgb >> 16, (rgb >> 8) & 255, rgb & 255]);
  view.setUint16(5, diameter, true);
  view.setUint16(7, many, true);
  for (let index = 0; index < many; index++) {
    const at = HEADER_BYTES + index * POINT_BYTES;
    view.setUint16(at, points[3 * index] ?? 0, true);
    view.setUint16(at + 2, points[3 * index + 1] ?? 0, true);
    view.setUint8(at + 4, points[3 * index + 2] ?? 0);
  }
  return bytes;
}

/** Return the stroke that the bytes are, null if they are none. */
export function unpackStroke(bytes: unknown): Stroke | null {
  if (!(bytes instanceof Uint8Array) || bytes.length < HEADER_BYTES + POINT_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(1);
  const many = view.getUint16(7, true);
  const whole = bytes.length === HEADER_BYTES + many * POINT_BYTES;
  if (view.getUint8(0) !== VERSION || !isKind(kind) || many > MOST_POINTS || !whole) return null;
  const points = new Array<number>(3 * many);
  for (let index = 0; index < many; index++) {
    const at = HEADER_BYTES + index * POINT_BYTES;
    points[3 * index] = view.getUint16(at, true);
    points[3 * index + 1] = view.getUint16(at + 2, true);
    points[3 * index + 2] = view.getUint8(at + 4);
  }
  const rgb = (view.getUint8(2) << 16) | (view.getUint8(3) << 8) | view.getUint8(4);
  const colour = kind === BRUSH ? `#${rgb.toString(16).padStart(6, "0")}` : NO_COLOUR;
  return { kind, colour, diameter: view.getUint16(5, true), points };
}

export function isKind(kind: number): kind is StrokeKind {
  return kind === BRUSH || kind === MASK || kind === ERASER || kind === MASK_ERASER;
}

/** Whether it builds the mask; the other kinds build the paint over the picture. */
export function isOfMask({ kind }: Pick<Stroke, "kind">): boolean {
  return kind === MASK || kind === MASK_ERASER;
}

export function takesAway({ kind }: Pick<Stroke, "kind">): boolean {
  return kind === ERASER || kind === MASK_ERASER;
}

/** Return how wide the brush is at a point, in the unit of `longer`, the picture's longer side. */
export function widthAt(diameter: number, pressure: number, longer: number): number {
  return (diameter / 10_000) * longer * (0.35 + (0.65 * pressure) / FULL_PRESSURE);
}

/** Whether two are the same stroke, as far as its beginning tells: one of them may have been drawn further. */
export function sameBeginning(one: Stroke, other: Stroke): boolean {
  return (
    one.kind === other.kind &&
    one.diameter === other.diameter &&
    (one.kind !== BRUSH || one.colour === other.colour) &&
    one.points[0] === other.points[0] &&
    one.points[1] === other.points[1] &&
    one.points[2] === other.points[2]
  );
}
