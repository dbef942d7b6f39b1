import type { Post } from "../live/protocol";

/** Ask the page to open a room where a picture is remixed together. */
export function together(from: HTMLElement, post: Post): void {
  from.dispatchEvent(new CustomEvent<Post>("together", { detail: post, bubbles: true, composed: true }));
}

/** Ask the page for the sheet that begins a picture from another one. */
export function remix(from: HTMLElement, post: Post): void {
  from.dispatchEvent(new CustomEvent<Post>("remix", { detail: post, bubbles: true, composed: true }));
}
