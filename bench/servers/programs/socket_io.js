// Socket.IO with its Redis Streams adapter, as its documentation sets it up: WebSocket only, no compression.
// Run by bench/servers/peers.py. Arguments: the port, the store's URL.
const { createServer } = require("node:http");
const { Server } = require("socket.io");
const { createAdapter } = require("@socket.io/redis-streams-adapter");
const { createClient } = require("redis");

async function main(port, url) {
  const client = createClient({ url });
  await client.connect();
  const http = createServer();
  new Server(http, {
    adapter: createAdapter(client),
    transports: ["websocket"],
    perMessageDeflate: false,
    httpCompression: false,
    cors: { origin: true },
  });
  http.listen({ host: "127.0.0.1", port, backlog: 4096 }, () => console.log("ready", port));
}

main(Number(process.argv[2]), process.argv[3]);
