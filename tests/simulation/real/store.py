"""A store process of the test's own, which dies and comes back on the same data, set up as the embedded one is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from livefeed.config import Config
from livefeed.streams import keys
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import arguments, binary
from livefeed.streams.embedded_place import Place
from livefeed.streams.entry import StoredEvent, StoredValue, parse_event, parse_values
from livefeed.streams.streams import Streams
from livefeed.topic import Topic

ANSWER_S = 30.0


class StoreProcess:
    """A valkey-server on a unix socket, its log in a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.place = Place.at(data)
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it has read its log and answers."""
        self.place.prepare()
        with self.place.log.open("ab") as output:
            self._process = subprocess.Popen(
                [str(binary()), *arguments(self.place)],
                cwd=self.place.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        async with asyncio.timeout(ANSWER_S):
            while not await self._answers():
                assert self._process.poll() is None, f"the store did not start: {self.place.last_words()}"
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """`kill -9`: what it has acknowledged is in its log."""
        assert self._process is not None
        self._process.kill()
        await asyncio.to_thread(self._process.wait)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        assert self._process is not None
        os.kill(self._process.pid, number)

    async def stop(self) -> None:
        """End it, however it is, and forget its socket."""
        if self._process is not None and self._process.poll() is None:
            await self.kill()
        self.place.clear()

    # What is lost while it is dead.

    def cut_log(self, size: int) -> int:
        """Lose the last bytes of its log, as a power cut would; return how many they were."""
        log = max((self.place.folder / "appendonlydir").glob("*.incr.aof"), key=lambda path: path.name)
        before = log.stat().st_size
        os.truncate(log, max(0, before - size))
        return before - log.stat().st_size

    def back_up(self, copy: Path) -> None:
        """Copy its log, as it is at this moment."""
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.place.folder, copy)

    def restore(self, copy: Path) -> None:
        """Put an earlier copy in the place of its log."""
        shutil.rmtree(self.place.folder)
        shutil.copytree(copy, self.place.folder)

    async def begin(self, shards: int) -> None:
        """Let something have happened in every shard, on topics that nobody reads.

        Else a client may stand before a shard's very first entry (0-0), and that position is not good for long.
        """
        async with RedisStore(self.place.url, timeout_s=ANSWER_S) as store:
            streams = Streams(store, Config(shards=shards))
            await streams.open()
            topics = {topic.shard(shards): topic for topic in [Topic(f"app:beginning:{n}") for n in range(20 * shards)]}
            assert len(topics) == shards
            for topic in topics.values():
                await streams.append(topic, [("said", {}, None)])

    # What it holds: read by the oracle, past the servers.

    async def read(self, topics: list[Topic], shards: int) -> dict[str, tuple[list[StoredEvent], list[StoredValue]]]:
        """Return, by topic, the KEPT events that it has, oldest first, and the newest values."""
        async with RedisStore(self.place.url, timeout_s=ANSWER_S) as store:
            found = {}
            for topic in topics:
                shard = topic.shard(shards)
                raw = await store.execute("XRANGE", keys.stream(shard, topic), "-", "+")
                values = await store.execute("HGETALL", keys.latest(shard, topic))
                if isinstance(values, dict):
                    values = [item for pair in values.items() for item in pair]
                found[topic.name] = [parse_event(entry) for entry in raw], parse_values(values)
            return found

    async def _answers(self) -> bool:
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                reader, writer = await asyncio.open_unix_connection(self.place.socket)
                try:
                    writer.write(b"PING\r\n")
                    return await reader.readline() == b"+PONG\r\n"
                finally:
                    writer.close()
        return False
