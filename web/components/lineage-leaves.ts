import { isOver } from "../live/fold-feed";
import type { LineageNode } from "../live/protocol";
import type { Job, Lineage, State } from "../live/state";

/** What stands at a spot of the tree: a picture or a tombstone, one that is being painted, or "so many more". */
export type Leaf =
  | { readonly kind: "node"; readonly node: LineageNode }
  | { readonly kind: "job"; readonly job: Job }
  | { readonly kind: "more"; readonly node: LineageNode; readonly hidden: number };

/** Everything that is drawn: before a picture's remixes how many more there are, behind them those being painted. */
export function leavesOf({ nodes }: Lineage, state: State): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const branches = new Map<string, number>();
  for (const { parent, deleted } of nodes.values())
    if (parent && !deleted) branches.set(parent, (branches.get(parent) ?? 0) + 1);
  for (const node of nodes.values()) {
    if (!node.next) continue;
    const hidden = (node.remixes ?? 0) - (branches.get(node.id) ?? 0);
    leaves.set(`${node.id} more`, { kind: "more", node, hidden });
  }
  for (const node of nodes.values()) leaves.set(node.id, { kind: "node", node });
  for (const [id, job] of state.generations) {
    const { parent } = job.generation;
    if (!parent || !nodes.has(parent) || nodes.has(id)) continue;
    if (!isOver(state, id)) leaves.set(id, { kind: "job", job });
  }
  return leaves;
}

/** What is written beside it; what is gone says so in its frame. */
export function labelOf(leaf: Leaf): string {
  if (leaf.kind !== "node" || leaf.node.deleted) return "";
  return leaf.node.author?.handle ?? "";
}

export function parentOf(leaf: Leaf): string | null {
  if (leaf.kind === "more") return leaf.node.id;
  return (leaf.kind === "node" ? leaf.node.parent : leaf.job.generation.parent) ?? null;
}
