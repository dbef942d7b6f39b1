import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { embed } from "./embed/build.ts";
import { pwa } from "./pwa/build.ts";

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

export default defineConfig({
  plugins: [notices, embed, pwa],
  build: {
    outDir: "../livefeed/web_dist",
    emptyOutDir: true,
    assetsDir: "assets",
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["index.html", "embed/index.html"] },
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
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
