import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const PACKAGE = at("../../build/client");
/** Where declarations import each other; Node's resolution wants the ending. */
const IMPORT = /(from "\.[^"]*?)(?:\.js)?"/g;

/** What a package needs beside its program: declarations, its description, a page of documentation, the licence. */
const rest = {
  name: "rest-of-the-package",
  writeBundle(): void {
    execFileSync(process.execPath, [at("../node_modules/typescript/bin/tsc"), "-p", at(".")], {
      stdio: "inherit",
    });
    for (const name of readdirSync(`${PACKAGE}/types`, { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".d.ts")) continue;
      const path = `${PACKAGE}/types/${name}`;
      writeFileSync(path, readFileSync(path, "utf8").replace(IMPORT, '$1.js"'));
    }
    copyFileSync(at("package.json"), `${PACKAGE}/package.json`);
    copyFileSync(at("../../docs/client-js.md"), `${PACKAGE}/README.md`);
    copyFileSync(at("../../LICENSE"), `${PACKAGE}/LICENSE`);
  },
};

/** Builds `@livefeed/client` into build/client, from which `npm pack` makes the tarball. */
export default defineConfig({
  root: at("."),
  plugins: [rest],
  build: {
    target: "es2022",
    outDir: PACKAGE,
    emptyOutDir: true,
    lib: { entry: { index: at("index.ts"), sharing: at("sharing.ts") }, formats: ["es"] },
    // A library's white space stays by default; pages that use it without a bundler get it as it is.
    rollupOptions: { output: { minify: true, entryFileNames: "[name].js", chunkFileNames: "shared.js" } },
  },
});
