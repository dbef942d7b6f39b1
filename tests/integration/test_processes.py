"""`livefeed serve --processes N`: several processes behind one port are one server, also when one of them is killed."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket

import livefeed.client
from tests.integration.crowd import Acknowledged, Reader, all_comments, new_post, write_all
from tests.integration.server_process import GONE_S, ROOT, ServerProcess, command_line, environment, is_alive, until

RATES = {"comments_per_s": 10_000, "commands_per_s": 10_000, "guests_per_minute": 10_000}
WAIT_S = 60.0
ESTABLISHED = "01"


def processes(server: ServerProcess) -> list[int]:
    """Return the processes that share the server's port."""
    return [pid for pid in server.children() if "livefeed.cli serve" in command_line(pid)]


def held(server: ServerProcess, pid: int) -> set[int]:
    """Return the clients' ports of the connections that a process of the server holds."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    port = int(server.url.rpartition(":")[2])
    clients = {
        f"socket:[{row[9]}]": int(row[2].rpartition(":")[2], 16)
        for row in rows
        if row[3] == ESTABLISHED and int(row[1].rpartition(":")[2], 16) == port
    }
    found = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.add(clients.get(os.readlink(f"/proc/{pid}/fd/{name}"), 0))
        except FileNotFoundError:
            continue
    return found - {0}


async def one_line_each(server: ServerProcess, stack: AsyncExitStack) -> dict[int, ClientConnection]:
    """Open WebSockets until every process holds one; return one of each."""
    found: dict[int, ClientConnection] = {}
    deadline = time.monotonic() + WAIT_S
    while len(found) < len(processes(server)):
        assert time.monotonic() < deadline, f"only {list(found)} were given connections"
        line = await stack.enter_async_context(open_socket(server.url.replace("http", "ws") + "/ws"))
        assert orjson.loads(await line.recv())["op"] == "welcome"
        for pid in processes(server):
            if line.local_address[1] in held(server, pid):
                found.setdefault(pid, line)
    return found


async def hear(line: ClientConnection, op: str) -> dict[str, Any]:
    """Return the next frame of a kind."""
    async with asyncio.timeout(WAIT_S):
        while True:
            found = orjson.loads(await line.recv())
            for frame in found if isinstance(found, list) else [found]:
                if frame["op"] == op:
                    return dict(frame)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("several") / "data", processes=2, api_keys="key=app:test") as running:
        yield running


async def test_what_one_process_publishes_reaches_the_clients_of_all(server: ServerProcess) -> None:
    """And the server says once, when all of them serve, that it is ready."""
    async with AsyncExitStack() as stack:
        lines = await one_line_each(server, stack)
        assert len(lines) == 2
        for line in lines.values():
            await line.send('{"op": "subscribe", "ref": 1, "topics": {"app:test": {}}}')
            await hear(line, "subscribed")
        for number in range(8):  # each over a connection of its own, so to whichever process it falls
            async with aiohttp.ClientSession(server.url) as http:
                event = {"type": "tick", "data": {"number": number}}
                headers = {"Authorization": "Bearer key"}
                async with http.post("/api/topics/app:test/events", json=event, headers=headers) as answer:
                    assert answer.status == 202
        for line in lines.values():
            numbers: list[int] = []
            while len(numbers) < 8:
                frame = await hear(line, "events")
                numbers += [event["data"]["number"] for event in frame["events"]]
            assert numbers == list(range(8))
    assert server.log().count("livefeed is ready at") == 1


def test_a_port_in_use_is_told_in_one_sentence_and_nothing_stays(server: ServerProcess, tmp_path: Path) -> None:
    """Also when who uses it would share it: another server of several processes."""
    port = int(server.url.rpartition(":")[2])
    refused = serve_once("--processes", "2", port=port, data=tmp_path / "other")
    assert refused.returncode == 1
    assert re.fullmatch(r"livefeed: Cannot listen on .*LIVEFEED_PORT.*\n", refused.stderr)
    assert not (tmp_path / "other" / "store.pid").exists()
    assert len(processes(server)) == 2


async def test_readers_of_a_killed_process_go_on_at_another(tmp_path: Path) -> None:
    """`kill -9` of one under load: each reader has each event once and no gap, the others' connections stay, and a
    new process takes the dead one's place."""
    with ServerProcess(tmp_path / "data", processes=2, **RATES) as server:
        async with AsyncExitStack() as stack:
            feed = await stack.enter_async_context(livefeed.client.connect(server.url))
            post = await new_post(feed)
            readers: list[Reader] = []
            first, second = processes(server)
            while min(len(held(server, first)), len(held(server, second))) < 3:
                other = await stack.enter_async_context(livefeed.client.connect(server.url))
                readers.append(await stack.enter_async_context(Reader.of(other, f"post:{post}")))
                assert len(readers) < 60
            kept = held(server, second)
            told = Acknowledged()
            async with asyncio.TaskGroup() as group:
                group.create_task(write_all(server.url, post, told, writers=8, each=40))
                await told.reach(80)
                os.kill(first, signal.SIGKILL)
                await told.reach(320)
            comments = await all_comments(feed, post)
            assert set(comments) == set(told.ids)
            assert len(comments) == 320
            for reader in readers:
                await reader.reach(lambda reader: len(reader.events("comment.created")) >= 320)
                assert [event.data["comment"]["id"] for event in reader.events("comment.created")] == comments
                assert reader.gaps == 0
            until(lambda: len(processes(server)) == 2, "another takes the dead one's place", WAIT_S)
            assert second in processes(server)
            assert len(kept - held(server, second)) <= 1  # that of the upload may have been idle for too long
            new = next(pid for pid in processes(server) if pid != second)
            async with asyncio.timeout(WAIT_S):
                lines = await one_line_each(server, stack)
            assert new in lines


