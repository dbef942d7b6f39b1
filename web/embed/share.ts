import type { Position, Topic } from "../live/protocol";
import type { ToWidget, Told, Wanted } from "./messages";
import { Stream, type Source } from "./stream";

/** One widget: how to tell it something. */
export type Member = (message: ToWidget) => void;

/** One stream for all the widgets of a page, whatever they show. */
export class Share {
  readonly #members = new Map<Member, Wanted>();
  readonly #stream: Stream;
  #live = false;
  #barred = false;

  constructor(origin: string, open?: (address: string) => Source) {
    const ears = {
      told: (told: Told): void => this.#tell(told),
      standing: (live: boolean): void => this.#stand(live),
      barred: (): void => this.bar(),
    };
    this.#stream = open ? new Stream(origin, ears, open) : new Stream(origin, ears);
  }

  join(member: Member): void {
    this.#members.set(member, {});
    member(this.#barred ? { op: "alone" } : { op: "standing", live: this.#live });
  }

  leave(member: Member): void {
    this.#members.delete(member);
    this.#gather();
  }

  follow(member: Member, wanted: Wanted): void {
    const before = this.#members.get(member);
    if (!before) return;
    this.#members.set(member, wanted);
    // What it followed already it has heard as far as the stream stands, whatever it had folded when it said this.
    this.#gather(Object.entries(wanted).filter(([topic]) => !Object.hasOwn(before, topic)));
    member({ op: "standing", live: this.#live });
  }

  /** The stream goes on where it stands; whom `begun` is new to may stand further back, and the others pass over that. */
  #gather(begun: readonly (readonly [Topic, Position | ""])[] = []): void {
    const all: Record<Topic, Position | ""> = {};
    for (const wanted of this.#members.values()) for (const topic of Object.keys(wanted)) all[topic] = "";
    this.#stream.follow({ ...all, ...Object.fromEntries(begun) });
  }

  #tell(told: Told): void {
    for (const [member, wanted] of this.#members) {
      if (Object.hasOwn(wanted, told.topic)) member({ op: "told", told });
    }
  }

  #stand(live: boolean): void {
    this.#live = live;
    for (const member of this.#members.keys()) member({ op: "standing", live });
  }

  /** This page may not open a stream (its policy), or there is no server: then each widget tries for itself. */
  bar(): void {
    if (this.#barred) return;
    this.#barred = true;
    for (const member of [...this.#members.keys()]) member({ op: "alone" });
    this.#stream.follow({});
  }
}
