import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { beforeAll, expect, test, vi } from "vitest";
import { LANGUAGES } from "../words/languages";

const OF_ROOMS = /node_modules\/(yjs|y-websocket|y-protocols|lib0)\//;
/** Script of the first load, in bytes as they travel. */
const MOST_BYTES = 60 * 1024;

type Chunk = Rolldown.OutputChunk;

let chunks: ReadonlyMap<string, Chunk>;
let assets: ReadonlyMap<string, string>;

beforeAll(async () => {
  // As it is built to be served: tests would get the libraries with their warnings in.
  vi.stubEnv("NODE_ENV", "production");
  const built = (await build({ logLevel: "silent", build: { write: false } })) as Rolldown.RolldownOutput;
  vi.unstubAllEnvs();
  chunks = new Map(
    built.output.filter((one) => one.type === "chunk").map((chunk) => [chunk.fileName, chunk] as const),
  );
  assets = new Map(
    built.output
      .filter((one) => one.type === "asset")
      .map(({ fileName, source }) => [fileName, String(source)]),
  );
}, 60_000);

/** Return the chunks that a browser fetches for these, without asking for more. */
function closure(roots: readonly Chunk[]): ReadonlySet<Chunk> {
  const found = new Set<Chunk>();
  const visit = (chunk: Chunk | undefined): void => {
    if (!chunk || found.has(chunk)) return;
    found.add(chunk);
    for (const name of chunk.imports) visit(chunks.get(name));
  };
  roots.forEach(visit);
  return found;
}

function chunkOf(module: string): Chunk {
  const found = [...chunks.values()].filter(({ facadeModuleId }) => facadeModuleId?.endsWith(module));
  expect([module, found.length]).toEqual([module, 1]);
  return found[0]!;
}

/** What is fetched before the first feed is drawn. The words come with the page. */
function first(): readonly Chunk[] {
  return [chunkOf("/web/index.html")];
}

test("all of the first load is named in the page, so that nothing waits for its name", () => {
  const page = assets.get("index.html") ?? "";
  const named = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, name]) => name);
  expect(named.sort()).toEqual([...closure(first())].map(({ fileName }) => fileName).sort());
});

test("what is painted together with is fetched with a room, not with the page", () => {
  const ofRooms = ({ moduleIds }: Chunk): boolean => moduleIds.some((id) => OF_ROOMS.test(id));
  expect([...closure(first())].filter(ofRooms)).toEqual([]);
  // Neither when the page has settled and fetches what is opened first.
  const soon = [chunkOf("/components/post-view.ts"), chunkOf("/components/create-sheet.ts")];
  expect([...closure(soon)].filter(ofRooms)).toEqual([]);
  expect([...closure([chunkOf("/pages/room.ts")])].some(ofRooms)).toBe(true);
});

test.each(LANGUAGES.map(({ id }) => id))(
  "the first load in %s is small, and in that language only",
  (language) => {
    const fetched = closure(first());
    const later = [...fetched].flatMap(({ moduleIds }) =>
      moduleIds.filter((id) => /\/words\/(\w+\/\w+|more|room)\.ts$/.test(id)),
    );
    expect(later).toEqual([]);
    const { page: words } = JSON.parse(assets.get(`words/${language}.json`) ?? "{}") as { page: object };
    expect(Object.keys(words).length).toBeGreaterThan(100);
    const sources = [...[...fetched].map(({ code }) => code), JSON.stringify(words)];
    const bytes = sources.reduce((sum, source) => sum + gzipSync(source, { level: 9 }).length, 0);
    console.log(`${language}: ${bytes} bytes`);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  },
);
