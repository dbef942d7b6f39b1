import type { ReactiveController, ReactiveControllerHost } from "lit";
import { generatorsOf, type Generator } from "../live/generators";
import { studio } from "./studio";

let known: readonly Generator[] = [];

/**
 * What can be asked to paint here: read again each time its host is shown, and what was read before until then. Nobody is
 * asked where it is given.
 */
export class GeneratorList implements ReactiveController {
  readonly #host: ReactiveControllerHost;

  readonly #given: () => readonly Generator[] | null;

  constructor(host: ReactiveControllerHost, given: () => readonly Generator[] | null = () => null) {
    this.#host = host;
    this.#given = given;
    host.addController(this);
  }

  get all(): readonly Generator[] {
    return this.#given() ?? known;
  }

  hostConnected(): void {
    if (!this.#given()) void read().then(() => this.#host.requestUpdate());
  }
}

/** Without the list there is nothing to choose; the server takes its first one. */
async function read(): Promise<void> {
  known = await generatorsOf(studio.live.api).catch(() => known);
}
