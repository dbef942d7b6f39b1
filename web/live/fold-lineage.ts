import type { LineageNode, Post } from "./protocol";
import { put, type Lineage, type State } from "./state";

/** So many pictures of a tree are kept; more are left to be read from where they hang. */
export const MOST_NODES = 300;

/** Take in the part of a tree that is nearest to a post; it takes the place of what was known. */
export function receiveLineage(state: State, of: string, nodes: readonly LineageNode[]): State {
  return { ...state, lineage: { of, loaded: true, nodes: new Map(nodes.map((node) => [node.id, node])) } };
}

/** Look from another post: of the same tree what is known stays until the server has answered. */
export function openLineage(state: State, of: string): State {
  const known = state.lineage;
  if (known?.of === of) return state;
  const nodes = known?.nodes.has(of) ? known.nodes : new Map<string, LineageNode>();
  return { ...state, lineage: { of, loaded: false, nodes } };
}

/** Take in a page of further remixes: the first node is the one they belong to, the others stand before those known. */
export function receiveBranches(state: State, of: string, nodes: readonly LineageNode[]): State {
  const known = state.lineage;
  const [top, ...more] = nodes;
  if (known?.of !== of || !top || !known.nodes.has(top.id)) return state;
  if (known.nodes.size + more.length > MOST_NODES) return state;
  const fresh = more.filter((node) => !known.nodes.has(node.id) && !state.gone.has(node.id));
  const merged = new Map([...fresh.map((node) => [node.id, node] as const), ...known.nodes]);
  return withNodes(state, known, merged.set(top.id, { ...known.nodes.get(top.id)!, next: top.next }));
}

/** A picture was posted, whoever told us first: a remix of one that is shown takes its place below it. */
export function growLineage(state: State, post: Post): State {
  const known = state.lineage;
  if (!known || !post.parent || !known.nodes.has(post.parent)) return state;
  if (known.nodes.has(post.id) || state.gone.has(post.id)) return state;
  if (known.nodes.size >= MOST_NODES) return unread(state, known, post.parent);
  const { id, author, caption, prompt, media, created, parent, remixes } = post;
  return withNodes(
    state,
    known,
    put(known.nodes, id, { id, author, caption, prompt, media, created, parent, remixes, next: null }),
  );
}

/** A picture was deleted: a tombstone while something grows from it, else it goes, with the tombstones it held up. */
export function fellLineage(state: State, id: string): State {
  const known = state.lineage;
  const node = known?.nodes.get(id);
  if (!known || !node || node.deleted) return state;
  const nodes = new Map(known.nodes);
  const tombstone: LineageNode = { id, parent: node.parent, deleted: true, media: null, next: node.next };
  nodes.set(id, tombstone);
  for (let at: LineageNode | undefined = tombstone; at?.deleted && !holds(nodes, at);) {
    nodes.delete(at.id);
    at = at.parent ? nodes.get(at.parent) : undefined;
  }
  return withNodes(state, known, nodes);
}

/** How many remixes a picture has, of those that are shown in a lineage. */
export function countLineage(state: State, id: string, remixes: number): State {
  const known = state.lineage;
  const node = known?.nodes.get(id);
  if (!known || !node || node.deleted || node.remixes === remixes) return state;
  return withNodes(state, known, put(known.nodes, id, { ...node, remixes }));
}

/** There is no room for another remix here: it is one of those that can be read. */
function unread(state: State, known: Lineage, id: string): State {
  const node = known.nodes.get(id);
  return node && !node.next ? withNodes(state, known, put(known.nodes, id, { ...node, next: id })) : state;
}

function holds(nodes: ReadonlyMap<string, LineageNode>, node: LineageNode): boolean {
  if (node.next) return true;
  for (const other of nodes.values()) if (other.parent === node.id) return true;
  return false;
}

function withNodes(state: State, known: Lineage, nodes: ReadonlyMap<string, LineageNode>): State {
  return { ...state, lineage: { ...known, nodes } };
}
