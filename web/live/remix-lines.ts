import { isOver } from "./fold-feed";
import type { LineageNode, User } from "./protocol";
import type { Job, State } from "./state";

/** Remixes in the making that have a line, and finished ones that were there before we came. */
export const MOST_RUNNING = 3;
export const MOST_MADE = 6;
/** Lines of remixes that have ended while somebody looked on. */
const MOST_ENDED = 12;

/** A remix of the open picture, as a line among what is said about it. */
export interface RemixLine {
  readonly id: string;
  readonly author: User;
  /** Where it stands among the comments (ms); it stays there when the picture is finished. */
  readonly time: number;
  readonly kind: "running" | "made" | "stopped";
}

export interface RemixLines {
  /** By time. */
  readonly lines: readonly RemixLine[];
  /** How many more are being made, and behind which line that is said. */
  readonly more: number;
  readonly last: string;
}

/**
 * Return the remixes that stand in a picture's thread. me: my own come first. seen: those that have had a line, which stays
 * when nothing came of them, so that nothing moves; what nobody has seen just goes.
 */
export function remixLines(state: State, post: string, me: string, seen: ReadonlySet<string>): RemixLines {
  const begun = begunOf(state, post);
  const running = begun.filter(({ kind }) => kind === "running");
  const shown = [...running]
    .sort((left, right) => Number(right.author.id === me) - Number(left.author.id === me))
    .slice(0, MOST_RUNNING);
  const ended = begun
    .filter(({ id, kind }) => kind === "made" || (kind === "stopped" && seen.has(id)))
    .slice(-MOST_ENDED);
  const lines = [...madeBefore(state, post), ...ended, ...shown].sort(
    (left, right) => left.time - right.time,
  );
  const last = lines.findLast(({ kind }) => kind === "running")?.id ?? "";
  return { lines, more: running.length - shown.length, last };
}

/** What we have heard of from its beginning. */
function begunOf(state: State, post: string): readonly RemixLine[] {
  const found: RemixLine[] = [];
  for (const id of state.threads.get(post)?.easel ?? []) {
    const job = state.generations.get(id);
    if (!job || state.gone.has(id)) continue;
    const { author, created } = job.generation;
    found.push({ id, author, time: created, kind: kindOf(state, id, job) });
  }
  return found;
}

function kindOf(state: State, id: string, { stage, posted }: Job): RemixLine["kind"] {
  if (stage === "posted" || (posted && stage === "finishing") || state.lineage?.nodes.has(id)) return "made";
  return isOver(state, id) ? "stopped" : "running";
}

/** The newest that were finished before: none that is older than the comments that are here, while there are more. */
function madeBefore(state: State, post: string): readonly RemixLine[] {
  const thread = state.threads.get(post);
  const known = new Set(thread?.easel);
  const from = thread?.next ? (thread.comments[0]?.created ?? 0) : 0;
  const nodes = [...(state.lineage?.nodes.values() ?? [])].filter(
    (node): node is LineageNode & { author: User; created: number } =>
      node.parent === post && !node.deleted && !known.has(node.id) && (node.created ?? 0) >= from,
  );
  return nodes
    .sort((left, right) => left.created - right.created)
    .slice(-MOST_MADE)
    .map(({ id, author, created }) => ({ id, author, time: created, kind: "made" }));
}
