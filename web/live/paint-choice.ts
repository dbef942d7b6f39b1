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
