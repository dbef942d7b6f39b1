import { isNewer } from "./position";
import type { KeptEvent, Position, Post, Reactions, TopicFrame, User } from "./protocol";
import type {
  Here,
  Member,
  Message,
  Role,
  Room,
  RoomSnapshot,
  RosterFrame,
  Variation,
} from "./room-protocol";
import { add, put, without, type Draft, type Typist } from "./state";

/** What the page knows about the room it shows, beside the document. Values are never changed in place. */
export interface RoomState {
  readonly room: Room | null;
  readonly members: ReadonlyMap<string, Member>;
  /** In the order they were asked for. */
  readonly variations: readonly Variation[];
  /** When those that were seen to end did so. */
  readonly endedAt: ReadonlyMap<string, number>;
  /** My vote has not reached the server yet. */
  readonly voteWaits: boolean;
  /** My vote that was taken back by an event, not by me as far as is known, and when. */
  readonly unvoted: { readonly variation: string; readonly time: number } | null;
  /** I was made a viewer while this page looked on, and have not said that I know; with the vote that went with it. */
  readonly demoted: { readonly vote: string } | null;
  /** The picture that the room began with, when it was deleted while this page looked on; else "". A sha256. */
  readonly lost: string;
  /** Whose picture that was, and so who deleted it; else "". A handle. */
  readonly lostBy: string;
  /** How many voted for each variation. */
  readonly totals: ReadonlyMap<string, number>;
  /** Of each voter's id that is known, the variation. */
  readonly votes: ReadonlyMap<string, string>;
  /** Whose votes were heard of by events: what the document says of them may be older. */
  readonly heard: ReadonlySet<string>;
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Where older messages are read, null if there are none. */
  readonly older: string | null;
  /** Which emoji of a message are mine, as far as this page has set them. */
  readonly mine: ReadonlyMap<string, ReadonlySet<string>>;
  /** My messages that the server has not confirmed. */
  readonly drafts: readonly Draft[];
  /** Who is here, in order of arrival. */
  readonly roster: readonly Here[];
  /** How many are here, also those that the roster leaves out. */
  readonly count: number;
  readonly typing: readonly Typist[];
  /** Set when it was published while this page looked on. */
  readonly post: Post | null;
  /** The rights are gone. */
  readonly revoked: boolean;
  /** An event said so: somebody has taken me out, or I have left elsewhere. */
  readonly removed: boolean;
  /** The last event that was applied; older ones are not applied again. */
  readonly version: Position;
}

export const EMPTY_ROOM: RoomState = {
  room: null,
  members: new Map(),
  variations: [],
  endedAt: new Map(),
  voteWaits: false,
  unvoted: null,
  demoted: null,
  lost: "",
  lostBy: "",
  totals: new Map(),
  votes: new Map(),
  heard: new Set(),
  messages: [],
  older: null,
  mine: new Map(),
  drafts: [],
  roster: [],
  count: 0,
  typing: [],
  post: null,
  revoked: false,
  removed: false,
  version: "0-0",
};

export type RoomAction =
  | { readonly kind: "snapshot"; readonly snapshot: RoomSnapshot; readonly me: string }
  | { readonly kind: "frame"; readonly frame: TopicFrame; readonly now: number; readonly me: string }
  | { readonly kind: "older"; readonly messages: readonly Message[]; readonly next: string | null }
  | { readonly kind: "variation"; readonly variation: Variation }
  | { readonly kind: "vote"; readonly user: string; readonly variation: string; readonly on: boolean }
  | { readonly kind: "vote-waits"; readonly waits: boolean }
  /** I know that I was made a viewer. */
  | { readonly kind: "demotion-known" }
  /** The picture it began with is gone. */
  | { readonly kind: "parent-gone" }
  /** What the document shows of the votes. */
  | { readonly kind: "mirror"; readonly votes: ReadonlyMap<string, string> }
  | { readonly kind: "message"; readonly message: Message; readonly key: string }
  | { readonly kind: "react"; readonly message: string; readonly emoji: string; readonly on: boolean }
  | { readonly kind: "draft"; readonly draft: Draft }
  | { readonly kind: "draft-dropped"; readonly key: string }
  | { readonly kind: "published"; readonly post: Post }
  | { readonly kind: "revoked" }
  | { readonly kind: "tick"; readonly now: number };

