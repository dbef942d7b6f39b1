import type { Post, User } from "../live/protocol";
import { say } from "../words/words";
import { studio } from "./studio";

/** What can be shared: a picture, or somebody's pictures. */
export type Shared =
  { readonly kind: "post"; readonly post: Post } | { readonly kind: "person"; readonly user: User };

/** Open the sheet with everything that can be done with an address. */
export function shareLink(post: Post): Promise<void> {
  return shareFeed({ kind: "post", post });
}

export async function shareFeed(shared: Shared): Promise<void> {
  try {
    const { ShareSheet } = await import("./share-sheet");
    ShareSheet.open(shared);
  } catch {
    studio.live.notices.say({ text: say("share.away"), tone: "bad" });
  }
}
