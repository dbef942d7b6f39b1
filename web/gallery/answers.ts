import { BRANCHES, commentsOf, generationOf, ME, mediaOf, PEOPLE, promptOf, TREE_OF, WALL } from "./fixtures";
import { PAINTERS } from "./painters";

/** What a server would have answered. What is not listed is refused: nothing is sent from here. */
const ANSWERS: readonly (readonly [
  method: string,
  path: RegExp,
  body: (found: readonly string[]) => unknown,
])[] = [
  ["GET", /^\/api\/feeds\/all\?/, () => ({ posts: WALL, generations: [], next: null, at: "0-0" })],
  [
    "GET",
    /^\/api\/posts\/([^/]+)\/comments/,
    ([id]) => ({ comments: commentsOf(id), next: null, at: "0-0" }),
  ],
  ["GET", new RegExp(`^/api/posts/${TREE_OF}/lineage`), () => ({ nodes: BRANCHES })],
  [
    "GET",
    /^\/api\/posts\/[^/]+\/provenance/,
    () => ({ provenance: { generator: { title: "Illustrator" } } }),
  ],
  ["GET", /^\/api\/posts\/([^/?]+)$/, ([id]) => one("post", id)],
  ["GET", /^\/api\/generations\/g-done$/, () => ({ generation: done(), at: "0-0" })],
  ["GET", /^\/api\/generations\/g-refused$/, () => ({ generation: refused(), at: "0-0" })],
  ["GET", /^\/api\/generations\/g-own$/, () => ({ generation: own(), at: "0-0" })],
  ["GET", /^\/api\/generations\/p-/, () => ({ generation: { ...done(), seed: 20_451 }, at: "0-0" })],
  ["GET", /^\/api\/generators$/, () => ({ generators: PAINTERS })],
  ["GET", /^\/api\/rooms\/[^/?]+$/, () => ({ members: PEOPLE.map((user) => ({ user, role: "editor" })) })],
  ["POST", /^\/api\/rooms\/([^/]+)\/invites$/, ([id]) => ({ url: `/room/${id}?invite=4hGq2sX9` })],
];

export function answer(method: string, path: string): Response {
  for (const [wanted, shape, body] of ANSWERS) {
    const found = method === wanted ? shape.exec(path) : null;
    const given = found && body(found.slice(1));
    if (given) return Response.json(given);
  }
  const detail =
    method === "GET" ? "The server cannot be reached." : "This is the gallery: nothing is sent from here.";
  return Response.json(
    { status: 503, code: "gallery", detail },
    { status: 503, headers: { "Content-Type": "application/problem+json" } },
  );
}

function one(kind: "post", id: string | undefined): unknown {
  const post = WALL.find((known) => known.id === id);
  return post && { [kind]: post, at: "0-0", mine: id === TREE_OF ? ["🔥"] : [] };
}

function done(): object {
  return { ...generationOf("g-done"), state: "completed", media: mediaOf("whale"), post: "p-fox", seed: 7 };
}

function own(): object {
  return {
    ...done(),
    author: ME,
    publish: false,
    post: null,
    generator: "illustrator",
    steps: 10,
    seed: 20_451,
  };
}

function refused(): object {
  const error = { stage: "queued", code: "refused", message: "No real people." };
  return { ...generationOf("g-refused"), author: ME, prompt: promptOf("dragon"), state: "refused", error };
}
