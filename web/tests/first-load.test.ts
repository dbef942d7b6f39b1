import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

const OF_ROOMS = /node_modules\/(yjs|y-websocket|y-protocols|lib0)\//;

/** Return the chunks that a browser fetches for these, without asking for more. */
function closure(chunks: ReadonlyMap<string, Rolldown.OutputChunk>, roots: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const chunk = chunks.get(name);
    if (!chunk || found.has(name)) return;
    found.add(name);
    chunk.imports.forEach(visit);
  };
  roots.forEach(visit);
  return found;
}

test(
  "what is painted together with is fetched with a room, not with the page",
  { timeout: 60_000 },
  async () => {
    const built = (await build({ logLevel: "silent", build: { write: false } })) as Rolldown.RolldownOutput;
    const chunks = new Map(
      built.output.filter((one) => one.type === "chunk").map((chunk) => [chunk.fileName, chunk] as const),
    );
    const ofRooms = (name: string): boolean => chunks.get(name)!.moduleIds.some((id) => OF_ROOMS.test(id));
    const entries = [...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName);
    const first = closure(chunks, entries);
    expect([...first].filter(ofRooms)).toEqual([]);

    // Neither when the page has settled and fetches what is opened first.
    const soon = [...chunks.values()].filter(({ facadeModuleId }) =>
      /components\/(post-view|create-sheet)\.ts$/.test(facadeModuleId ?? ""),
    );
    expect(soon).toHaveLength(2);
    const settled = closure(
      chunks,
      soon.map(({ fileName }) => fileName),
    );
    expect([...settled].filter(ofRooms)).toEqual([]);

    const room = [...chunks.values()].filter(({ facadeModuleId }) =>
      /pages\/room\.ts$/.test(facadeModuleId ?? ""),
    );
    expect(room).toHaveLength(1);
    expect([...closure(chunks, [room[0]!.fileName])].some(ofRooms)).toBe(true);
  },
);
