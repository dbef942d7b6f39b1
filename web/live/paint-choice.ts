import type { GenerationRequest } from "./api";
import { nearestShape, SHAPES, shapesOf, type Generator, type Shape } from "./generators";
import type { Generation } from "./protocol";

/** What of a picture is chosen besides its words. */
export interface PaintChoice {
  readonly size: Shape;
  /** Who paints it; null: the server's first. */
  readonly generator: string | null;
  /** "" for any. */
  readonly style: string;
  /** Null: any. */
  readonly seed: number | null;
  readonly everyone: boolean;
}

export const USUAL: PaintChoice = {
  size: SHAPES[0]!,
  generator: null,
  style: "",
  seed: null,
  everyone: true,
};

export const GREATEST_SEED = 2 ** 32 - 1;
const [ARABIC_ZERO, PERSIAN_ZERO] = [0x660, 0x6f0];

/** Return the seed that somebody has typed, in the figures of any of our languages: null for any; undefined is none. */
export function seedIn(typed: string): number | null | undefined {
  const figures = typed
    .trim()
    .replace(/[\u0660-\u0669]/g, (one) => String(one.charCodeAt(0) - ARABIC_ZERO))
    .replace(/[\u06f0-\u06f9]/g, (one) => String(one.charCodeAt(0) - PERSIAN_ZERO));
  if (!figures) return null;
  return /^\d+$/.test(figures) && Number(figures) <= GREATEST_SEED ? Number(figures) : undefined;
}

/** What was chosen for a picture that is asked for again in other words: any seed, the rest as it was. */
export function choiceOf(wish: Generation): PaintChoice {
  return {
    size: nearestShape(wish),
    generator: wish.generator ?? null,
    style: wish.style ?? "",
    seed: null,
    everyone: wish.publish ?? true,
  };
}

/**
 * Return the request for a picture, in a size that whoever paints it can make. painter: null as long as nobody is
 * known. parent: what it is to start from; its strength is said to those who can.
 */
export function requestFor(
  prompt: string,
  { size, style, seed, everyone }: PaintChoice,
  painter: Generator | null,
  {
    parent,
    strength,
    anySeed,
  }: { readonly parent: string | null; readonly strength: number; readonly anySeed: number },
): GenerationRequest {
  const { width, height } = nearestShape(size, shapesOf(painter));
  return {
    prompt,
    width,
    height,
    seed: seed ?? anySeed,
    publish: everyone,
    ...(painter ? { generator: painter.name } : {}),
    ...(style.trim() ? { style: style.trim() } : {}),
    ...(parent ? { parent } : {}),
    ...(parent && painter?.remixes !== false ? { strength } : {}),
  };
}
