import type { Live } from "./live";

/** The picture that a room began with, followed as long as the room is: when it is deleted, so is what is shown of it. */
export class RoomParent {
  readonly #live: Live;
  readonly #gone: () => void;
  readonly #doubtful: () => void;
  #followed: { readonly post: string; readonly leave: () => void } | null = null;

  /** gone: called when it is deleted. doubtful: it may have been deleted before; the room knows. */
  constructor(live: Live, gone: () => void, doubtful: () => void) {
    this.#live = live;
    this.#gone = gone;
    this.#doubtful = doubtful;
  }

  /** post: its id, "" when there is none. */
  follow(post: string): void {
    if (this.#followed?.post === post) return;
    this.close();
    if (!post) return;
    const topic = `post:${post}`;
    const stops = [
      this.#live.overhear(topic, {
        frames: () => this.#live.state.gone.has(post) && this.#gone(),
        refused: this.#doubtful,
      }),
      this.#live.follow(topic),
    ];
    this.#followed = { post, leave: () => stops.forEach((stop) => stop()) };
  }

  close(): void {
    this.#followed?.leave();
    this.#followed = null;
  }
}
