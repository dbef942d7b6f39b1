import { lineOf } from "../live/lineage-line";
import { pathOfPost } from "../live/route";
import { studio } from "./studio";

/** From picture to picture: to the neighbours in the feed, and through the tree of remixes one by one. */
export class PostWalk {
  /** Where in the feed one is: walking through a lineage leaves it where it was. */
  #anchor = "";
  /** The picture that was reached through the lineage. */
  #strayed = "";

  /** The pictures before and after this one in the feed, null where there is none. */
  neighbours(post: string): { readonly before: string | null; readonly after: string | null } {
    const { feeds, gone } = studio.live.state;
    const order = (feeds.get(studio.feed)?.blocks ?? [])
      .flatMap((block) => block.posts)
      .filter((id) => !gone.has(id) || id === post);
    if (order.includes(post) && this.#strayed !== post) this.#anchor = post;
    const at = order.indexOf(this.#anchor);
    return at < 0
      ? { before: null, after: null }
      : { before: order[at - 1] ?? null, after: order[at + 1] ?? null };
  }

  /** The pictures of the tree in one line, and where this one stands in it. */
  line(post: string): { readonly line: readonly string[]; readonly at: number } {
    const { lineage } = studio.live.state;
    const line = lineage?.loaded ? lineOf(lineage.nodes) : [];
    return { line, at: line.indexOf(post) };
  }

  inFeed(post: string, step: 1 | -1): void {
    const { before, after } = this.neighbours(post);
    this.#go(step > 0 ? after : before);
  }

  /** Return whether there was another one. */
  throughRemixes(post: string, step: 1 | -1): boolean {
    const { line, at } = this.line(post);
    const next = at < 0 ? undefined : line[at + step];
    if (next === undefined) return false;
    this.neighbours(post);
    this.#strayed = next;
    this.#go(next);
    return true;
  }

  #go(post: string | null): void {
    if (post) studio.router.replace(pathOfPost(post));
  }
}
