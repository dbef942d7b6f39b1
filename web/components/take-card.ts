import type { PictureCard } from "./picture-card";

/** So many frames a wall has to draw what was hung on it. */
const FRAMES = 60;

/** Give the focus to a picture as soon as the wall under this root has drawn it. */
export async function takeCard(root: ParentNode, post: string | undefined): Promise<void> {
  for (let frame = 0; frame < FRAMES; frame++) {
    await new Promise(requestAnimationFrame);
    const card = drawn(root).find((one) => one.post === post);
    if (!card) continue;
    card.focus({ preventScroll: true });
    return;
  }
}

/** The cards that are drawn, two shadows down. */
function drawn(root: ParentNode): readonly PictureCard[] {
  const blocks = root.querySelector("feed-wall")?.shadowRoot?.querySelectorAll("masonry-block") ?? [];
  return [...blocks].flatMap((block) => [
    ...(block.shadowRoot?.querySelectorAll<PictureCard>("picture-card") ?? []),
  ]);
}
