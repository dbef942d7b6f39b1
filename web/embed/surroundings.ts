import { sealed, heardFromPage, type FromWidget, type ToWidget } from "./messages";
import { lookOf, type Look } from "./look";

/** What is around a widget: the page that frames it, how much of it is seen. */
export interface Surroundings {
  readonly look: Look;
  /** The page around says that it has a stream to share. */
  readonly fed: boolean;
  say(message: FromWidget): void;
  hear(listener: (message: ToWidget) => void): void;
  /** Tell whether anybody can see it, now and at each change. */
  seen(listener: (seen: boolean) => void): void;
  /** Tell the page how tall it would be, now and at each change. */
  resized(root: HTMLElement): void;
}

export const FED = "fed";

export function followed(): Surroundings {
  const hash = location.hash;
  const say = (message: FromWidget): void => {
    // A frame cannot know whose page it is in; there is nothing in it that the page may not know.
    if (parent !== window) parent.postMessage(sealed(message), "*");
  };
  return {
    look: lookOf(hash),
    fed: parent !== window && new URLSearchParams(hash.slice(1)).has(FED),
    say,
    hear(listener) {
      addEventListener("message", (event) => {
        const message = event.source === parent && parent !== window ? heardFromPage(event.data) : null;
        if (message) listener(message);
      });
      say({ op: "ready" });
    },
    seen(listener) {
      let inside = false;
      const tell = (): void => listener(inside && document.visibilityState === "visible");
      document.addEventListener("visibilitychange", tell);
      new IntersectionObserver((entries) => {
        inside = entries.at(-1)?.isIntersecting ?? inside;
        tell();
      }).observe(document.documentElement);
    },
    resized(root) {
      let told = 0;
      new ResizeObserver(() => {
        const height = Math.ceil(root.getBoundingClientRect().height);
        if (height === told) return;
        told = height;
        say({ op: "height", height });
      }).observe(root);
    },
  };
}
