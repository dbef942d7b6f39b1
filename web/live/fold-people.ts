import type { KeptEvent, Topic, User } from "./protocol";
import { put, without, type Standing, type State } from "./state";

/** Of more people than these, who was asked about first is forgotten, and asked about again when needed. */
const MOST_PEOPLE = 500;

/** Note how somebody stands. */
export function receivePerson(state: State, user: string, standing: Standing): State {
  const people = new Map(state.people).set(user, standing);
  for (const id of people.keys()) if (people.size > MOST_PEOPLE) people.delete(id);
  return { ...state, people };
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
  const followers = Math.max(0, standing.followers + (on ? 1 : -1));
  return { ...state, people: put(state.people, user, { ...standing, followed: on, followers }) };
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
