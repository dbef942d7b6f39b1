import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** What is served as a file and is text; the page itself and its words are put together by the server. */
const TEXT = /^(assets\/[^/]+\.(js|css|svg)|[^/]+\.(js|txt|webmanifest))$/;
/** Smaller than this, nothing is won. */
const LEAST_BYTES = 256;

/** Writes what travels compressed beside each file, as small as it can be: the server picks what the browser takes. */
export const squeezed: Plugin = {
  name: "squeezed",
  enforce: "post",
  apply: "build",
  writeBundle({ dir = "" }, bundle) {
    for (const name of Object.keys(bundle)) {
      if (!TEXT.test(name)) continue;
      const path = join(dir, name);
      const source = readFileSync(path);
      if (source.length < LEAST_BYTES) continue;
      writeFileSync(`${path}.gz`, gzipSync(source, { level: 9 }));
      writeFileSync(
        `${path}.br`,
        brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: source.length } }),
      );
    }
  },
};
