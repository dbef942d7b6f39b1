// A stock y-websocket client, driven by JSON lines: node stock_client.mjs WEB VERSION (1 or 3).
// Each line {id, do, …} is answered by {id, …}. Packages come from WEB/node_modules.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join, resolve } from "node:path";

const require = createRequire(join(resolve(process.argv[2]), "package.json"));
const Y = require("yjs");
const { WebsocketProvider } = require(`y-websocket-${process.argv[3]}`);
const WebSocket = require("ws");

const heard = [];
console.warn = (text) => heard.push(String(text));
console.error = (...texts) => heard.push(texts.map((text) => text?.stack ?? String(text)).join(" "));

let doc, provider;
let closes = [];

const random = (seed) => () => {
  seed |= 0;
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

function edit(count, seed) {
  const chance = random(seed);
  const below = (limit) => Math.floor(chance() * limit);
  const prompt = doc.getText("prompt");
  const strokes = doc.getArray("strokes");
  const params = doc.getMap("params");
  for (let i = 0; i < count; i++) {
    const what = chance();
    if (what < 0.45) prompt.insert(below(prompt.length + 1), "ab€üß".slice(below(3), 3 + below(3)));
    else if (what < 0.6 && prompt.length) prompt.delete(below(prompt.length), Math.min(1, prompt.length));
    else if (what < 0.75) strokes.push([Uint8Array.from({ length: 1 + below(200) }, () => below(256))]);
    else if (what < 0.8 && strokes.length) strokes.delete(below(strokes.length), 1);
    else params.set(["width", "seed", "style"][below(3)], [below(9), chance(), "oil"][below(3)]);
  }
}

const base64 = (bytes) => Buffer.from(bytes).toString("base64");

const doings = {
  open({ url, params = {}, user = null }) {
    doc = new Y.Doc();
    provider = new WebsocketProvider(url, "doc", doc, { WebSocketPolyfill: WebSocket, params, disableBc: true });
    provider.on("connection-close", (event) => event && closes.push(event.code));
    if (user) provider.awareness.setLocalState(user);
    return {};
  },
  edit({ count, seed }) {
    edit(count, seed);
    return {};
  },
  text({ text }) {
    doc.getText("prompt").insert(0, text);
    return {};
  },
  big({ bytes }) {
    doc.getArray("strokes").push([new Uint8Array(bytes)]);
    return {};
  },
  many({ count }) {
    for (let i = 0; i < count; i++) doc.getText("prompt").insert(0, "y");
    return {};
  },
  mark({ mark }) {
    doc.getMap("marks").set(mark, 1);
    return {};
  },
  aware({ state }) {
    provider.awareness.setLocalState(state);
    return {};
  },
  offline() {
    provider.disconnect();
    return {};
  },
  online({ url }) {
    if (url) {
      // Another node: what the client has of its address is all that changes.
      provider.serverUrl = url;
      if (Object.getOwnPropertyDescriptor(provider, "url")) provider.url = `${url}/doc${provider.url.split("/doc")[1]}`;
    }
    provider.connect();
    return {};
  },
  state() {
    return {
      client: doc.clientID,
      synced: provider.synced,
      connected: provider.wsconnected,
      update: base64(Y.encodeStateAsUpdate(doc)),
      pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
      prompt: doc.getText("prompt").toString(),
      strokes: doc.getArray("strokes").toArray().map(base64),
      params: doc.getMap("params").toJSON(),
      marks: [...doc.getMap("marks").keys()],
      variations: doc.getMap("variations").toJSON(),
      votes: doc.getMap("votes").toJSON(),
      awareness: [...provider.awareness.getStates().entries()],
      heard,
      closes,
    };
  },
};

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, do: what, ...rest } = JSON.parse(line);
    process.stdout.write(JSON.stringify({ id, ...doings[what](rest) }) + "\n");
  })
  .on("close", () => process.exit(0));
