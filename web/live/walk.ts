/** What leads from one picture to another: the order of the feed, or the line of a tree of remixes. */
export type Road = "feed" | "lineage";

/** What is walked through. */
export interface Ground {
  /** The pictures of the feed, newest first. */
  readonly order: readonly string[];
  /** The pictures of the tree that one stands in, in one line. */
  readonly line: readonly string[];
  readonly gone: { has(post: string): boolean };
}

interface Stop {
  readonly post: string;
  /** Where in the feed one is: walking through a lineage leaves it where it was. */
  readonly anchor: string;
  /** It was reached through the lineage: that it hangs in the feed as well is no matter. */
  readonly strayed: boolean;
}

interface Found {
  readonly post: string;
  readonly road: Road;
}

/**
 * A walk from picture to picture. It remembers where it has been, so that the way back is the way there: a lineage whose
 * end leads on in the feed is come back into at that end.
 */
export class Walk {
  #stops: Stop[] = [];
  /** How one came from each stop to the one after it. */
  #roads: Road[] = [];
  #at = 0;

  /** Return the picture after (1) or before (-1) this one, null where there is none. roads: tried in this order. */
  beside(post: string, step: 1 | -1, roads: readonly Road[], ground: Ground): string | null {
    return this.#find(post, step, roads, ground)?.post ?? null;
  }

  /** Go there. Return where one is then, null where one stays. */
  take(post: string, step: 1 | -1, roads: readonly Road[], ground: Ground): string | null {
    const found = this.#find(post, step, roads, ground);
    if (!found) return null;
    const { anchor } = this.#stand(post, ground);
    const known = this.#known(step);
    if (known?.post === found.post && known.road === found.road) {
      this.#at += step;
      return found.post;
    }
    const strayed = found.road === "lineage";
    const stop = { post: found.post, anchor: strayed ? anchor : found.post, strayed };
    const rest = step > 0 ? 0 : this.#at;
    const end = step > 0 ? this.#at : this.#stops.length;
    const stops = this.#stops.slice(rest, end + 1);
    const ways = this.#roads.slice(rest, end);
    this.#stops = step > 0 ? [...stops, stop] : [stop, ...stops];
    this.#roads = step > 0 ? [...ways, found.road] : [found.road, ...ways];
    this.#at = step > 0 ? this.#stops.length - 1 : 0;
    return found.post;
  }

  #find(post: string, step: 1 | -1, roads: readonly Road[], ground: Ground): Found | null {
    const { anchor } = this.#stand(post, ground);
    const known = this.#known(step);
    if (known && roads.includes(known.road) && !ground.gone.has(known.post)) return known;
    // Who walks the tree as well has been through it: the feed goes on beyond.
    const tree = new Set(roads.includes("lineage") ? ground.line : []);
    const order = ground.order.filter((id) => id === anchor || !(tree.has(id) || ground.gone.has(id)));
    for (const road of roads) {
      const next = road === "lineage" ? after(ground.line, post, step) : after(order, anchor, step);
      if (next !== null) return { post: next, road };
    }
    return null;
  }

  /** Stand before a picture. Whoever came to it otherwise than by walking begins another walk. */
  #stand(post: string, { order }: Ground): Stop {
    const before = this.#stops[this.#at];
    let stop = before?.post === post ? before : { post, anchor: before?.anchor ?? "", strayed: false };
    if (!stop.strayed && order.includes(post)) stop = { ...stop, anchor: post };
    if (before?.post === post) this.#stops[this.#at] = stop;
    else [this.#stops, this.#roads, this.#at] = [[stop], [], 0];
    return stop;
  }

  /** Where one has been, on that side. */
  #known(step: 1 | -1): Found | null {
    const post = this.#stops[this.#at + step]?.post;
    const road = this.#roads[step > 0 ? this.#at : this.#at - 1];
    return post !== undefined && road ? { post, road } : null;
  }
}

function after(posts: readonly string[], post: string, step: 1 | -1): string | null {
  const at = posts.indexOf(post);
  return at < 0 ? null : (posts[at + step] ?? null);
}