const TYPING_MS = 7_000;
/** A vote goes just before the right to vote: two events of one step. */
const WITH_ROLE_MS = 2_000;
const MOST_MESSAGES = 500;
const OVER = new Set(["completed", "refused", "failed", "aborted", "cancelled"]);

/** Return the room after an action. Applying a frame twice gives what applying it once gives. */
export function foldRoom(state: RoomState, action: RoomAction): RoomState {
  switch (action.kind) {
    case "snapshot":
      return receive(state, action.snapshot, action.me);
    case "frame":
      return foldFrame(state, action.frame, action.now, action.me);
    case "older":
      return {
        ...state,
        messages: merged(action.messages, state.messages),
        older: action.next,
      };
    case "variation":
      return { ...state, variations: withVariation(state.variations, action.variation) };
    case "vote":
      return vote(state, action.user, action.variation, action.on);
    case "vote-waits":
      return state.voteWaits === action.waits ? state : { ...state, voteWaits: action.waits };
    case "demotion-known":
      return state.demoted ? { ...state, demoted: null } : state;
    case "parent-gone":
      return state.room?.post ? parentGone(state) : state;
    case "mirror":
      return mirrored(state, action.votes);
    case "message":
      return confirmed(said(state, action.message), action.key);
    case "react":
      return react(state, action.message, action.emoji, action.on);
    case "draft":
      return {
        ...state,
        drafts: [...state.drafts.filter(({ key }) => key !== action.draft.key), action.draft],
      };
    case "draft-dropped":
      return confirmed(state, action.key);
    case "published":
      return published(state, action.post);
    case "revoked":
      return state.revoked ? state : { ...state, revoked: true };
    case "tick":
      return state.typing.every(({ until }) => until > action.now)
        ? state
        : { ...state, typing: state.typing.filter(({ until }) => until > action.now) };
  }
}

export function isVariationOver({ state }: Pick<Variation, "state">): boolean {
  return OVER.has(state);
}

/** Those who may vote: the owner and the editors. */
export function voters(state: RoomState): number {
  return [...state.members.values()].filter(({ role }) => role !== "viewer").length;
}

/** The finished variation with the most votes, the earlier of two; null when nobody has voted for one. */
export function leading(state: RoomState): Variation | null {
  const { totals } = state;
  let best: Variation | null = null;
  for (const variation of state.variations) {
    const votes = totals.get(variation.id) ?? 0;
    if (variation.state === "completed" && votes > (best ? (totals.get(best.id) ?? 0) : 0)) best = variation;
  }
  return best;
}

/** Somebody as they are to be shown: without a picture that is gone. */
export function faced(state: RoomState, user: User): User {
  return state.lost && user.avatar === state.lost ? { ...user, avatar: "" } : user;
}

/** The pigment of somebody who is here, null for anybody else. */
export function pigmentOf(state: RoomState, user: string): number | null {
  return state.roster.find((here) => here.user.id === user)?.pigment ?? null;
}

function receive(state: RoomState, snapshot: RoomSnapshot, me: string): RoomState {
  const messages = state.older === null ? merged(state.messages, snapshot.messages) : snapshot.messages;
  return {
    ...state,
    room: snapshot.room,
    ...(snapshot.room.post ? { lost: "", lostBy: "" } : lostIn(state)),
    demoted: demotion(state, snapshot.room.role, state.votes.get(me) ?? ""),
    unvoted: null,
    members: new Map(snapshot.members.map((member) => [member.user.id, member])),
    variations: snapshot.variations.toSorted((one, other) => one.created - other.created),
    totals: new Map(Object.entries(snapshot.votes)),
    votes: new Map(snapshot.vote ? [[me, snapshot.vote]] : []),
    heard: new Set([me]),
    messages,
    older: snapshot.next ?? null,
    mine: new Map(Object.entries(snapshot.mine ?? {}).map(([id, emoji]) => [id, new Set(emoji)])),
    drafts: state.drafts.filter((draft) => !messages.some((message) => isOf(draft, message))),
    revoked: false,
    removed: false,
    version: snapshot.at,
  };
}

