import { grouped } from "./grouped";
import type { LineageNode } from "./protocol";

/**
 * Return the pictures of a tree in one line, for walking through them one by one: each before its remixes, of these the
 * oldest first with all that was made from it. What was deleted is passed over.
 */
export function lineOf(nodes: ReadonlyMap<string, LineageNode>): readonly string[] {
  const byParent = grouped(nodes.values(), ({ parent }) => (parent && nodes.has(parent) ? parent : ""));
  const line: string[] = [];
  const waiting = [...(byParent.get("") ?? [])].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (!node.deleted) line.push(node.id);
    waiting.push(...[...(byParent.get(node.id) ?? [])].reverse());
  }
  return line;
}
