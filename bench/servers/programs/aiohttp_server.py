"""The fan-out that one writes first: aiohttp, `await socket.send_str()` for each subscriber, a Redis stream in front.

Run by bench/servers/peers.py. Arguments: the port, the store's URL.
"""

import asyncio
import sys
from typing import Any

import redis.asyncio
import uvloop
from aiohttp import WSMsgType, web

STREAM = "feed"
sockets: set[web.WebSocketResponse] = set()


async def subscribe(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    sockets.add(socket)
    try:
        async for message in socket:
            if message.type is WSMsgType.ERROR:
                break
    finally:
        sockets.discard(socket)
    return socket


async def follow(url: str) -> None:
    last = "$"
    store: Any
    async with redis.asyncio.from_url(url, decode_responses=True) as store:
        while True:
            for _, entries in await store.xread({STREAM: last}, block=1000, count=100) or ():
                for entry, fields in entries:
                    last = entry
                    for socket in list(sockets):
                        await socket.send_str(fields["event"])


async def main(port: int, url: str) -> None:
    app = web.Application()
    app.router.add_get("/", subscribe)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=4096).start()
    print("ready", port, flush=True)
    await follow(url)


uvloop.install()
asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
