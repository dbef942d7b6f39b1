import { pathOfPicture, pathOfPost } from "./route";
import type { Job } from "./state";

/** Where what was painted hangs: for everybody, or for its author alone. */
export function pathOfJob({ posted, generation }: Job): string {
  return posted ? pathOfPost(generation.id) : pathOfPicture(generation.id);
}
