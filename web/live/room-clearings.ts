import type { Awareness } from "y-protocols/awareness";

export type Cleared = "paint" | "mask" | "all";

interface Told {
  readonly user?: { readonly id?: string; readonly handle?: string };
  readonly cleared?: { readonly what?: unknown; readonly count?: unknown };
}

/**
 * Who has cleared what. A document does not say who takes strokes away: whoever clears tells it by the awareness, where
 * the server sees to the name.
 */
export class Clearings {
  readonly #awareness: Awareness;
  /** Of each client, how often it had cleared when it was heard last. */
  readonly #counts = new Map<number, number>();
  #mine = 0;

  /** heard: told who cleared what, while we were both here. */
  constructor(awareness: Awareness, heard: (user: string, handle: string, what: Cleared) => void) {
    this.#awareness = awareness;
    awareness.on(
      "change",
      ({ added, updated, removed }: Record<"added" | "updated" | "removed", number[]>) => {
        for (const client of removed) this.#counts.delete(client);
        for (const client of added) this.#counts.set(client, this.#told(client).count);
        for (const client of updated) {
          const { count, what, user, handle } = this.#told(client);
          const before = this.#counts.get(client) ?? 0;
          this.#counts.set(client, count);
          if (client !== awareness.clientID && what && count > before) heard(user, handle, what);
        }
      },
    );
    // A client's very first state is passed over by the others: they know me by this one before I clear anything.
    awareness.setLocalStateField("cleared", { count: 0 });
  }

  /** Tell the others that I have. */
  tell(what: Cleared): void {
    this.#mine += 1;
    this.#awareness.setLocalStateField("cleared", { what, count: this.#mine });
  }

  /** What others say is taken for what it is. */
  #told(client: number): { count: number; what: Cleared | null; user: string; handle: string } {
    const { user, cleared } = (this.#awareness.getStates().get(client) ?? {}) as Told;
    const { what, count } = cleared ?? {};
    return {
      count: typeof count === "number" ? count : 0,
      what: what === "paint" || what === "mask" || what === "all" ? what : null,
      user: user?.id ?? "",
      handle: user?.handle ?? "",
    };
  }
}
