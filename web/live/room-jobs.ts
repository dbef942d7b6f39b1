import { JOB_EVENTS } from "./easel";
import { isVariationOver, type RoomState } from "./fold-room";
import type { Live } from "./live";
import type { Generation } from "./protocol";
import type { Variation } from "./room-protocol";

/** The last events of a job may still be on their way when the room says that it is over. */
const LINGER_MS = 5_000;

/** The room's variations as jobs that everybody in it watches: each is followed as long as it is being painted. */
export class RoomJobs {
  readonly #live: Live;
  readonly #followed = new Map<string, () => void>();

  constructor(live: Live) {
    this.#live = live;
  }

  /** Hold what the page knows of these jobs, and follow those that are not over. */
  hold(state: RoomState): void {
    const { variations } = state;
    const known = this.#live.state.generations;
    const over = variations.filter(isVariationOver);
    this.#live.dispatch(
      { kind: "hold", generations: variations.map(({ id }) => id) },
      ...variations.map(
        (variation) =>
          ({ kind: "generation", generation: generationOf(variation, state), easel: null }) as const,
      ),
      ...over.map(
        (variation) => ({ kind: "generation-over", generation: generationOf(variation, state) }) as const,
      ),
      ...over
        .filter(({ id }) => !known.has(id))
        .map(({ id }) => ({ kind: "settle", generation: id }) as const),
    );
    for (const variation of variations) this.#follow(variation);
  }

  close(): void {
    for (const leave of this.#followed.values()) leave();
    this.#followed.clear();
    this.#live.dispatch({ kind: "hold", generations: [] });
  }

  #follow(variation: Variation): void {
    const { id, topic } = variation;
    const leave = this.#followed.get(id);
    if (isVariationOver(variation)) {
      if (leave) setTimeout(leave, LINGER_MS);
      this.#followed.delete(id);
    } else if (!leave) this.#followed.set(id, this.#live.follow(topic, { latest: JOB_EVENTS }));
  }
}

/** A variation as the job that paints it. */
function generationOf(variation: Variation, { room }: RoomState): Generation {
  const { id, topic, author, prompt, state, created, media } = variation;
  const size = media ?? room?.post?.media ?? { width: 768, height: 768 };
  return {
    id,
    topic: topic || `generation:${id}`,
    author,
    prompt,
    state,
    created,
    media: media ?? null,
    width: variation.width ?? size.width,
    height: variation.height ?? size.height,
    error: variation.code
      ? { stage: "painting", code: variation.code, message: variation.message ?? "" }
      : null,
  };
}