function parentGone(state: RoomState): RoomState {
  const { room } = state;
  return room ? { ...state, room: { ...room, post: null }, ...lostIn(state) } : state;
}

function lostIn({ room, lost, lostBy }: RoomState): Pick<RoomState, "lost" | "lostBy"> {
  return room?.post ? { lost: room.post.media.sha256, lostBy: room.post.author.handle } : { lost, lostBy };
}

/** What I have to be told about my role, after it became `role`. vote: the variation that I voted for until then. */
function demotion({ room, demoted }: RoomState, role: Role, vote: string): RoomState["demoted"] {
  if (role !== "viewer") return null;
  return room && room.role !== "viewer" ? { vote } : demoted;
}

function foldFrame(state: RoomState, frame: TopicFrame, now: number, me: string): RoomState {
  switch (frame.op) {
    case "events":
      return frame.events.reduce((next, event) => foldEvent(next, event, me), state);
    case "presence":
      return foldRoster(state, frame);
    case "signals":
      return frame.signals.reduce(
        (next, { type, user }) =>
          type === "typing" && user.id !== me ? { ...next, typing: typed(next.typing, user, now) } : next,
        state,
      );
    default:
      return state;
  }
}

function foldEvent(state: RoomState, event: KeptEvent, me: string): RoomState {
  if (!isNewer(event.id, state.version)) return state;
  const next = { ...state, version: event.id };
  const data = event.data as Readonly<Record<string, unknown>>;
  switch (event.type) {
    case "room.variation": {
      const variation = data["variation"] as Variation;
      const ended = isVariationOver(variation) && state.variations.some(({ id }) => id === variation.id);
      return {
        ...next,
        variations: withVariation(state.variations, variation),
        endedAt: ended ? put(state.endedAt, variation.id, event.time) : state.endedAt,
      };
    }
    case "room.vote": {
      const { user, variation, on, votes } = data as unknown as Vote;
      const totals = votes ? new Map(Object.entries(votes)) : next.totals;
      const mine = user.id === me && !on;
      const unvoted = mine ? { variation, time: event.time } : next.unvoted;
      return { ...vote(next, user.id, variation, on), totals, unvoted };
    }
    case "room.message": {
      const message = data["message"] as Message;
      return quiet(said(next, message), message.author.id);
    }
    case "room.published":
      return published(next, data["post"] as Post);
    case "room.member":
      return withMember(next, data as unknown as Membership, me, event.time);
    default:
      return next;
  }
}

function foldRoster(state: RoomState, frame: RosterFrame): RoomState {
  const { count, roster, joined = [], left = [], changed = [] } = frame;
  let here = roster ?? state.roster;
  if (left.length) here = here.filter(({ user }) => !left.includes(user.id));
  for (const one of [...joined, ...changed]) {
    const known = here.findIndex(({ user }) => user.id === one.user.id);
    here = known < 0 ? [...here, one] : here.with(known, one);
  }
  const sorted = here.toSorted(
    (one, other) => one.since - other.since || (one.user.id < other.user.id ? -1 : 1),
  );
  return { ...state, count, roster: sorted };
}

function withVariation(known: readonly Variation[], variation: Variation): readonly Variation[] {
  const at = known.findIndex(({ id }) => id === variation.id);
  if (at < 0) return [...known, variation].toSorted((one, other) => one.created - other.created);
  const before = known[at]!;
  // What has ended does not begin again by a late answer.
  return isVariationOver(before) && !isVariationOver(variation)
    ? known
    : known.with(at, { ...before, ...variation });
}

interface Vote {
  readonly user: User;
  readonly variation: string;
  readonly on: boolean;
  readonly votes?: Readonly<Record<string, number>>;
}

/** One vote per person: voting for another moves it. */
function vote(state: RoomState, user: string, variation: string, on: boolean): RoomState {
  const before = state.votes.get(user);
  const heard = add(state.heard, user);
  if (on ? before === variation : before !== variation) return { ...state, heard };
  const votes = on ? put(state.votes, user, variation) : without(state.votes, user);
  const totals = new Map(state.totals);
  if (before) totals.set(before, Math.max(0, (totals.get(before) ?? 0) - 1));
  if (on) totals.set(variation, (totals.get(variation) ?? 0) + 1);
  return { ...state, votes, totals, heard };
}

