import { retold } from "../live/copies";
import { foldGenerationEvent, foldGenerationValue, takeGeneration } from "../live/fold-generation";
import { isOver } from "../live/fold-feed";
import type { Generation, KeptEvent, LatestValue, Post, Position, Topic } from "../live/protocol";
import { isNewer } from "../live/position";
import { add, put, without, type Job, type Jobs } from "../live/state";
import type { Told, Wanted } from "./messages";

const MOST_WAITING = 50;
const MOST_LINE = 40;
const MOST_GONE = 200;
const MOST_LATE = 200;

/** A page of the feed, as the server wrote it into the widget or answers it. */
export interface Page {
  readonly posts: readonly Post[];
  readonly generations: readonly Generation[];
  readonly at: Position;
}

/** What a widget shows. Values are never changed in place. */
export interface Wall {
  readonly topic: Topic;
  /** False until the first page is here. */
  readonly loaded: boolean;
  /** Where the feed stands: to go on from there another time. */
  readonly at: Position | "";
  /** Pictures being painted, first come first. */
  readonly line: readonly string[];
  /** Of all that is in the app's state, the pictures being painted. */
  readonly state: Jobs;
  /** The picture being painted in the large frame, and the post that came of it or stands there without. */
  readonly job: string | null;
  readonly post: Post | null;
  /** The post that stood there before the present job: it comes back when nothing comes of the job. */
  readonly before: Post | null;
  /** Under the large one, newest first. */
  readonly hung: readonly Post[];
  /** Behind the pill, newest first: nothing moves by itself. */
  readonly waiting: readonly Post[];
  /** Deleted while they hang. */
  readonly gone: ReadonlySet<string>;
  readonly here: number;
  /** Something was missed; a page is to be read. */
  readonly gap: boolean;
  /** What was told of posts since then: the page may have been read before. */
  readonly late: readonly Told[];
}

export function wallOf(topic: Topic): Wall {
  return {
    topic,
    loaded: false,
    at: "",
    line: [],
    state: { generations: new Map() },
    job: null,
    post: null,
    before: null,
    hung: [],
    waiting: [],
    gone: new Set(),
    here: 0,
    gap: false,
    late: [],
  };
}

/** Take in a page: the first one is hung; of a later one, what is new waits behind the pill. */
export function receivePage(wall: Wall, page: Page): Wall {
  for (const generation of inLine(page.generations)) wall = receiveJob(wall, generation);
  if (!wall.loaded) {
    const [post = null, ...hung] = page.posts;
    return turned({ ...wall, loaded: true, at: page.at, post, hung, gap: false });
  }
  const take = (next: Wall, post: Post): Wall =>
    receivePost(
      changed(next, post.id, () => post),
      post,
    );
  const read = [...page.posts].reverse().reduce(take, { ...wall, gap: false, late: [] });
  const next = wall.late.reduce(receiveOfFeed, read);
  return settled({ ...next, at: isNewer(page.at, wall.at || undefined) ? page.at : wall.at });
}

/** Apply what the stream tells; what is another feed's is none of ours. */
export function receive(wall: Wall, told: Told): Wall {
  if (told.topic !== wall.topic) return told.topic === jobTopic(wall) ? receiveOfJob(wall, told) : wall;
  // A stream that other widgets share goes back to where one of them stands: what comes twice is passed over. An
  // event's own id is no position.
  const stands = told.at || wall.at;
  if (wall.at && told.id && !isNewer(stands, wall.at)) return wall;
  const at = told.id || told.type === "gap" ? stands : wall.at;
  const late =
    wall.gap && /^post\.(up|co)/.test(told.type) ? [...wall.late, told].slice(-MOST_LATE) : wall.late;
  return receiveOfFeed({ ...wall, at, late }, told);
}

function receiveOfFeed(wall: Wall, told: Told): Wall {
  switch (told.type) {
    case "gap":
      return { ...wall, gap: true };
    case "presence":
      return { ...wall, here: told.count ?? 0 };
    case "generation.created":
      return settled(receiveJob(wall, (told.data as { generation: Generation }).generation));
    case "post.created":
      return settled(receivePost(wall, (told.data as { post: Post }).post));
    case "post.updated": {
      const { post } = told.data as { post: Post };
      return changed(wall, post.id, (known) => retold(known, post));
    }
    case "post.deleted":
      return remove(wall, (told.data as { id: string }).id);
    case "post.counters": {
      const { post: id, ...totals } = told.data as { post: string } & Pick<Post, "reactions" | "comments">;
      return changed(wall, id, (post) => ({ ...post, ...totals }));
    }
    default:
      return wall;
  }
}

/** Hang what waits behind the pill; no more than `most` hang. */
export function opened(wall: Wall, most: number): Wall {
  const all = [...wall.waiting, ...wall.hung].filter((post) => !wall.gone.has(post.id));
  return { ...wall, hung: all.slice(0, most), waiting: [] };
}

/** Give the large frame to the next picture being painted, if the one in it is over. */
export function turned(wall: Wall): Wall {
  const job = present(wall);
  if (job && !isDone(wall.state, job.generation.id)) return wall;
  const running = wall.line.filter((id) => !isDone(wall.state, id));
  const next = running.find((id) => wall.state.generations.get(id)?.stage !== "queued") ?? running[0];
  if (next === undefined) {
    // What came of nothing leaves; the picture before it stands there again.
    return job && !wall.post ? forgotten({ ...wall, job: null, post: wall.before, before: null }) : wall;
  }
  const stood = wall.post && !wall.gone.has(wall.post.id) ? wall.post : wall.before;
  return forgotten({ ...wall, job: next, post: null, before: stood });
}

