"""The embedded store with real processes and real signals."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from livefeed.errors import ConfigurationError
from livefeed.streams.embedded import EmbeddedStore, arguments, binary, flush
from livefeed.streams.embedded_orphan import serves
from livefeed.streams.embedded_place import Place

pytestmark = pytest.mark.skipif(sys.platform not in {"linux", "darwin"}, reason="the store is built for these")

SERVER = """
import asyncio, sys, uvloop
from pathlib import Path
from livefeed.streams.embedded import EmbeddedStore

async def main():
    async with EmbeddedStore(Path(sys.argv[1])) as store:
        print(store.pid, store.url, flush=True)
        await asyncio.Event().wait()

uvloop.run(main())
"""


@asynccontextmanager
async def client(url: str) -> AsyncIterator[Redis]:
    redis = Redis.from_url(url)
    try:
        yield redis
    finally:
        await redis.aclose()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


async def answered(url: str) -> None:
    async with client(url) as redis, asyncio.timeout(30):
        while True:
            try:
                return await redis.ping()
            except (RedisError, OSError):
                await asyncio.sleep(0.01)


class Server:
    """A process of its own that holds a store, on uvloop, as `livefeed serve` does."""

    def __init__(self, process: asyncio.subprocess.Process, store: int, url: str) -> None:
        self.process, self.store, self.url = process, store, url

    @classmethod
    async def start(cls, data: Path) -> Server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVER, str(data), stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        assert process.stdout is not None
        pid, url = (await process.stdout.readline()).decode().split()
        return cls(process, int(pid), url)

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()  # to the end of its pipe, which `wait` may leave open


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


async def test_a_clean_stop_keeps_the_data_and_leaves_no_process(data: Path) -> None:
    async with EmbeddedStore(data) as store:
        pid = store.pid
        async with client(store.url) as redis:
            await redis.set("kept", "yes")
            assert (await redis.config_get("maxmemory-policy"))["maxmemory-policy"] == "noeviction"
    assert not serves(pid, Place.at(data))
    assert not Place.at(data).pid_file.exists()
    async with EmbeddedStore(data) as store, client(store.url) as redis:
        assert await redis.get("kept") == b"yes"


async def test_the_pid_file_names_the_store_and_the_store_listens_on_no_port(data: Path) -> None:
    async with EmbeddedStore(data) as store, client(store.url) as redis:
        assert int(Place.at(data).pid_file.read_text()) == store.pid
        assert (await redis.info("server"))["process_id"] == store.pid
        assert (await redis.config_get("port"))["port"] == "0"


async def test_a_killed_store_starts_again_with_every_acknowledged_write(data: Path, seed: int) -> None:
    """Three kills, each in the middle of a stream of writes."""
    source = random.Random(seed)
    restarts = asyncio.Queue[None](maxsize=8)
    async with EmbeddedStore(data, on_restart=lambda: restarts.put_nowait(None)) as store:
        acknowledged = 0
        for _ in range(3):
            killed = store.pid
            stop_after = acknowledged + source.randrange(200, 2000)
            async with client(store.url) as redis:
                try:
                    while True:
                        acknowledged = await redis.rpush("log", acknowledged + 1)
                        if acknowledged == stop_after:
                            os.kill(killed, signal.SIGKILL)
                except (RedisError, OSError):
                    pass
            async with asyncio.timeout(30):
                await restarts.get()
            assert store.pid != killed
            async with client(store.url) as redis:
                values = [int(value) for value in await redis.lrange("log", 0, -1)]
            # A last write may have been kept without its answer having arrived.
            assert len(values) - acknowledged in {0, 1}
            acknowledged = len(values)
            assert values == list(range(1, acknowledged + 1))


async def test_a_killed_server_takes_its_store_with_it_and_the_next_has_all_data(data: Path) -> None:
    server = await Server.start(data)
    try:
        async with client(server.url) as redis:
            await redis.set("kept", "yes")
        await server.kill()
        if sys.platform == "linux":
            await until(lambda: not serves(server.store, Place.at(data)))
        async with EmbeddedStore(data) as store, client(store.url) as redis:
            assert await redis.get("kept") == b"yes"
    finally:
        await server.kill()


async def test_a_start_right_after_a_kill_works(data: Path) -> None:
    """Whatever state the old store is in, the new one opens the log alone."""
    for number in range(5):
        server = await Server.start(data)
        async with client(server.url) as redis:
            assert await redis.incr("starts") == number + 1
        await server.kill()


@pytest.mark.parametrize("pid_file_is_lost", [False, True])
async def test_an_orphan_is_ended_before_the_log_is_opened(data: Path, pid_file_is_lost: bool) -> None:
    """A store without a parent-death signal, as a kill leaves on macOS: it may not write once ours starts."""
    if pid_file_is_lost and sys.platform != "linux":
        pytest.skip("other systems cannot be asked for a process by its folder")
    place = Place.at(data)
    place.prepare()
    orphan = await asyncio.create_subprocess_exec(
        str(binary()),
        *arguments(place),
        cwd=place.folder,
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await answered(place.url)
        if not pid_file_is_lost:
            place.pid_file.write_text(f"{orphan.pid}\n")
        async with client(place.url) as redis:
            await redis.set("written by", "the orphan")
        async with EmbeddedStore(data) as store, client(store.url) as redis:
            assert store.pid != orphan.pid
            assert not serves(orphan.pid, place)
            assert await redis.get("written by") == b"the orphan"
    finally:
        if orphan.returncode is None:
            orphan.kill()
        await orphan.wait()


async def test_a_stopped_orphan_is_ended_too(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does not heed SIGTERM, because it is suspended."""
    monkeypatch.setattr("livefeed.streams.embedded_orphan.GRACE_S", 0.2)
    place = Place.at(data)
    place.prepare()
    orphan = await asyncio.create_subprocess_exec(
        str(binary()), *arguments(place), cwd=place.folder, stdout=asyncio.subprocess.DEVNULL
    )
    place.pid_file.write_text(f"{orphan.pid}\n")
    try:
        await answered(place.url)
        os.kill(orphan.pid, signal.SIGSTOP)
        async with EmbeddedStore(data):
            assert await orphan.wait() == -signal.SIGKILL
    finally:
        if orphan.returncode is None:
            orphan.kill()
        await orphan.wait()


