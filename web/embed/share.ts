import { comparePositions } from "../live/position";
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
    if (!this.#members.has(member)) return;
    this.#members.set(member, wanted);
    this.#gather();
    member({ op: "standing", live: this.#live });
  }

  /** Of several who follow a topic, the one who stands furthest back decides; the others know what comes twice. */
  #gather(): void {
    const all: Record<Topic, Position | ""> = {};
    for (const wanted of this.#members.values()) {
      for (const [topic, since] of Object.entries(wanted)) {
        const other = all[topic];
        all[topic] = other && since && comparePositions(other, since) < 0 ? other : since;
      }
    }
    this.#stream.follow(all);
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
