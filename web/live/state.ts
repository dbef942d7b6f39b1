import type {
  Comment,
  Generation,
  LineageNode,
  Notification,
  Post,
  Position,
  Retry,
  Topic,
  User,
} from "./protocol";
import type { Shape } from "./shape";

/**
 * Everything the page knows. Values are never changed in place: what differs is a new object, so a
 * component can compare by reference.
 */
export interface State {
  readonly posts: ReadonlyMap<string, Post>;
  /** Posts that are gone for good: all that are shown, and the newest others, which a late answer may name. */
  readonly gone: ReadonlySet<string>;
  /** Per post, the emoji that are mine. */
  readonly mine: ReadonlyMap<string, ReadonlySet<string>>;
  readonly generations: ReadonlyMap<string, Job>;
  readonly feeds: ReadonlyMap<Topic, Feed>;
  readonly threads: ReadonlyMap<string, Thread>;
  /** The tree of the open post, as far as it is shown. */
  readonly lineage: Lineage | null;
  /** My jobs, oldest first, also those that no feed shows. */
  readonly own: readonly string[];
  /** Jobs that an open room shows. */
  readonly held: ReadonlySet<string>;
  /** My comments that the server has not confirmed, by post. */
  readonly drafts: ReadonlyMap<string, readonly Draft[]>;
  /** How people stand to me and to others, by user id, as far as somebody asked. */
  readonly people: ReadonlyMap<string, Standing>;
  /** What people look like, by user id, as the newest post tells that is known of them. */
  readonly faces: ReadonlyMap<string, Face>;
  readonly news: News;
  readonly presence: ReadonlyMap<Topic, number>;
  readonly typing: ReadonlyMap<Topic, readonly Typist[]>;
  /** Per topic and key, the revision of the LATEST value that was applied. */
  readonly revisions: ReadonlyMap<Topic, ReadonlyMap<string, Position>>;
}

export type Stage =
  | "queued"
  | "starting"
  | "painting"
  | "finishing"
  | "posted"
  | "refused"
  | "failed"
  | "aborted"
  | "cancelled";

export interface Preview {
  readonly step: number;
  readonly palette: readonly string[];
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly url?: string;
}

/** A picture that is being painted, and what became of it. */
export interface Job {
  readonly generation: Generation;
  readonly stage: Stage;
  readonly place: number | null;
  readonly etaS: number | null;
  readonly step: number;
  readonly steps: number;
  readonly preview: Preview | null;
  readonly sha256: string | null;
  readonly palette: readonly string[];
  /** Whether a post came of it. */
  readonly posted: boolean;
  readonly code: string;
  readonly message: string;
  /** Where it was when it stopped: "queued", "painting", "publishing"; "" while it has not. */
  readonly stoppedAt: string;
  /** Why it waits again; null the first time, and while it does not wait. */
  readonly retry: Retry | null;
  /** The last event that was applied; older ones are not applied again. */
  readonly version: Position;
}

/** One batch of pictures that was put on the wall together. */
export interface Block {
  readonly key: string;
  readonly posts: readonly string[];
  /** Mine, that joined the wall one by one. */
  readonly joined?: boolean;
  /** The cursor of the page that it came as. */
  readonly before?: string;
  /** How its pictures hang, since it was laid aside. */
  readonly shape?: Shape;
  /** It hangs far from the reader, and what it shows is not at hand; `asked`: it is being read again. */
  readonly aside?: "far" | "asked";
}

export interface Feed {
  readonly blocks: readonly Block[];
  /** Behind the pill, newest first. */
  readonly pending: readonly string[];
  /** How many more wait than `pending` holds; opening reads them from the server. */
  readonly overflow: number;
  /** Besides those there are some that nobody has counted: they were missed, and too many to be read. */
  readonly uncounted?: boolean;
  /** The position of the newest snapshot: what was told before it is in it. */
  readonly at?: Position | null;
  /** Jobs on the easel, in order of arrival. */
  readonly easel: readonly string[];
  readonly next: string | null;
  /** False until the first page is here. */
  readonly loaded: boolean;
  /** Something was missed and is being filled in. */
  readonly gap: boolean;
}

export interface Thread {
  /** In order of arrival at the server. */
  readonly comments: readonly Comment[];
  readonly removed: ReadonlySet<string>;
  readonly next: string | null;
  readonly loaded: boolean;
  /** Set between a gap and the next snapshot: what arrived since then, which the snapshot may not have. */
  readonly arrived: ReadonlySet<string> | null;
  /** Remixes that were begun, in order of arrival; also those that have ended while somebody looked. */
  readonly easel: readonly string[];
}

export interface Lineage {
  /** The post that is open. */
  readonly of: string;
  /** Whether the server has answered for this post. */
  readonly loaded: boolean;
  /** Of one parent the oldest first; otherwise in no order. */
  readonly nodes: ReadonlyMap<string, LineageNode>;
}

export interface Face {
  readonly avatar: string;
  /** Whose picture it is; "" of one that is not known. */
  readonly post: string;
  /** When the post was created that told of it. */
  readonly at: number;
}

export interface Standing {
  /** Whether I follow them. */
  readonly followed: boolean;
  /** What their profile counts; null while nobody asked for it. */
  readonly counts: Counts | null;
}

export interface Counts {
  readonly followers: number;
  readonly following: number;
  readonly pictures: number;
  /** Of their pictures. */
  readonly remixes: number;
  /** How many remixes there are of theirs. */
  readonly remixed: number;
  /** Of myself only. */
  readonly liked?: number;
  readonly rooms?: number;
}

/** What concerns me. */
export interface News {
  /** Newest first. */
  readonly lines: readonly Notification[];
  /** How many are unread in all, also of those that are not here. */
  readonly unread: number;
  readonly next: string | null;
  readonly loaded: boolean;
}

export interface Draft {
  /** Its idempotency key: sent again under the same key it is stored once. */
  readonly key: string;
  /** null while we are nobody yet. */
  readonly author: User | null;
  readonly text: string;
  readonly parent: string | null;
  readonly status: "sending" | "waiting" | "failed";
  /** Why it was not sent, "" while it may still be. */
  readonly problem: string;
}

export interface Typist {
  readonly user: User;
  /** When the sign goes stale (ms). */
  readonly until: number;
}

/** What jobs are followed with: all that a widget keeps of a state. */
export type Jobs = Pick<State, "generations">;

export const EMPTY: State = {
  posts: new Map(),
  gone: new Set(),
  mine: new Map(),
  generations: new Map(),
  feeds: new Map(),
  threads: new Map(),
  lineage: null,
  own: [],
  held: new Set(),
  drafts: new Map(),
  people: new Map(),
  faces: new Map(),
  news: { lines: [], unread: 0, next: null, loaded: false },
  presence: new Map(),
  typing: new Map(),
  revisions: new Map(),
};

export const EMPTY_FEED: Feed = {
  blocks: [],
  pending: [],
  overflow: 0,
  easel: [],
  next: null,
  loaded: false,
  gap: false,
};
export const EMPTY_THREAD: Thread = {
  comments: [],
  removed: new Set(),
  next: null,
  loaded: false,
  arrived: null,
  easel: [],
};

/** Return a copy of a map with one value set. */
export function put<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  if (map.get(key) === value && map.has(key)) return map;
  return new Map(map).set(key, value);
}

export function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

export function add<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  return set.has(value) ? set : new Set(set).add(value);
}
