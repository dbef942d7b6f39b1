import { newKey } from "../live/key";
import { asProblem } from "../live/problem";
import type { Post } from "../live/protocol";
import type { Room } from "../live/room-protocol";
import { pathOfRoom } from "../live/route";
import { studio } from "./studio";

/** The room that is asked for; asked again after a failure it is the same one. */
let opening = { post: "", key: "" };

/** Go to a room around the picture of a `together` event: one that I am in already, if I like, or a new one. */
export async function openRoom(event: CustomEvent<Post>): Promise<void> {
  const post = event.detail;
  // What rooms need is on its way meanwhile.
  void import("../pages/room");
  const known = await continued(post.id);
  if (!known.length) return openNew(post.id);
  const { showRooms } = await import("./room-list");
  showRooms(post, known, () => void openNew(post.id));
}

/** The rooms I am in, the one I came into last first. post: only those around it. Throws a Problem. */
export async function myRooms(post?: string): Promise<readonly Room[]> {
  const query = new URLSearchParams({ mine: "1", ...(post ? { post } : {}) });
  const { rooms } = await studio.live.api.call<{ rooms: readonly Room[] }>("GET", `/api/rooms?${query}`);
  return post ? rooms.filter(({ parent_id: parent }) => parent === post) : rooms;
}

/** Rooms around a picture that can be gone on with. */
async function continued(post: string): Promise<readonly Room[]> {
  try {
    return (await myRooms(post)).filter(({ state }) => state === "open");
  } catch {
    // Whether there is one cannot be known now: then a new one is opened, or it is said why not.
    return [];
  }
}

async function openNew(id: string): Promise<void> {
  if (opening.post !== id) opening = { post: id, key: newKey() };
  try {
    const { room } = await studio.live.api.openRoom(id, opening.key);
    opening = { post: "", key: "" };
    studio.router.go(pathOfRoom(room.id));
  } catch (error) {
    studio.live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
  }
}