async def test_a_stranger_with_the_number_in_the_pid_file_is_left_alone(data: Path) -> None:
    place = Place.at(data)
    place.prepare()
    stranger = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    try:
        place.pid_file.write_text(f"{stranger.pid}\n")
        async with EmbeddedStore(data):
            assert stranger.returncode is None
    finally:
        await stranger.communicate(b"\n")
    assert stranger.returncode == 0


async def test_a_second_server_is_refused_in_one_sentence_and_the_first_goes_on(data: Path) -> None:
    async with EmbeddedStore(data) as store:
        with pytest.raises(ConfigurationError, match=rf"uses the data folder .* \(pid {os.getpid()}\)"):
            async with EmbeddedStore(data):
                pass
        async with client(store.url) as redis:
            assert await redis.ping()


async def test_an_interrupt_to_the_whole_group_does_not_reach_the_store(data: Path) -> None:
    """Ctrl-C goes to every process of the terminal's group; the server needs the store to drain."""
    async with EmbeddedStore(data) as store:
        assert os.getsid(store.pid) == os.getpgid(store.pid) == store.pid
        assert os.getsid(store.pid) != os.getsid(0)
    server = await Server.start(data)
    try:
        os.killpg(server.process.pid, signal.SIGINT)
        await server.process.wait()
        assert "User requested shutdown" in Place.at(data).log.read_text()
        assert not serves(server.store, Place.at(data))
    finally:
        await server.kill()


async def test_a_long_path_with_spaces_works(tmp_path: Path) -> None:
    data = tmp_path / "a folder with ünïcode" / ("long" * 30)
    async with EmbeddedStore(data) as store, client(store.url) as redis:
        await redis.set("kept", "yes")
    async with EmbeddedStore(data) as store, client(store.url) as redis:
        assert await redis.get("kept") == b"yes"


async def test_a_log_cut_in_the_middle_of_a_write_is_read_up_to_there(data: Path) -> None:
    async with EmbeddedStore(data) as store, client(store.url) as redis:
        await redis.set("whole", "yes")
        await redis.set("torn", "x" * 100)
    (log,) = (Place.at(data).folder / "appendonlydir").glob("*.incr.aof")
    os.truncate(log, log.stat().st_size - 50)
    async with EmbeddedStore(data) as store, client(store.url) as redis:
        assert await redis.get("whole") == b"yes"
        assert await redis.get("torn") is None


async def test_a_log_that_is_damaged_is_one_sentence_with_the_stores_reason(data: Path) -> None:
    async with EmbeddedStore(data) as store, client(store.url) as redis:
        await redis.set("key", "value")
        await redis.set("other", "value")
    (log,) = (Place.at(data).folder / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(b"*9\r\nnonsense" + log.read_bytes())
    with pytest.raises(ConfigurationError, match=r"did not start \(.*\): see .*store\.log") as refused:
        async with EmbeddedStore(data):
            pass
    assert "\n" not in str(refused.value)
    with pytest.raises(ConfigurationError, match="did not start"):  # and the folder is free again
        async with EmbeddedStore(data):
            pass


async def test_the_log_that_is_being_written_is_the_one_forced_to_the_disk(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after a rewrite, which gives it another name."""
    forced: set[str] = set()
    monkeypatch.setattr(os, "fsync", lambda file: forced.add(os.readlink(f"/proc/self/fd/{file.fileno()}")))
    place = Place.at(data)
    async with EmbeddedStore(data) as store, client(store.url) as redis:
        await redis.set("key", "value")
        await redis.bgrewriteaof()
        async with asyncio.timeout(30):
            while (await redis.info("persistence"))["aof_rewrite_in_progress"]:
                await asyncio.sleep(0.01)
        open_files = {os.readlink(link) for link in Path(f"/proc/{store.pid}/fd").iterdir() if link.exists()}
        flush(place)
    written = {name for name in open_files if name.endswith(".incr.aof")}
    assert written
    assert written <= forced
