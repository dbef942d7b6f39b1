import type { Live } from "./live";
import { asProblem } from "./problem";
import type { LineageNode } from "./protocol";
import type { Lineage } from "./state";

/** How many pictures of a tree are asked for at once. */
const NODES = 40;
/** Topics of shown pictures that are followed at the most. */
const MOST_FOLLOWED = 80;
/** KEPT events that are replayed of a picture which was made while we looked on. */
const NEWBORN_EVENTS = 50;

/** The lineage of the open picture: read, followed at every picture that is shown, read on where it is cut off. */
export class Lineages {
  readonly #live: Live;
  readonly #leave = new Map<string, () => void>();
  /** The post that is open. */
  #open = "";
  /** Its topic is followed, so that its lineage can be read. */
  #ready = false;
  #reading = false;
  /** What was read is not enough, or could not be read. */
  #stale = false;
  #seen: Lineage | null = null;

  constructor(live: Live) {
    this.#live = live;
    live.listen(() => this.#follow());
  }

  /** Look at the tree from this picture; of the same tree what is known stays meanwhile. */
  open(post: string): void {
    this.#open = post;
    this.#ready = this.#stale = false;
    this.#live.dispatch({ kind: "lineage-of", post });
  }

  /** Nobody looks any more. */
  close(): void {
    this.#open = "";
    this.#ready = this.#stale = false;
    for (const leave of this.#leave.values()) leave();
    this.#leave.clear();
    this.#live.dispatch({ kind: "lineage-closed" });
  }

  /**
   * A picture's own topic is followed from here on: read its lineage. Remixes take their place before they are told of,
   * so what is not heard on the topic is in the answer.
   */
  followed(post: string): void {
    if (post !== this.#open) return;
    this.#ready = true;
    void this.#read();
  }

  /** Something was missed on a topic: if it is of this tree, read it again. */
  repair(post: string): void {
    if (this.#ready && this.#live.state.lineage?.nodes.has(post)) void this.#read();
  }

  /** Read again what could not be read. */
  retry(): void {
    if (this.#ready && this.#stale) void this.#read();
  }

  /** Show more remixes of one of the pictures. */
  async more(node: LineageNode): Promise<void> {
    const of = this.#open;
    if (!of || !node.next) return;
    try {
      const { nodes } = await this.#live.api.lineage(of, node.next, NODES);
      this.#live.dispatch({ kind: "branches", of, nodes });
    } catch (error) {
      this.#live.notices.say({ text: asProblem(error).sentence, tone: "bad" });
    }
  }

  /** One request at a time, however many topics ask for it; what asks meanwhile is answered by one more. */
  async #read(): Promise<void> {
    this.#stale = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#ready && this.#stale) {
        this.#stale = false;
        const of = this.#open;
        const { nodes } = await this.#live.api.lineage(of, null, NODES);
        if (of === this.#open) this.#live.dispatch({ kind: "lineage", of, nodes });
      }
    } catch {
      this.#stale = true; // the picture is shown without it until `retry`
    } finally {
      this.#reading = false;
    }
  }

  /** Follow what is shown, and leave what is not. The open picture's own topic is the conversation's. */
  #follow(): void {
    const known = this.#live.state.lineage;
    if (!known?.loaded || known === this.#seen) return;
    this.#seen = known;
    for (const [id, leave] of this.#leave) {
      const node = known.nodes.get(id);
      if (node && !node.deleted && id !== known.of) continue;
      this.#leave.delete(id);
      leave();
    }
    for (const node of known.nodes.values()) {
      if (node.deleted || node.id === known.of || this.#leave.has(node.id)) continue;
      if (this.#leave.size >= MOST_FOLLOWED) return;
      const wish = node.at ? { since: node.at } : { latest: NEWBORN_EVENTS };
      this.#leave.set(node.id, this.#live.follow(`post:${node.id}`, wish));
    }
  }
}
