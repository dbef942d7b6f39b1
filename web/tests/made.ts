import type { Comment, Generation, KeptEvent, LatestValue, Post, TopicFrame, User } from "../live/protocol";

export function user(id: string): User {
  return { id, handle: `handle-${id}`, avatar: "" };
}

export function post(id: string, more: Partial<Post> = {}): Post {
  return {
    id,
    author: user("u1"),
    caption: "",
    prompt: `picture ${id}`,
    media: { sha256: `sha-${id}`, width: 768, height: 768, thumbhash: "", palette: ["#112233"] },
    tags: [],
    created: 1000,
    reactions: {},
    comments: 0,
    remixes: 0,
    ...more,
  };
}

export function comment(id: string, on: string, created: number, more: Partial<Comment> = {}): Comment {
  return { id, post: on, author: user("u2"), text: `said ${id}`, created, ...more };
}

export function generation(id: string, more: Partial<Generation> = {}): Generation {
  return {
    id,
    topic: `generation:${id}`,
    author: user("u1"),
    prompt: `prompt ${id}`,
    width: 768,
    height: 768,
    state: "queued",
    created: 1000,
    ...more,
  };
}

export function events(
  topic: string,
  ...list: (readonly [id: string, type: string, data: unknown])[]
): TopicFrame {
  const kept = list.map(([id, type, data]): KeptEvent => ({ id, type, data, time: 0 }));
  return { op: "events", topic, from: "0-0", to: kept.at(-1)?.id ?? "0-0", events: kept };
}

export function latest(topic: string, rev: string, type: string, data: unknown, key = type): TopicFrame {
  const value: LatestValue = { key, type, rev, data, time: 0 };
  return { op: "latest", topic, values: [value] };
}
