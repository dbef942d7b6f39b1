"""A load balancer for tests: new connections go to a node that says it is ready."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

READY = b"GET /readyz HTTP/1.1\r\nHost: balancer\r\nConnection: close\r\n\r\n"
BITE = 65_536


@asynccontextmanager
async def balancer(nodes: Sequence[str]) -> AsyncIterator[str]:
    """Balance between nodes (`http://host:port`) in turn, as long as the block lasts; yield the address to use."""
    turn = 0
    tasks: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal turn
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            for _ in nodes:
                turn += 1
                node = nodes[turn % len(nodes)]
                if await _is_ready(node):
                    await _join(reader, writer, node)
                    break
        except asyncio.CancelledError:
            pass  # the block has ended
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _place(node: str) -> tuple[str, int]:
    host, port = node.removeprefix("http://").split(":")
    return host, int(port)


async def _is_ready(node: str) -> bool:
    with contextlib.suppress(OSError):
        reader, writer = await asyncio.open_connection(*_place(node))
        try:
            writer.write(READY)
            return b" 200 " in await reader.readline()
        finally:
            writer.close()
    return False


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, node: str) -> None:
    """Carry bytes both ways until one side ends."""
    with contextlib.suppress(OSError):
        from_node, to_node = await asyncio.open_connection(*_place(node))
        try:
            ways = [asyncio.create_task(_pour(reader, to_node)), asyncio.create_task(_pour(from_node, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        finally:
            to_node.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(BITE):
            writer.write(data)
            await writer.drain()