/** Who voted for what before this page looked on. */
function mirrored(state: RoomState, mirror: ReadonlyMap<string, string>): RoomState {
  const heard = [...state.votes].filter(([user]) => state.heard.has(user));
  const told = [...mirror].filter(([user]) => !state.heard.has(user));
  const votes = new Map([...heard, ...told]);
  const same =
    votes.size === state.votes.size && [...votes].every(([user, id]) => state.votes.get(user) === id);
  return same ? state : { ...state, votes };
}

interface Membership {
  readonly user: User;
  readonly role: Role | null;
}

function withMember(state: RoomState, { user, role }: Membership, me: string, now: number): RoomState {
  const members = role ? put(state.members, user.id, { user, role }) : without(state.members, user.id);
  if (user.id !== me) return { ...state, members };
  if (!role) return { ...state, members, revoked: true, removed: true };
  const { unvoted } = state;
  const gone = unvoted && now - unvoted.time <= WITH_ROLE_MS ? unvoted.variation : "";
  const mine = state.votes.get(me) ?? "";
  const room = state.room && { ...state.room, role };
  const next = { ...state, members, room, demoted: demotion(state, role, mine || gone) };
  if (role !== "viewer" || !mine) return next;
  // What was voted for without a network does not count either; totals that came with an event do not have it.
  return gone ? { ...next, votes: without(state.votes, me) } : vote(next, me, mine, false);
}

function said(state: RoomState, message: Message): RoomState {
  const messages = merged(state.messages, [message]).slice(-MOST_MESSAGES);
  // It comes again when its reactions change; and of two drafts alike, one message confirms one.
  if (state.messages.some(({ id }) => id === message.id)) return { ...state, messages };
  const draft = state.drafts.findIndex((one) => isOf(one, message));
  return { ...state, messages, drafts: draft < 0 ? state.drafts : state.drafts.toSpliced(draft, 1) };
}

function isOf(draft: Draft, message: Message): boolean {
  return draft.author?.id === message.author.id && draft.text === message.text && draft.status !== "failed";
}

function confirmed(state: RoomState, key: string): RoomState {
  return state.drafts.some((draft) => draft.key === key)
    ? { ...state, drafts: state.drafts.filter((draft) => draft.key !== key) }
    : state;
}

function quiet(state: RoomState, user: string): RoomState {
  return state.typing.some((typist) => typist.user.id === user)
    ? { ...state, typing: state.typing.filter((typist) => typist.user.id !== user) }
    : state;
}

function typed(typing: readonly Typist[], user: User, now: number): readonly Typist[] {
  return [...typing.filter((typist) => typist.user.id !== user.id), { user, until: now + TYPING_MS }];
}

/** Newer versions replace older ones in their place; what is new stands in order of time. */
function merged(known: readonly Message[], more: readonly Message[]): readonly Message[] {
  const all = new Map(known.map((message) => [message.id, message]));
  for (const message of more) all.set(message.id, message);
  return [...all.values()].toSorted(
    (one, other) => one.created - other.created || (one.id < other.id ? -1 : 1),
  );
}

function react(state: RoomState, id: string, emoji: string, on: boolean): RoomState {
  const own = new Set(state.mine.get(id));
  if (on) own.add(emoji);
  else own.delete(emoji);
  const messages = state.messages.map((message) =>
    message.id === id ? { ...message, reactions: counted(message.reactions, emoji, on ? 1 : -1) } : message,
  );
  return { ...state, mine: put(state.mine, id, own), messages };
}

function counted(reactions: Reactions, emoji: string, by: 1 | -1): Reactions {
  const total = (reactions[emoji] ?? 0) + by;
  const rest = Object.fromEntries(Object.entries(reactions).filter(([key]) => key !== emoji));
  return total > 0 ? { ...reactions, [emoji]: total } : rest;
}

function published(state: RoomState, post: Post): RoomState {
  const room = state.room && ({ ...state.room, state: "published", published: post.id } as const);
  return { ...state, room, post };
}
