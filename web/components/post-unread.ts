import type { ReactiveControllerHost } from "lit";
import { recallPost } from "../live/kept-post";
import type { PictureFrame } from "./picture-frame";
import { studio } from "./studio";

/** Pictures on walls come in these widths, the larger first. */
const SMALLER = [512, 256] as const;

/** A post that cannot be read for want of a line: it is shown as it was kept, in the largest size that is at hand. */
export class PostUnread {
  readonly #host: ReactiveControllerHost;
  #post = "";
  #asked = false;
  #recalled = false;
  #away = false;
  /** Above this width (px) the picture did not come. */
  #most: number | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** Whether it is still being looked for among what was kept. */
  get isLooking(): boolean {
    return this.#asked && !this.#recalled;
  }

  /** The room of the picture where it must be a small one, else null. */
  get sizes(): string | null {
    return this.#most === null ? null : `${this.#most / devicePixelRatio}px`;
  }

  /** Look how it stands with a post. */
  look(post: string): void {
    const problem = studio.conversation.problems.get(post);
    const another = post !== this.#post;
    if (another) this.#asked = this.#recalled = false;
    // With the line the whole picture is to be had.
    if (another || (this.#away && !problem)) this.#most = null;
    this.#post = post;
    this.#away = problem !== undefined;
    if (problem?.lineless && !this.#asked) void this.#recall(post);
  }

  /** A picture did not come: a smaller one may be here from the wall. */
  readonly lacks = (event: Event): void => {
    const picture = (event.target as PictureFrame).renderRoot.querySelector("img");
    const width = Number(/(\d+)\.webp$/.exec(picture?.currentSrc ?? "")?.[1]);
    this.#most = SMALLER.find((smaller) => smaller < width) ?? this.#most;
    this.#host.requestUpdate();
  };

  async #recall(post: string): Promise<void> {
    this.#asked = true;
    await recallPost(studio.live, post);
    if (post !== this.#post) return;
    this.#recalled = true;
    this.#host.requestUpdate();
  }
}
