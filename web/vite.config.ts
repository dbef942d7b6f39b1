import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { embed } from "./embed/build.ts";
import { pwa } from "./pwa/build.ts";
import { squeezed } from "./squeezed.ts";
import { words } from "./words/build.ts";

/** Where `npm run dev` finds the running server. */
const server = `http://127.0.0.1:${process.env["LIVEFEED_PORT"] ?? "8080"}`;

/** The minifier drops licence comments: the notices are built in as a file of their own. */
const notices = {
  name: "notices",
  generateBundle(this: { emitFile(file: { type: "asset"; fileName: string; source: string }): unknown }) {
    this.emitFile({
      type: "asset",
      fileName: "NOTICE.txt",
      source: readFileSync(new URL("NOTICE.md", import.meta.url), "utf8"),
    });
  },
};

/** The page's program is in several files: all are asked for at once. */
const early: Plugin = {
  name: "early",
  transformIndexHtml: {
    order: "post",
    handler(_html, { bundle, path }) {
      if (path !== "/index.html") return [];
      const chunks = Object.values(bundle ?? {}).filter((one) => one.type === "chunk");
      const entry = chunks.find(
        ({ isEntry, facadeModuleId }) => isEntry && facadeModuleId?.endsWith("/web/index.html"),
      );
      return (entry?.imports ?? []).map((name) => ({
        tag: "link",
        attrs: { rel: "modulepreload", crossorigin: true, href: `/${name}` },
        injectTo: "head",
      }));
    },
  },
};

/** Markup and styles without the indents that only their authors read: the minifier leaves templates as they are. */
const tight: Plugin = {
  name: "tight",
  apply: "build",
  generateBundle(_options, bundle) {
    for (const one of Object.values(bundle))
      if (one.type === "chunk") one.code = one.code.replace(/\n {2,}/g, "\n");
  },
};

export default defineConfig({
  plugins: [notices, embed, words, pwa, early, tight, squeezed],
  build: {
    outDir: "../livefeed/web_dist",
    emptyOutDir: true,
    assetsDir: "assets",
    target: "es2022",
    assetsInlineLimit: 0,
    // Without the lists of what each part needs besides: they would be a kilobyte of every first load.
    modulePreload: { polyfill: false, resolveDependencies: () => [] },
    rollupOptions: {
      input: ["index.html", "embed/index.html"],
      // What the page asks first comes first, with the words' code, which other pages have too; all that the first feed is
      // drawn with comes as one file.
      output: {
        codeSplitting: {
          groups: [
            {
              name: "words",
              test: /\/web\/(words\/(?!more|said|room)\w+|live\/(problem|ahead)|pages\/early)\.ts$|preload-helper/,
              priority: 3,
            },
            // Not with the others: these wait for more words.
            { name: "later", test: /\/web\/words\/(more|said)\.ts$/, priority: 2 },
            { name: "rooms", test: /\/web\/words\/room\.ts$/, priority: 2 },
            { name: "app", test: /\/web\/pages\/app\.ts$/, priority: 1 },
            // What is fetched when the first picture hangs is one file too.
            { name: "wall-parts", test: /\/web\/components\/wall-parts\.ts$/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": server,
      "/media": server,
      "/embed.js": server,
      "/oembed": server,
      "/og": server,
      "/sse": server,
      "^/embed/(all|tag:|user:)": server,
      "/ws": { target: server, ws: true },
    },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    setupFiles: ["tests/english.ts"],
    testTimeout: 60_000,
  },
});
