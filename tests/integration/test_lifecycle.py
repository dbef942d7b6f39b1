"""How a server process begins and ends: ready, drained, interrupted, started again over what a kill left."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import orjson
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed

import livefeed.client
from livefeed.client import Progress
from tests.integration.crowd import Acknowledged, Reader, all_comments, new_post, write_all
from tests.integration.server_process import GONE_S, ROOT, ServerProcess, environment, is_alive, until

RATES = {"comments_per_s": 10_000, "guests_per_minute": 10_000}


async def test_ctrl_c_under_load_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """The server answers what it has begun, ends its store and workers, and a new one has every comment."""
    with ServerProcess(tmp_path / "data", workers=1, **RATES) as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            told = Acknowledged()
            async with asyncio.TaskGroup() as group:
                group.create_task(write_all(server.url, post, told, writers=8, each=100))
                await told.reach(100)
                server.interrupt()
                assert await asyncio.to_thread(server.wait) == 0
                assert not server.left_behind()
                before_the_restart = list(told.ids)
                await asyncio.to_thread(server.start)
            kept = await all_comments(feed, post)
    assert 100 <= len(before_the_restart) < 800
    assert set(before_the_restart) <= set(kept)
    assert len(kept) == 800
    assert set(kept) == set(told.ids)


async def test_a_stopping_server_sends_its_clients_elsewhere(tmp_path: Path) -> None:
    """SIGTERM: `drain` to everybody with a time of their own, then 4000; exit code 0 and no process left."""
    with ServerProcess(tmp_path / "data", workers=1, drain_s=1.0) as server:
        address = server.url.replace("http", "ws") + "/ws"
        async with open_socket(address) as first, open_socket(address) as second:
            for line in (first, second):
                assert orjson.loads(await line.recv())["op"] == "welcome"
            store = server.store_pid
            server.terminate()
            drains = [orjson.loads(await line.recv()) for line in (first, second)]
            assert {frame["op"] for frame in drains} == {"drain"}
            assert sorted(frame["after_ms"] for frame in drains) == [0, 500]
            assert {await close_code(line) for line in (first, second)} == {4000}
        assert await asyncio.to_thread(server.wait) == 0
        assert not server.left_behind()
        assert not is_alive(store)
        assert "Traceback" not in server.log()


async def test_a_picture_on_the_easel_of_a_stopping_server_is_finished_by_the_next(tmp_path: Path) -> None:
    """The worker has no time to finish: it hands the picture back, and the next server makes one post of it."""
    with ServerProcess(tmp_path / "data", workers=1, drain_s=0.1, lease_s=300) as server:
        async with livefeed.client.connect(server.url) as feed, Reader.of(feed, "feed:all") as reader:
            async for step in feed.generate("a red fox in the snow at night", width=512, height=512, steps=20):
                if isinstance(step, Progress):
                    server.terminate()
                    assert await asyncio.to_thread(server.wait) == 0
                    assert not server.left_behind()
                    server.settings["drain_s"] = 5
                    await asyncio.to_thread(server.start)
                    break
            await reader.reach(lambda reader: bool(reader.events("post.created")))
            assert len((await feed.feed())["posts"]) == 1
            assert len(reader.events("post.created")) == 1


async def test_a_draining_server_takes_no_new_connections_and_says_so(tmp_path: Path) -> None:
    """It is not ready any more, and a client that comes now is told to come back."""
    with ServerProcess(tmp_path / "data", drain_s=20.0) as server:
        address = server.url.replace("http", "ws") + "/ws"
        async with open_socket(address) as line, aiohttp.ClientSession(server.url) as http:
            await line.recv()
            server.terminate()
            assert orjson.loads(await line.recv())["op"] == "drain"
            async with http.get("/readyz") as answer:
                assert answer.status == 503
                assert (await answer.json())["checks"]["draining"] != "ok"
            async with http.get("/ws", headers=UPGRADE) as answer:
                assert answer.status == 503
                assert (await answer.json(content_type=None))["code"] == "busy"
                assert answer.headers["Retry-After"]
        assert await asyncio.to_thread(server.wait) == 0


async def test_a_start_right_after_a_kill_works(tmp_path: Path) -> None:
    """Store and worker of the killed server are gone or adopted; the data is there; nobody serves it twice."""
    with ServerProcess(tmp_path / "data", workers=1) as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            for turn in range(3):
                await feed.comment(post, f"before kill {turn}")
                store = server.store_pid
                server.kill()
                await asyncio.to_thread(server.start)
                assert server.store_pid == store or not is_alive(store)
            assert len(await all_comments(feed, post)) == 3
            alive = set(server.children())
            until(lambda: set(server.left_behind()) <= alive, "the killed servers' workers are gone", GONE_S)


async def test_clients_come_back_by_themselves_after_a_restart(tmp_path: Path) -> None:
    """A reader that was away for the whole stop gets what happened after it, once."""
    with ServerProcess(tmp_path / "data") as server:
        async with livefeed.client.connect(server.url) as feed, livefeed.client.connect(server.url) as other:
            post = await new_post(other)
            async with Reader.of(feed, f"post:{post}") as reader:
                await other.comment(post, "one")
                server.terminate()
                await asyncio.to_thread(server.wait)
                await asyncio.to_thread(server.start)
                await other.comment(post, "two")
                await reader.reach(lambda reader: len(reader.events("comment.created")) == 2)
            assert [event.data["comment"]["text"] for event in reader.events("comment.created")] == ["one", "two"]
            assert reader.gaps == 0


def test_a_second_server_on_the_same_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        second = serve_once(port=0, data=server.data, workers=0)
        assert second.returncode == 1
        assert "Another livefeed uses the data folder" in second.stderr
        assert str(server.pid) in second.stderr
        assert "Traceback" not in second.stderr
        assert is_alive(server.store_pid)


def test_a_port_that_is_taken_is_told_in_one_sentence_and_nothing_stays(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = serve_once(port=taken.getsockname()[1], data=tmp_path / "data", workers=1)
    assert refused.returncode == 1
    assert "LIVEFEED_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "data" / "store.pid").exists()


async def test_a_second_start_keeps_the_data_and_is_quick(tmp_path: Path) -> None:
    """A warm start takes about 3 s at the most, which the benchmark shows; here it has ten times as long."""
    server = ServerProcess(tmp_path / "data")
    with server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
    with server:
        async with livefeed.client.connect(server.url) as feed:
            assert (await feed.post(post))["post"]["caption"] == "to talk about"
        assert server.ready_s < 30


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


async def close_code(line: object) -> int | None:
    """Wait for the end of a connection and return its close code."""
    try:
        async with asyncio.timeout(GONE_S):
            while True:
                await line.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def serve_once(**settings: object) -> subprocess.CompletedProcess[str]:
    """Run a server that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "livefeed.cli", "serve"],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
    )
