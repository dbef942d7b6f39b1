import type { RoomState } from "./fold-room";
import type { Live } from "./live";
import type { RoomSession } from "./room";
import type { Variation } from "./room-protocol";
import { say } from "../words/words";

/** The variation that hangs on the wall, null when none does or it is not known. */
export function publishedOf({ post, variations }: Pick<RoomState, "post" | "variations">): Variation | null {
  return (post && variations.find(({ media }) => media?.sha256 === post.media.sha256)) ?? null;
}

/** Who published which variation. me: my id. */
export function publishedWords(state: Pick<RoomState, "post" | "variations">, me: string): string {
  const { post, variations } = state;
  const found = publishedOf(state);
  if (!post || !found) return say("strip.over");
  const number = variations.indexOf(found) + 1;
  return post.author.id === me
    ? say("publish.said-you", { number })
    : say("publish.said", { handle: post.author.handle, number });
}

/** What became of the room: its post, read where only the id is known, and told when somebody else has published. */
export class Publication {
  readonly #session: Pick<RoomSession, "state" | "me" | "dispatch">;
  readonly #api: Pick<Live["api"], "post">;
  readonly #told: (words: string) => void;
  /** This page saw the room before it was published. */
  #open = false;
  #asked = "";

  /** told: called once, when somebody else has published while this page was open. */
  constructor(
    session: Pick<RoomSession, "state" | "me" | "dispatch">,
    api: Pick<Live["api"], "post">,
    told: (words: string) => void,
  ) {
    this.#session = session;
    this.#api = api;
    this.#told = told;
  }

  /** To be called after every change of the room. */
  look(): void {
    const { state, me } = this.#session;
    const { room, post } = state;
    if (room?.state === "open") this.#open = true;
    else if (room?.published && !post) void this.#read(room.published);
    else if (post && this.#open) {
      this.#open = false;
      if (post.author.id !== me) this.#told(publishedWords(state, me));
    }
  }

  async #read(id: string): Promise<void> {
    if (this.#asked === id) return;
    this.#asked = id;
    try {
      const { post } = await this.#api.post(id);
      this.#session.dispatch({ kind: "published", post });
    } catch {
      // It may be deleted by now: then it is not known which one it was.
    }
  }
}
