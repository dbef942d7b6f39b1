import { readFileSync, readdirSync } from "node:fs";
import { build, type Plugin } from "vite";

const here = (name: string): string => new URL(name, import.meta.url).pathname;

/** The two scripts that other sites' pages get: each one file, without imports, so that a request is all it takes. */
const SCRIPTS = [
  { entry: "live-feed.ts", fileName: "embed/embed.js" },
  { entry: "widget.ts", fileName: "embed/widget.js" },
];
const WORDS = "words/";
const STYLES = ["widget.css", "compact.css"];

/** Builds what `livefeed/api/embed.py` serves, beside the app. */
export const embed: Plugin = {
  name: "embed",
  apply: "build",
  async generateBundle() {
    for (const { entry, fileName } of SCRIPTS) {
      this.emitFile({ type: "asset", fileName, source: await script(entry) });
    }
    for (const name of readdirSync(here(WORDS))) {
      const words: unknown = JSON.parse(readFileSync(here(WORDS + name), "utf8"));
      this.emitFile({ type: "asset", fileName: `embed/words/${name}`, source: JSON.stringify(words) });
    }
    for (const name of STYLES) {
      this.emitFile({
        type: "asset",
        fileName: `embed/${name}`,
        source: plainly(readFileSync(here(name), "utf8")),
      });
    }
  },
};

async function script(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    build: {
      write: false,
      target: "es2022",
      minify: true,
      lib: { entry: here(entry), formats: ["iife"], name: "livefeed" },
    },
  });
  const chunks = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    "output" in one ? one.output : [],
  );
  const [code, ...more] = chunks.flatMap((chunk) => (chunk.type === "chunk" ? [chunk.code] : []));
  if (code === undefined || more.length) throw new Error(`${entry} did not become one script`);
  // It is written into a page as it is.
  if (/<\/script|<!--/i.test(code)) throw new Error(`${entry} holds what would end a script element`);
  return code;
}

/** A style sheet without what only its authors read. */
function plainly(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s*\n\s*/g, "")
    .replace(/\s*([{};,>])\s*/g, "$1")
    .replace(/:\s+/g, ":")
    .trim();
}
