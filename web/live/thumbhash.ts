/**
 * Decoder of ThumbHash, the 25-byte picture of a picture (format by Evan Wallace, MIT): a few cosine
 * waves of lightness, yellow-blue, red-green and opacity.
 */

export interface Placeholder {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

const LONGEST_SIDE = 32;

/** Return the placeholder of a base64 hash, or null when it is none. */
export function decodeThumbhash(base64: string): Placeholder | null {
  const bytes = fromBase64(base64);
  return bytes && bytes.length >= 5 ? draw(bytes) : null;
}

interface Channel {
  readonly dc: number;
  /** Waves along x and y; those with x·ny + y·nx ≥ nx·ny are cut off. */
  readonly nx: number;
  readonly ny: number;
  readonly ac: readonly number[];
}

function draw(bytes: Uint8Array): Placeholder {
  const head = byte(bytes, 0) | (byte(bytes, 1) << 8) | (byte(bytes, 2) << 16);
  const tail = byte(bytes, 3) | (byte(bytes, 4) << 8);
  const hasAlpha = Boolean(head >> 23);
  const landscape = Boolean(tail >> 15);
  const short = tail & 7;
  const long = hasAlpha ? 5 : 7;
  const lx = Math.max(3, landscape ? long : short);
  const ly = Math.max(3, landscape ? short : long);
  const nibbles = nibblesFrom(bytes, hasAlpha ? 6 : 5);
  const lightness = channel((head & 63) / 63, ((head >> 18) & 31) / 31, lx, ly, nibbles);
  const yellowBlue = channel(((head >> 6) & 63) / 31.5 - 1, (((tail >> 3) & 63) / 63) * 1.25, 3, 3, nibbles);
  const redGreen = channel(((head >> 12) & 63) / 31.5 - 1, (((tail >> 9) & 63) / 63) * 1.25, 3, 3, nibbles);
  const opacity = hasAlpha
    ? channel((byte(bytes, 5) & 15) / 15, (byte(bytes, 5) >> 4) / 15, 5, 5, nibbles)
    : null;
  const ratio = (landscape ? long : short) / (landscape ? short : long);
  const width = Math.round(ratio > 1 ? LONGEST_SIDE : LONGEST_SIDE * ratio);
  const height = Math.round(ratio > 1 ? LONGEST_SIDE / ratio : LONGEST_SIDE);
  return { width, height, rgba: paint(width, height, lightness, yellowBlue, redGreen, opacity) };
}

function paint(
  width: number,
  height: number,
  lightness: Channel,
  yellowBlue: Channel,
  redGreen: Channel,
  opacity: Channel | null,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const u = (x + 0.5) / width;
      const v = (y + 0.5) / height;
      const l = valueAt(lightness, u, v);
      const p = valueAt(yellowBlue, u, v);
      const q = valueAt(redGreen, u, v);
      const blue = l - (2 / 3) * p;
      const red = (3 * l - blue + q) / 2;
      rgba[at] = 255 * red;
      rgba[at + 1] = 255 * (red - q);
      rgba[at + 2] = 255 * blue;
      rgba[at + 3] = opacity ? 255 * valueAt(opacity, u, v) : 255;
    }
  }
  return rgba;
}

function valueAt(wave: Channel, u: number, v: number): number {
  let value = wave.dc;
  let index = 0;
  for (let cy = 0; cy < wave.ny; cy++) {
    const vertical = Math.cos(Math.PI * v * cy) * 2;
    for (let cx = cy ? 0 : 1; cx * wave.ny < wave.nx * (wave.ny - cy); cx++, index++) {
      value += (wave.ac[index] ?? 0) * Math.cos(Math.PI * u * cx) * vertical;
    }
  }
  return value;
}

/** Saturation is boosted by 1.25 for the colours (in `scale`), as the format says, to make up for quantising. */
function channel(dc: number, scale: number, nx: number, ny: number, nibbles: Iterator<number>): Channel {
  const ac: number[] = [];
  for (let cy = 0; cy < ny; cy++) {
    for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx++) {
      ac.push(((nibbles.next().value ?? 0) / 7.5 - 1) * scale);
    }
  }
  return { dc, nx, ny, ac };
}

function* nibblesFrom(bytes: Uint8Array, start: number): Generator<number, undefined> {
  for (let index = start; index < bytes.length; index++) {
    yield byte(bytes, index) & 15;
    yield byte(bytes, index) >> 4;
  }
  return undefined;
}

function byte(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function fromBase64(base64: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
