import { swept } from "./bounds";
import type { KeptEvent, Post, Topic, User } from "./protocol";
import { EMPTY, put, without, type Standing, type State } from "./state";

/** Of more people than these, who was asked about first is forgotten, and asked about again when needed. */
const MOST_PEOPLE = 500;
/** Feeds that are each one's own. */
const OWN_FEEDS: readonly Topic[] = ["feed:following", "feed:liked"];

/** Somebody in a list of people, and whether I follow them. */
export interface Listed {
  readonly user: User;
  readonly followed: boolean;
}

/** Note how somebody stands. */
export function receivePerson(state: State, user: string, standing: Standing): State {
  const people = new Map(state.people).set(user, standing);
  for (const id of people.keys()) if (people.size > MOST_PEOPLE) people.delete(id);
  return { ...state, people };
}

/** Note what the authors of posts look like. One has one face, the newest: what an older post tells does not count. */
export function receiveFaces(state: State, posts: readonly Post[]): State {
  const faces = new Map(state.faces);
  for (const { id, author, created: at, media } of posts) {
    const { avatar } = author;
    const post = avatar === media.sha256 ? id : "";
    if (at > (faces.get(author.id)?.at ?? 0)) faces.set(author.id, { avatar, post, at });
  }
  for (const id of faces.keys()) if (faces.size > MOST_PEOPLE) faces.delete(id);
  return { ...state, faces };
}

/** Return the avatar somebody is shown with, whoever told of them; "" when that picture is gone. */
export function faceOf({ faces, gone }: Pick<State, "faces" | "gone">, user: User | null): string {
  const face = faces.get(user?.id ?? "");
  return (face ? !gone.has(face.post) && face.avatar : user?.avatar) || "";
}

/** Apply an event of my following feed: whom I follow, or follow no more (then what they made has left it). */
export function foldFollowEvent(state: State, topic: Topic, event: KeptEvent): State {
  if (event.type === "follow.created")
    return receiveFollow(state, (event.data as { user: User }).user.id, true);
  if (event.type !== "follow.deleted") return state;
  const { id } = event.data as { id: string };
  return withoutAuthor(receiveFollow(state, id, false), topic, id);
}

/** I follow somebody, or no more; their count follows at once. Of whom nothing is known, nothing is noted. */
export function receiveFollow(state: State, user: string, on: boolean): State {
  const standing = state.people.get(user);
  if (!standing || standing.followed === on) return state;
  const { counts } = standing;
  const followers = Math.max(0, (counts?.followers ?? 0) + (on ? 1 : -1));
  const now = { followed: on, counts: counts && { ...counts, followers } };
  return { ...state, people: put(state.people, user, now) };
}

/** Note of people in a list whether I follow them; what else is known of them stays. */
export function receivePeople(state: State, listed: readonly Listed[]): State {
  return listed.reduce((next, { user, followed }) => {
    const counts = next.people.get(user.id)?.counts ?? null;
    return receivePerson(next, user.id, { followed, counts });
  }, state);
}

/** Call somebody by this name wherever they stand. */
export function rename(state: State, { id, handle }: User): State {
  const posts = replaced(state.posts, (post) => withName(post, id, handle));
  const threads = replaced(state.threads, (thread) => {
    const comments = thread.comments.map((comment) => withName(comment, id, handle));
    return comments.some((comment, index) => comment !== thread.comments[index])
      ? { ...thread, comments }
      : thread;
  });
  const generations = replaced(state.generations, (job) => {
    const generation = withName(job.generation, id, handle);
    return generation === job.generation ? job : { ...job, generation };
  });
  const same = posts === state.posts && threads === state.threads && generations === state.generations;
  return same ? state : { ...state, posts, threads, generations };
}

function withName<T extends { readonly author: User }>(made: T, id: string, handle: string): T {
  const { author } = made;
  return author.id === id && author.handle !== handle ? { ...made, author: { ...author, handle } } : made;
}

/** Return a map with other values, the same one if none is another. */
function replaced<K, T>(map: ReadonlyMap<K, T>, change: (value: T) => T): ReadonlyMap<K, T> {
  let copy: Map<K, T> | null = null;
  for (const [key, value] of map) {
    const now = change(value);
    if (now !== value) (copy ??= new Map(map)).set(key, now);
  }
  return copy ?? map;
}

/** Become somebody else: what was mine is not any more, and how people stand to me is to be asked anew. */
export function becomeAnother(state: State): State {
  const others = OWN_FEEDS.reduce<State["feeds"]>(without, state.feeds);
  // A job that is not to be published is shown to its author alone; the others are read again.
  const feeds = [...others].map(
    ([topic, feed]) =>
      [topic, { ...feed, easel: feed.easel.filter((id) => !state.own.includes(id)) }] as const,
  );
  return swept({
    ...state,
    feeds: new Map(feeds),
    mine: new Map(),
    own: [],
    drafts: new Map(),
    people: new Map(),
    news: EMPTY.news,
  });
}

/** Forget a wall that is not looked at: it is read afresh when it is opened again. */
export function dropFeed(state: State, topic: Topic): State {
  return state.feeds.has(topic) ? { ...state, feeds: without(state.feeds, topic) } : state;
}

function withoutAuthor(state: State, topic: Topic, author: string): State {
  const feed = state.feeds.get(topic);
  if (!feed) return state;
  const theirs = (id: string): boolean => state.posts.get(id)?.author.id === author;
  const blocks = feed.blocks
    .map((block) => {
      const posts = block.posts.filter((id) => !theirs(id));
      return posts.length === block.posts.length ? block : { ...block, posts };
    })
    .filter((block) => block.posts.length);
  const easel = feed.easel.filter((id) => state.generations.get(id)?.generation.author.id !== author);
  const pending = feed.pending.filter((id) => !theirs(id));
  return { ...state, feeds: put(state.feeds, topic, { ...feed, blocks, pending, easel }) };
}
