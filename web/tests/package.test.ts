import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

const CONFIG = fileURLToPath(new URL("../client/vite.config.ts", import.meta.url));
const KB = 1024;

test("the package weighs 8 KB, and sharing between tabs 3 KB more", { timeout: 60_000 }, async () => {
  const built = (await build({ configFile: CONFIG, logLevel: "silent", build: { write: false } })) as
    Rolldown.RolldownOutput | Rolldown.RolldownOutput[];
  const { output } = Array.isArray(built) ? built[0]! : built;
  const chunks = output.filter((one) => one.type === "chunk");
  const weight = (name: string): number =>
    gzipSync(chunks.find(({ fileName }) => fileName === name)!.code).length;
  const entry = chunks.find(({ fileName }) => fileName === "index.js")!;
  const first = [entry.fileName, ...entry.imports].reduce((sum, name) => sum + weight(name), 0);
  expect(first).toBeLessThanOrEqual(8 * KB);
  expect(weight("sharing.js")).toBeLessThanOrEqual(3 * KB);
});
