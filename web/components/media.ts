import type { ReactiveControllerHost } from "lit";

/**
 * What the window or the system says to a media query, and its changes.
 *
 * The answer is kept here. Chromium tells a change with the next frame, and not at all if somebody read the query's own
 * `matches` between the change and that frame.
 */
export class Media {
  #matches: boolean;
  readonly #listeners = new Set<() => void>();

  constructor(query: string) {
    const media = matchMedia(query);
    this.#matches = media.matches;
    media.addEventListener("change", (event) => {
      this.#matches = event.matches;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  get matches(): boolean {
    return this.#matches;
  }

  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Each change draws this element anew, while it is part of the page or when it is so again. */
  redraws(host: ReactiveControllerHost): void {
    const redraw = (): void => host.requestUpdate();
    host.addController({
      hostConnected: () => {
        this.#listeners.add(redraw);
        redraw();
      },
      hostDisconnected: () => this.#listeners.delete(redraw),
    });
  }
}
