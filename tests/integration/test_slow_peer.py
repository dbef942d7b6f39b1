"""What has not reached a peer, the kernel's part included: how a slow one is told from one that takes nothing."""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import cast

import pytest

from livefeed.hub.codec import JsonCodec
from livefeed.hub.connection import Connection, Keeper
from livefeed.hub.session import Session

BYTES = 4 * 1024 * 1024


class Nobody:
    def stall(self, session: Session) -> None:
        session.writable = False

    def resume(self, session: Session) -> None:
        session.writable = True


class Taken(Connection):
    def __init__(self) -> None:
        super().__init__(Session("s", JsonCodec()), cast(Keeper, Nobody()))
        self.made = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.begin(cast(asyncio.Transport, transport))
        self.made.set()

    def buffered(self) -> int:
        return self._transport.get_write_buffer_size()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what the kernel holds")
async def test_what_the_kernel_holds_counts_and_falls_while_a_slow_peer_reads():
    loop = asyncio.get_running_loop()
    connection = Taken()
    server = await loop.create_server(lambda: connection, "127.0.0.1", 0)
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        peer.setblocking(False)
        await loop.sock_connect(peer, server.sockets[0].getsockname())
        await connection.made.wait()
        connection.write(bytes(BYTES))
        waiting = connection.waiting()
        assert waiting > connection.buffered() > 0
        read = 0
        async with asyncio.timeout(20):
            while connection.waiting() == waiting:
                read += len(await loop.sock_recv(peer, 1024))
            while read < BYTES:
                read += len(await loop.sock_recv(peer, 1 << 20))
            while connection.waiting():
                await asyncio.sleep(0.01)
        connection.abort()
    server.close()
