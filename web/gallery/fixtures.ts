import { elsewhere } from "../components/picture-frame";
import { studio } from "../components/studio";
import type {
  Comment,
  Generation,
  LatestValue,
  LineageNode,
  Media,
  Notification,
  Post,
  Topic,
  User,
} from "../live/protocol";
import type { NewsPage } from "../live/fold-news";
import pictures from "./pictures/pictures.json";

/** What hangs in the gallery. It goes through the real fold, so every state is one that the page can be in. */

const FILES = import.meta.glob<string>("./pictures/*.webp", {
  eager: true,
  query: "?url",
  import: "default",
});
const MINUTE = 60_000;
const STEPS = 10;

type PictureName = keyof typeof pictures;

export const NOW = Date.now();
/** The time of day that the look's own pictures have: "21:04". */
export const EVENING = new Date(2026, 0, 1, 21, 4).getTime();
export const ME: User = { id: "me", handle: "quiet-otter", avatar: "" };
export const HERON: User = { id: "heron", handle: "slow-heron", avatar: "fox" };
export const WREN: User = { id: "wren", handle: "north-wren", avatar: "whale" };
const NEWCOMER: User = { id: "newcomer", handle: "patient-lamp", avatar: "" };
/** How they stand to me. */
const STANDINGS = [
  [HERON, false, { followers: 214, following: 31, pictures: 86, remixes: 12, remixed: 61 }],
  [WREN, true, { followers: 1_204, following: 12, pictures: 340, remixes: 2, remixed: 97 }],
  [ME, false, { followers: 3, following: 8, pictures: 5, remixes: 1, remixed: 0, liked: 9, rooms: 2 }],
] as const;
export const PEOPLE = [ME, HERON, WREN, NEWCOMER] as const;

/** A picture of which nothing is seen yet. */
export const ON_ITS_WAY = "on-its-way";

export function mediaOf(name: PictureName): Media {
  const { prompt: _, ...media } = pictures[name];
  return media;
}

export function promptOf(name: PictureName): string {
  return pictures[name].prompt;
}

export function postOf(id: string, name: PictureName, more: Partial<Post> = {}): Post {
  return {
    id,
    author: HERON,
    caption: "",
    prompt: promptOf(name),
    media: mediaOf(name),
    tags: ["gallery"],
    created: NOW - 3 * MINUTE,
    reactions: {},
    comments: 0,
    remixes: 0,
    ...more,
  };
}

export function commentOf(id: string, post: string, text: string, more: Partial<Comment> = {}): Comment {
  return { id, post, author: HERON, text, created: NOW - 2 * MINUTE, ...more };
}

export function generationOf(id: string, more: Partial<Generation> = {}): Generation {
  return {
    id,
    topic: `generation:${id}`,
    author: ME,
    prompt: promptOf("whale"),
    width: 768,
    height: 768,
    state: "queued",
    steps: STEPS,
    created: NOW - MINUTE,
    ...more,
  };
}

/** Every state of a picture that is being painted, by the name of the state. */
const JOBS: Readonly<Record<string, Partial<Generation>>> = {
  queued: { prompt: "a lighthouse made of sugar", place: 3, eta_s: 40 },
  retrying: {
    prompt: "a lighthouse made of sugar",
    place: 2,
    eta_s: 25,
    retry: { attempt: 2, attempts: 3, code: "worker_lost", message: "The worker was lost." },
  },
  starting: { state: "started" },
  painting: { state: "started", step: 3, eta_s: 9 },
  nearly: { state: "started", step: 8, eta_s: 2 },
  finishing: { state: "completed", step: STEPS, media: mediaOf("whale") },
  refused: {
    prompt: "the mayor as a clown",
    state: "refused",
    error: { stage: "queued", code: "refused", message: "No real people." },
  },
  failed: {
    state: "failed",
    step: 6,
    error: { stage: "painting", code: "engine_failed", message: "The painter went away." },
  },
  aborted: {
    state: "aborted",
    step: 6,
    error: { stage: "painting", code: "deadline", message: "It took too long." },
  },
  cancelled: { state: "cancelled", step: 4 },
  arabic: { state: "started", step: 6, eta_s: 5, prompt: "ثعلب أحمر في الثلج ليلاً", author: HERON },
  long: {
    state: "started",
    step: 17,
    steps: 60,
    eta_s: 80,
    prompt:
      "an old town on a hill above the sea, every window lit, seen from a boat that comes home late in the evening",
  },
};
export const JOB_NAMES = Object.keys(JOBS);
/** What has been painted so far, by the state's name. */
const SEEN: Readonly<Record<string, string>> = {
  starting: "whale-early",
  painting: "whale-half",
  nearly: "whale",
  failed: "whale-half",
  aborted: "whale-half",
  cancelled: "whale-half",
  arabic: "fox",
  long: "lighthouse",
};

