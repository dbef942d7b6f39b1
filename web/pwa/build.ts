import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { build, type Plugin } from "vite";

const here = (name: string): string => new URL(name, import.meta.url).pathname;
const ICONS = "icons/";
/** What the shell is made of, besides assets. */
const SHELL = /^(index\.html|words\/\w+\.json)$/;
/** What the server paints link previews with: files of the page, under names that do not change. */
const FONTS = {
  "og/newsreader-italic.woff2": "../fonts/newsreader-italic-420.woff2",
  "og/figtree.woff2": "../fonts/figtree-400-700.woff2",
};

const MANIFEST = {
  id: "/",
  name: "livefeed",
  short_name: "livefeed",
  description: "Say what you want to see, and watch it being painted with everyone else.",
  lang: "en",
  dir: "auto",
  start_url: "/",
  scope: "/",
  display: "standalone",
  background_color: "#161716",
  theme_color: "#161716",
  categories: ["photo", "social", "entertainment"],
  icons: [
    { src: "/icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
    { src: "/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
    { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
  ],
};

/** Builds what makes the page an app: manifest, icons, and the service worker with the list of what it keeps. */
export const pwa: Plugin = {
  name: "pwa",
  // After all others: chunks that hold nothing but a style sheet are gone by then.
  enforce: "post",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: (_, { path }) =>
      path === "/index.html"
        ? [
            { tag: "link", attrs: { rel: "manifest", href: "/manifest.webmanifest" }, injectTo: "head" },
            {
              tag: "link",
              attrs: { rel: "apple-touch-icon", href: "/apple-touch-icon.png" },
              injectTo: "head",
            },
          ]
        : [],
  },
  async generateBundle(_, bundle) {
    const emit = (fileName: string, source: string | Uint8Array): void => {
      this.emitFile({ type: "asset", fileName, source });
    };
    emit("manifest.webmanifest", JSON.stringify(MANIFEST));
    for (const name of readdirSync(here(ICONS))) emit(name, readFileSync(here(ICONS + name)));
    for (const [fileName, from] of Object.entries(FONTS)) emit(fileName, readFileSync(here(from)));
    const kept = Object.keys(bundle)
      .filter((name) => name.startsWith("assets/"))
      .map((name) => `/${name}`)
      .sort();
    // The page, too, and what the server writes into it: a shell that is older than its files is fetched anew.
    const version = createHash("sha256");
    for (const [name, built] of Object.entries(bundle).sort(([left], [right]) => (left < right ? -1 : 1)))
      if (built.type === "asset" && SHELL.test(name)) version.update(`${name}\n`).update(built.source);
    version.update(kept.join("\n"));
    emit("sw.js", await worker(version.digest("hex").slice(0, 12), kept));
  },
};

async function worker(version: string, kept: readonly string[]): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    define: { __VERSION__: JSON.stringify(version), __KEPT__: JSON.stringify(kept) },
    build: {
      write: false,
      target: "es2022",
      minify: true,
      lib: { entry: here("worker.ts"), formats: ["iife"], name: "livefeed" },
    },
  });
  const chunks = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    "output" in one ? one.output : [],
  );
  const [code, ...more] = chunks.flatMap((chunk) => (chunk.type === "chunk" ? [chunk.code] : []));
  if (code === undefined || more.length) throw new Error("the service worker did not become one script");
  return code;
}
