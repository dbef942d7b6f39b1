/** The order in which the page comes to be: the first feed, what is alive in it, then all that can wait. */

import { fontsReady } from "../components/measure";
import { firstPicture } from "../components/picture-frame";
import { studio } from "../components/studio";
import type { Topic } from "../live/protocol";

/** So long an empty page waits for the first feed: then it is drawn without, and filled when the feed comes. */
const EMPTY_MS = 150;
/** What else the page needs waits no longer than this for the first feed. */
const SLOW_MS = 1_500;
/** When the page has settled, the parts that are not needed at first are fetched. */
const SOON_MS = 2_500;

/** Settles when a feed is here, or why it is not. */
export function found(topic: Topic): Promise<void> {
  const answered = (): boolean =>
    studio.wall.problems.has(topic) || (studio.live.state.feeds.get(topic)?.loaded ?? false);
  return new Promise((resolve) => {
    if (answered()) return resolve();
    const stop = studio.live.listen(() => {
      if (!answered()) return;
      stop();
      resolve();
    });
  });
}

/**
 * Settles when the page can be drawn as it will stay. A page that is drawn empty and filled a moment later is drawn
 * twice, and the first feed is on its way since before the page's program was.
 */
export function drawable(topic: Topic | null): Promise<unknown> {
  if (!topic) return Promise.resolve();
  return Promise.race([Promise.all([found(topic), fontsReady()]), pause(EMPTY_MS)]);
}

/** Settles when the first feed is drawn, and is about to be painted; at once where there is none to wait for. */
export function drawn(topic: Topic | null): Promise<unknown> {
  // My own feed is for somebody, whom only the server can name.
  if (!topic || topic === "feed:following") return Promise.resolve();
  return Promise.race([found(topic).then(frame), pause(SLOW_MS)]);
}

/** Settles when the first picture of the first feed was painted; at once where there is no feed to wait for. */
export function hung(topic: Topic | null): Promise<unknown> {
  if (!topic) return Promise.resolve();
  return Promise.race([
    firstPicture()
      .then(frame)
      .then(() => pause(0)),
    empty(topic),
    pause(SLOW_MS),
  ]);
}

/** What is opened first is at hand by then. What did not come is asked for again with the line: nobody else asks for all of it. */
export function fetchSoon(): void {
  setTimeout(() => {
    fetchRest();
    studio.live.comeback.listen(fetchRest);
  }, SOON_MS);
  // Without a line nothing else is coming: what is remembered of us is shown at once.
  const stop = studio.live.listen(() => {
    if (!studio.live.keptOut) return;
    stop();
    fetchRest();
  });
}

/** What is here is not asked for again. */
function fetchRest(): void {
  void Promise.allSettled([
    import("../components/live-region"),
    import("../components/post-view"),
    import("../components/create-sheet"),
    import("../components/unsent"),
  ]);
}

/** Settles when a feed is here and nothing hangs in it: then there is no picture to wait for. */
async function empty(topic: Topic): Promise<void> {
  await found(topic);
  if (studio.live.state.feeds.get(topic)?.blocks.length) await new Promise(() => undefined);
}

/** Settles when something is about to be painted; at once on a page that nobody sees, which is not painted. */
function frame(): Promise<unknown> {
  return document.hidden ? Promise.resolve() : new Promise((resolve) => requestAnimationFrame(resolve));
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}