export const WALL: readonly Post[] = [
  postOf("p-fox", "fox", { reactions: { "🔥": 48, "❄️": 12 }, comments: 5 }),
  postOf("p-lighthouse", "lighthouse", { author: WREN, reactions: { "🌊": 12 }, remixes: 2 }),
  postOf("p-mushrooms", "mushrooms", { author: NEWCOMER, created: NOW - 8 * MINUTE, comments: 1 }),
  postOf("p-sunflowers", "sunflowers", {
    author: ME,
    caption: "باقة من عبّاد الشمس",
    created: NOW - 61 * MINUTE,
  }),
  postOf("p-dragon", "dragon", { author: WREN, credits: [WREN, ME, HERON], reactions: { "👏": 103 } }),
  postOf("p-gone", "whale"),
];
export const WAITING: readonly Post[] = [
  postOf("w-dragon", "dragon", { tags: ["waiting", "one", "gap"] }),
  postOf("w-fox", "fox", { tags: ["waiting"] }),
  postOf("w-sunflowers", "sunflowers", { tags: ["waiting"] }),
];
/** The open post, and its tree. */
export const TREE_OF = "p-fox";
export const BRANCHES: readonly LineageNode[] = [
  node("l-root", "lighthouse", null, HERON, 2),
  node("l-whale", "whale", "l-root", WREN, 1),
  node(TREE_OF, "fox", "l-root", HERON, 2),
  node("l-dragon", "dragon", TREE_OF, ME, 0),
  { id: "l-gone", parent: TREE_OF, deleted: true, media: null, next: null },
];

/** One line of news of every kind, newest first. */
export const NEWS: readonly Notification[] = [
  newsOf("n-reaction", "reaction", 2, {
    actors: [HERON, WREN, NEWCOMER],
    people: 48,
    post: "p-sunflowers",
    picture: "sunflowers",
    unread: true,
  }),
  newsOf("n-comment", "comment", 4, {
    text: "those trees are perfect #snow",
    post: "p-fox",
    picture: "fox",
    unread: true,
  }),
  newsOf("n-done", "generation", 9, {
    generation: "g-done",
    state: "completed",
    actors: [],
    people: 0,
    unread: true,
  }),
  newsOf("n-reply", "reply", 61, {
    actors: [WREN],
    text: "seed 20451, ten steps",
    post: "p-fox",
    picture: "fox",
  }),
  newsOf("n-mention", "mention", 90, {
    actors: [NEWCOMER],
    text: "@quiet-otter look at this one",
    post: "p-dragon",
    picture: "dragon",
  }),
  newsOf("n-remix", "remix", 300, { actors: [WREN], post: "p-lighthouse", picture: "lighthouse" }),
  newsOf("n-follow", "follow", 1_500, { actors: [HERON, WREN], people: 2 }),
  newsOf("n-refused", "generation", 2_900, {
    generation: "g-refused",
    state: "refused",
    actors: [],
    people: 0,
  }),
];

/** The feeds of the gallery, by what they show. */
export const FEEDS = {
  full: "feed:tag:gallery",
  waiting: "feed:tag:waiting",
  one: "feed:tag:one",
  gap: "feed:tag:gap",
  empty: "feed:tag:empty",
  coming: "feed:tag:coming",
  loading: "feed:tag:loading",
  dark: "feed:tag:dark",
} as const satisfies Record<string, Topic>;

/** Fill the page's state with what the specimens show. */
export function furnish(): void {
  for (const [path, url] of Object.entries(FILES)) elsewhere.set(path.replace(/^.*\/|\.webp$/g, ""), url);
  elsewhere.set(ON_ITS_WAY, "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E");
  const { live } = studio;
  live.setMe(ME);
  studio.feed = FEEDS.full;
  studio.wall.people.set(FEEDS.full, [HERON]);
  paintJobs();
  hangFeeds();
  talk();
  for (const [user, followed, counts] of STANDINGS)
    live.dispatch({ kind: "person", user: user.id, standing: { followed, counts } });
  live.dispatch({ kind: "news-page", page: newsPage(NEWS) });
  live.dispatch({ kind: "lineage-of", post: TREE_OF }, { kind: "lineage", of: TREE_OF, nodes: BRANCHES });
}

function paintJobs(): void {
  const { live } = studio;
  live.dispatch({ kind: "hold", generations: JOB_NAMES.map((name) => `job-${name}`) });
  for (const [name, more] of Object.entries(JOBS)) {
    const generation = generationOf(`job-${name}`, more);
    live.dispatch({ kind: "generation", generation, easel: FEEDS.full });
    const seen = SEEN[name];
    if (seen) showPreview(generation.id, seen);
    if (generation.author === ME && ["queued", "painting", "failed"].includes(name)) {
      live.dispatch({ kind: "own", generation: generation.id, on: true });
    }
  }
  live.dispatch({ kind: "generation", generation: generationOf("job-coming"), easel: FEEDS.coming });
}

