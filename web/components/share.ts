import type { Post } from "../live/protocol";
import { pathOfPost } from "../live/route";
import { titleOf } from "../live/words";
import { studio } from "./studio";

/** Hand the link to the system's share sheet on a phone; elsewhere copy it. */
export async function shareLink(post: Post): Promise<void> {
  const url = new URL(pathOfPost(post.id), location.origin).href;
  if (matchMedia("(pointer: coarse)").matches && "share" in navigator) {
    // A dismissed sheet is not a failure.
    await navigator.share({ title: titleOf(post), url }).catch(() => undefined);
    return;
  }
  try {
    await navigator.clipboard.writeText(url);
    studio.live.notices.say({ text: "The link is copied." });
  } catch {
    studio.live.notices.say({ text: `Copy this link: ${url}` });
  }
}
