import type { Live } from "./live";
import { asProblem } from "./problem";
import type { Generation, Post } from "./protocol";

/** How a picture was made, as far as that is still known. */
export interface Making {
  /** What made it here, "" of an upload. */
  readonly painter: string;
  readonly steps: number | null;
  readonly seed: number | null;
}

/**
 * Ask how a picture was made. A post has the id of the job it came from, unless it was published from a room. Of what is
 * not known (any more) nothing is said. Raises Problem when it may be known later: the server is away.
 */
export async function makingOf(live: Live, post: Post): Promise<Making> {
  const id = encodeURIComponent(post.id);
  const [provenance, made] = await Promise.all([
    live.api
      .call<{ provenance: { generator: { title: string } | null } }>("GET", `/api/posts/${id}/provenance`)
      .catch(unlessPassing),
    // An upload has no words: it was painted elsewhere. What a room published has names.
    post.prompt && !post.credits?.length
      ? live.api.call<{ generation: Generation }>("GET", `/api/generations/${id}`).catch(unlessPassing)
      : null,
  ]);
  return {
    painter: provenance?.provenance.generator?.title ?? "",
    steps: made?.generation.steps ?? null,
    seed: made?.generation.seed ?? null,
  };
}

function unlessPassing(error: unknown): null {
  const problem = asProblem(error);
  if (problem.passing) throw problem;
  return null;
}