/** Show what has been painted of a job so far. */
export function showPreview(job: string, name: string): void {
  studio.live.dispatch({ kind: "frame", now: NOW, frame: preview(`generation:${job}`, name) });
}

function preview(topic: Topic, name: string): { op: "latest"; topic: Topic; values: LatestValue[] } {
  const palette = mediaOf(name in pictures ? (name as PictureName) : "whale").palette;
  const data = { step: 3, width: 256, height: 256, palette, url: elsewhere.get(name) };
  return {
    op: "latest",
    topic,
    values: [{ key: "generation.preview", type: "generation.preview", time: NOW, rev: `${NOW}-1`, data }],
  };
}

function hangFeeds(): void {
  const page = (topic: Topic, posts: readonly Post[]): void =>
    studio.live.dispatch({
      kind: "feed-page",
      topic,
      page: { posts, generations: [], next: null, mine: { "p-lighthouse": ["🌊"] }, place: "first" },
    });
  const comes = (topic: Topic, posts: readonly Post[]): void => {
    const events = posts.map((post, number) => ({
      id: `${NOW}-${number}`,
      type: "post.created",
      time: NOW,
      data: { post },
    }));
    studio.live.dispatch({
      kind: "frame",
      now: NOW,
      frame: { op: "events", topic, from: "0-0", to: "0-0", events },
    });
  };
  // The fold keeps four walls: what has only to wait needs no page of its own.
  page(FEEDS.empty, []);
  page(FEEDS.coming, []);
  page(FEEDS.full, WALL);
  comes(FEEDS.waiting, WAITING);
  comes(FEEDS.one, WAITING.slice(0, 1));
  comes(FEEDS.gap, WAITING.slice(0, 1));
  studio.live.dispatch(
    { kind: "frame", now: NOW, frame: { op: "gap", topic: FEEDS.gap, at: "0-0" } },
    { kind: "gone", post: "p-gone" },
  );
}

/** What is said about a post. */
export function commentsOf(post: string | undefined): readonly Comment[] {
  if (post !== TREE_OF) return [];
  return [
    commentOf("c1", TREE_OF, "the moon did all the work here", { edited: NOW, created: NOW - 9 * MINUTE }),
    commentOf("c2", TREE_OF, "seed please? the trees are perfect #snow", {
      author: WREN,
      created: NOW - 5 * MINUTE,
    }),
    commentOf("c3", TREE_OF, "I watched it from the first stroke", {
      author: ME,
      parent: "c2",
      created: NOW - 4 * MINUTE,
    }),
    commentOf("c4", TREE_OF, "what if the moon were closer", {
      parent: "removed",
      created: NOW - 2 * MINUTE,
    }),
  ];
}

function talk(): void {
  const draft = (key: string, text: string, status: "sending" | "failed", problem = ""): void =>
    studio.live.dispatch({
      kind: "draft",
      post: TREE_OF,
      draft: { key, author: ME, text, parent: null, status, problem },
    });
  studio.live.dispatch(
    { kind: "post", post: WALL[0]!, mine: ["🔥"] },
    {
      kind: "thread-page",
      post: TREE_OF,
      page: { comments: commentsOf(TREE_OF), next: null, place: "first" },
    },
    { kind: "thread-page", post: "p-lighthouse", page: { comments: [], next: null, place: "first" } },
  );
  draft("d1", "those trees!", "sending");
  draft("d2", "and the snow", "failed", "You are offline.");
  // Typing goes stale by the fold's own ticks, which nobody sends here.
  const signals = [{ user: WREN, type: "typing", data: {} }];
  studio.live.dispatch({
    kind: "frame",
    now: NOW,
    frame: { op: "signals", topic: `post:${TREE_OF}`, signals },
  });
}

export function newsPage(notifications: readonly Notification[]): NewsPage {
  const unread = notifications.filter((one) => one.unread).length;
  return { notifications, unread, next: null, place: "first" };
}

function newsOf(
  id: string,
  kind: Notification["kind"],
  minutes: number,
  { picture, ...more }: Partial<Notification> & { readonly picture?: PictureName },
): Notification {
  const media = picture ? mediaOf(picture) : null;
  return {
    id,
    kind,
    time: NOW - minutes * MINUTE,
    unread: false,
    actors: [HERON],
    people: 1,
    media,
    ...more,
  };
}

function node(
  id: string,
  name: PictureName,
  parent: string | null,
  author: User,
  remixes: number,
): LineageNode {
  return {
    id,
    parent,
    author,
    caption: "",
    prompt: promptOf(name),
    media: mediaOf(name),
    created: NOW - 30 * MINUTE,
    remixes,
    next: null,
  };
}
