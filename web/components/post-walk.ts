import { lineOf } from "../live/lineage-line";
import { pathOfPost } from "../live/route";
import { Walk, type Ground, type Road } from "../live/walk";
import { studio } from "./studio";

const IN_FEED: readonly Road[] = ["feed"];
const THROUGH_REMIXES: readonly Road[] = ["lineage"];
const ONWARDS: readonly Road[] = ["lineage", "feed"];

/** From picture to picture: to the neighbours in the feed, and through the tree of remixes one by one. */
export class PostWalk {
  readonly #walk = new Walk();

  /** The pictures before and after this one in the feed, null where there is none. */
  neighbours(post: string): { readonly before: string | null; readonly after: string | null } {
    const ground = this.#ground(post);
    return {
      before: this.#walk.beside(post, -1, IN_FEED, ground),
      after: this.#walk.beside(post, 1, IN_FEED, ground),
    };
  }

  /** The pictures of the tree in one line, and where this one stands in it. */
  line(post: string): { readonly line: readonly string[]; readonly at: number } {
    const { lineage } = studio.live.state;
    const line = lineage?.loaded ? lineOf(lineage.nodes) : [];
    return { line, at: line.indexOf(post) };
  }

  inFeed(post: string, step: 1 | -1): void {
    this.#go(post, step, IN_FEED);
  }

  throughRemixes(post: string, step: 1 | -1): void {
    this.#go(post, step, THROUGH_REMIXES);
  }

  /** Through the tree of remixes, and beyond its end in the feed. */
  onwards(post: string, step: 1 | -1): void {
    this.#go(post, step, ONWARDS);
  }

  #go(post: string, step: 1 | -1, roads: readonly Road[]): void {
    const next = this.#walk.take(post, step, roads, this.#ground(post));
    if (next) studio.router.replace(pathOfPost(next));
  }

  #ground(post: string): Ground {
    const { feeds, gone } = studio.live.state;
    const order = (feeds.get(studio.feed)?.blocks ?? []).flatMap((block) => block.posts);
    const { line, at } = this.line(post);
    return { order, line: at < 0 ? [] : line, gone };
  }
}
