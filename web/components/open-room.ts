import { newKey } from "../live/key";
import { asProblem } from "../live/problem";
import type { Post } from "../live/protocol";
import { pathOfRoom } from "../live/route";
import { studio } from "./studio";

/** The room that is asked for; asked again after a failure it is the same one. */
let opening = { post: "", key: "" };

/** Open a room around the picture of a `together` event, and go there. */
export async function openRoom(event: CustomEvent<Post>): Promise<void> {
  const { id } = event.detail;
  if (opening.post !== id) opening = { post: id, key: newKey() };
  // What rooms need is on its way meanwhile.
  void import("../pages/room");
  try {
    const { room } = await studio.live.api.openRoom(id, opening.key);
    opening = { post: "", key: "" };
    studio.router.go(pathOfRoom(room.id));
  } catch (error) {
    studio.live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
  }
}
