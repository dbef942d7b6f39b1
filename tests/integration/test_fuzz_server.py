"""A real server under fuzzed bytes: documented endings, no trace, and a bystander who notices nothing."""

from __future__ import annotations

import asyncio
import base64
import random
import zlib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import msgpack
import orjson
import pytest

from tests import soak
from tests.integration.fuzzed import Fuzzer, close_codes, error_codes
from tests.integration.server_process import ServerProcess
from tests.integration.siege import MB, SETTINGS, undisturbed

FUZZED_BYTES = soak.count(MB // 2, 16 * MB)
AT_ONCE = 4
ANSWER_S = 30.0
NORMAL = {1000, 1001, 1002, 1005, 1007, 1009}
"""What may answer a close frame of the client's own."""


class Line:
    """A bare connection: any bytes out, whatever comes back in."""

    def __init__(self, server: ServerProcess, *, packed: bool, deflates: bool) -> None:
        self._address = urlsplit(server.url)
        self._packed = packed
        self._deflates = deflates

    async def send(self, data: bytes, told: Counter[str]) -> None:
        """Send bytes after an upgrade, and a close frame; count what the server says, until the connection ends."""
        reader, writer = await asyncio.open_connection(self._address.hostname, self._address.port)
        try:
            writer.write(self._upgrade())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101"), head
            inflates = b"permessage-deflate" in head.lower()
            hearing = asyncio.create_task(self._hear(reader, told, inflates=inflates))
            try:
                writer.write(data + b"\x88\x82\x00\x00\x00\x00\x03\xe8")
                await writer.drain()
            except ConnectionError:
                pass
            async with asyncio.timeout(ANSWER_S):
                if not await self._ended(hearing):
                    writer.write_eof()
                    await hearing
        finally:
            writer.close()

    @staticmethod
    async def _ended(hearing: asyncio.Task[None]) -> bool:
        """Wait a little for the server's close frame: bytes that end within a frame let it wait for the rest."""
        done, _ = await asyncio.wait([hearing], timeout=0.2)
        return bool(done)

    def _upgrade(self) -> bytes:
        lines = [
            "GET /ws HTTP/1.1",
            f"Host: {self._address.netloc}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}",
            f"Sec-WebSocket-Protocol: livefeed.v1.{'msgpack' if self._packed else 'json'}",
        ]
        if self._deflates:
            lines.append("Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover")
        return "\r\n".join([*lines, "", ""]).encode()

    async def _hear(self, reader: asyncio.StreamReader, told: Counter[str], *, inflates: bool) -> None:
        try:
            while True:
                first, size = await reader.readexactly(2)
                if size > 125:
                    size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
                payload = await reader.readexactly(size)
                if first & 0x0F == 8:
                    self._judge_close(int.from_bytes(payload[:2], "big") if payload else 1005, told)
                    return
                if first & 0x40:
                    assert inflates, "a compressed message, which was not agreed on"
                    payload = zlib.decompressobj(-15).decompress(payload + b"\x00\x00\xff\xff")
                if first & 0x0F in (1, 2):
                    self._judge_frame(msgpack.unpackb(payload) if self._packed else orjson.loads(payload), told)
        except (asyncio.IncompleteReadError, ConnectionError):
            told["cut off"] += 1

    @staticmethod
    def _judge_close(code: int, told: Counter[str]) -> None:
        assert code in close_codes() | NORMAL, f"closed with {code}"
        told[str(code)] += 1

    @staticmethod
    def _judge_frame(frame: dict, told: Counter[str]) -> None:
        codes = [frame["code"]] if frame["op"] == "error" else []
        if frame["op"] == "subscribed":
            codes = [answer["error"] for answer in frame["topics"].values() if "error" in answer]
        for code in codes:
            assert code in error_codes() - {"internal", "illegal_transition"}, frame
            told[code] += 1


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_a_server_survives_fuzzed_bytes_and_a_bystander_does_not_notice(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    fuzzer, chance = Fuzzer(random.Random(seed)), random.Random(seed)
    told: Counter[str] = Counter()
    sent = 0
    with ServerProcess(tmp_path / "data", **{**SETTINGS, "admissions_per_s": 1_000_000}) as server:
        pid = server.pid
        async with undisturbed(server):
            while sent < FUZZED_BYTES:
                async with asyncio.TaskGroup() as group:
                    for _ in range(AT_ONCE):
                        packed, deflates = chance.random() < 0.5, chance.random() < 0.5
                        data = b"".join(
                            fuzzer.wire(packed=packed, deflates=deflates) for _ in range(chance.choice((1, 1, 2, 8)))
                        )
                        sent += len(data)
                        group.create_task(Line(server, packed=packed, deflates=deflates).send(data, told))
        assert server.pid == pid
        log = server.data.with_name(server.data.name + ".err").read_text("utf-8", "replace")
        assert "Traceback" not in log, log[-3_000:]
    soak.tell(capsys, f"{sent / MB:.1f} MB over the socket (seed {seed}): {dict(sorted(told.items()))}")