async def test_a_stopping_server_drains_all_its_processes(tmp_path: Path) -> None:
    """SIGTERM to the one that was started: everybody is told to leave, exit code 0, and no process is left."""
    with ServerProcess(tmp_path / "data", processes=2, workers=1, drain_s=1.0) as server:
        async with AsyncExitStack() as stack:
            lines = await one_line_each(server, stack)
            store = server.store_pid
            server.terminate()
            for line in lines.values():
                assert "after_ms" in await hear(line, "drain")
            for line in lines.values():
                async with asyncio.timeout(GONE_S):
                    await line.wait_closed()
                assert line.close_code == 4000
        assert await asyncio.to_thread(server.wait) == 0
        assert not server.left_behind()
        assert not is_alive(store)
        assert "Traceback" not in server.log()


async def test_a_killed_server_leaves_no_process_and_can_start_again_at_once(tmp_path: Path) -> None:
    """`kill -9` of the one that was started; the next takes the port while the others are still leaving it."""
    with ServerProcess(tmp_path / "data", processes=2, workers=1) as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            async with Reader.of(feed, f"post:{post}") as reader:
                await feed.comment(post, "before")
                until(lambda: len(server.children()) == 4, "store, worker and both processes are there", WAIT_S)
                before = set(server.children())
                server.kill()
                await asyncio.to_thread(server.start)
                await feed.comment(post, "after", key="once")
                await reader.reach(lambda reader: len(reader.events("comment.created")) == 2)
            assert reader.gaps == 0
            until(lambda: not [pid for pid in before if is_alive(pid)], "the killed server's processes end", GONE_S)


async def test_who_waits_at_the_door_of_a_stopping_server_is_answered(tmp_path: Path) -> None:
    """The kernel has taken their connections and requests, the server not yet: it does before it closes the port."""
    with ServerProcess(tmp_path / "data") as server:
        host, port = server.url.removeprefix("http://").split(":")
        server.signal(signal.SIGSTOP)
        waiting = [await asyncio.open_connection(host, int(port)) for _ in range(300)]
        for _, line in waiting:
            line.write(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
        server.terminate()
        server.signal(signal.SIGCONT)
        for answer, line in waiting:
            async with asyncio.timeout(WAIT_S):
                assert (await answer.readline()).startswith(b"HTTP/1.1 200")
            line.close()
        assert await asyncio.to_thread(server.wait) == 0


def serve_once(*options: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a server that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "livefeed.cli", "serve", *options],
        cwd=ROOT,
        env=environment(workers=0, **settings),
        capture_output=True,
        text=True,
        timeout=60,
    )