/** Whether the large frame may go to another picture: the one in it is over, and something else is being painted. */
export function mayTurn(wall: Wall): boolean {
  return turned(wall) !== wall;
}

/** Whether the picture being painted in the large frame is so no more: it is finished, or came to nothing. */
export function isFinished({ job, state }: Wall): boolean {
  return job !== null && isDone(state, job);
}

/** Return the picture being painted in the large frame, with what became of it. */
export function present(wall: Wall): Job | null {
  return wall.job === null ? null : (wall.state.generations.get(wall.job) ?? null);
}

/** Return what to follow: the feed, and the picture being painted as long as it is. */
export function wanted(wall: Wall): Wanted {
  const job = jobTopic(wall);
  return { [wall.topic]: wall.at, ...(job && !isDone(wall.state, wall.job ?? "") ? { [job]: "" } : {}) };
}

/** A picture that dries is done: nothing more is told on its topic. */
function isDone(state: Jobs, id: string): boolean {
  return isOver(state, id) || state.generations.get(id)?.stage === "finishing";
}

function jobTopic(wall: Wall): Topic | null {
  return wall.job === null ? null : `generation:${wall.job}`;
}

/** Those being painted first, then the line in its order. */
function inLine(generations: readonly Generation[]): readonly Generation[] {
  const rank = ({ state, place }: Generation): number => (state === "queued" ? (place ?? Infinity) : -1);
  return [...generations].sort((left, right) =>
    rank(left) === rank(right) ? left.created - right.created : rank(left) - rank(right),
  );
}

function receiveJob(wall: Wall, generation: Generation): Wall {
  const { id } = generation;
  if (wall.line.includes(id) || known(wall, id)) return wall;
  const line = [...wall.line, id].slice(-MOST_LINE);
  return { ...wall, state: takeGeneration(wall.state, generation), line };
}

function receiveOfJob(wall: Wall, told: Told): Wall {
  if (told.type === "lost") return turned(left(wall, wall.job ?? ""));
  const state = told.rev
    ? foldGenerationValue(wall.state, told.topic, told as LatestValue)
    : foldGenerationEvent(wall.state, told.topic, told as KeptEvent);
  return state === wall.state ? wall : { ...wall, state };
}

/** A job that nobody can tell about any more. */
function left(wall: Wall, id: string): Wall {
  return {
    ...wall,
    job: wall.job === id ? null : wall.job,
    post: wall.job === id ? (wall.post ?? wall.before) : wall.post,
    before: wall.job === id ? null : wall.before,
    line: wall.line.filter((other) => other !== id),
    state: { ...wall.state, generations: without(wall.state.generations, id) },
  };
}

function receivePost(wall: Wall, post: Post): Wall {
  if (wall.gone.has(post.id)) return wall;
  if (known(wall, post.id)) return changed(wall, post.id, (one) => retold(one, post));
  if (post.id === wall.job) {
    // It dries where it was painted; what stood there before waits with the others.
    const waiting = wall.before ? newest([wall.before, ...wall.waiting]) : wall.waiting;
    return { ...wall, post, before: null, waiting, state: dried(wall.state, post) };
  }
  const line = wall.line.filter((id) => id !== post.id);
  return { ...wall, line, waiting: newest([post, ...wall.waiting]) };
}

/** A post carries the id of the job it came from, whichever of the two is told first. */
function dried(state: Jobs, post: Post): Jobs {
  const job = state.generations.get(post.id);
  if (!job) return state;
  const { sha256, palette } = post.media;
  const done: Job = {
    ...job,
    stage: "finishing",
    step: job.steps,
    etaS: null,
    sha256,
    palette,
    posted: true,
  };
  return { ...state, generations: put(state.generations, post.id, done) };
}

/** On an empty wall the first thing that comes is hung at once. */
function settled(wall: Wall): Wall {
  if (wall.post || wall.job || wall.before || wall.hung.length) return wall;
  const next = turned(wall);
  if (next.job || !next.waiting.length) return next;
  const [post = null, ...waiting] = next.waiting;
  return { ...next, post, waiting };
}

function remove(wall: Wall, id: string): Wall {
  const gone = new Set([...add(wall.gone, id)].slice(-MOST_GONE));
  const before = wall.before?.id === id ? null : wall.before;
  return { ...wall, gone, before, waiting: wall.waiting.filter((post) => post.id !== id) };
}

function changed(wall: Wall, id: string, change: (post: Post) => Post): Wall {
  if (!known(wall, id)) return wall;
  const each = (post: Post): Post => (post.id === id ? change(post) : post);
  return {
    ...wall,
    post: wall.post && each(wall.post),
    before: wall.before && each(wall.before),
    hung: wall.hung.map(each),
    waiting: wall.waiting.map(each),
  };
}

function known(wall: Wall, id: string): boolean {
  return [wall.post, wall.before, ...wall.hung, ...wall.waiting].some((post) => post?.id === id);
}

function newest(posts: readonly Post[]): readonly Post[] {
  return [...posts].sort((left, right) => right.created - left.created).slice(0, MOST_WAITING);
}

/** Let go of jobs that are over and not in the frame. */
function forgotten(wall: Wall): Wall {
  const line = wall.line.filter((id) => id === wall.job || !isDone(wall.state, id));
  const kept = new Set(line);
  const generations = new Map([...wall.state.generations].filter(([id]) => kept.has(id)));
  return { ...wall, line, state: { ...wall.state, generations } };
}
