"""Processes die by `kill -9`: what was acknowledged stays, readers get each event once, work goes on."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import livefeed.client
from livefeed.client import Completed, Feed, Progress, Started
from tests.integration.crowd import Acknowledged, Reader, all_comments, new_post, write_all
from tests.integration.server_process import ServerProcess, at_rest, busiest, external_worker, is_alive, until

RATES = {"comments_per_s": 10_000, "commands_per_s": 10_000, "guests_per_minute": 10_000}
LEASE_S = 2.0
PAINTING = {"width": 384, "height": 384, "steps": 20}


def has_comments(count: int) -> object:
    return lambda reader: len(reader.events("comment.created")) >= count


async def test_a_thousand_acknowledged_comments_survive_the_store_and_the_server(tmp_path: Path) -> None:
    """All are there, in order, and a client that resumes has received each exactly once."""
    with ServerProcess(tmp_path / "data", **RATES) as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            told = Acknowledged()
            async with Reader.of(feed, f"post:{post}") as reader, asyncio.TaskGroup() as group:
                group.create_task(write_all(server.url, post, told, writers=10, each=100))
                await told.reach(250)
                os.kill(server.store_pid, signal.SIGKILL)
                await told.reach(600)
                server.kill()
                await asyncio.to_thread(server.start)
                await told.reach(1_000)
                await reader.reach(has_comments(1_000))
            kept = await all_comments(feed, post)
    assert len(kept) == 1_000
    assert set(kept) == set(told.ids)
    assert [event.data["comment"]["id"] for event in reader.events("comment.created")] == kept
    assert reader.gaps == 0
    rank = {comment: place for place, comment in enumerate(kept)}
    for own in told.by_writer.values():
        assert len(own) == 100
        assert sorted(own, key=rank.__getitem__) == own


async def test_a_store_that_dies_is_a_pause_for_connected_clients(tmp_path: Path) -> None:
    """The server starts it again; what was in flight is repeated by its key and happens once."""
    with ServerProcess(tmp_path / "data") as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            async with Reader.of(feed, f"post:{post}") as reader:
                await feed.comment(post, "before")
                killed = server.store_pid
                os.kill(killed, signal.SIGKILL)
                await asyncio.gather(*[feed.comment(post, "after", key="once") for _ in range(3)])
                await reader.reach(has_comments(2))
            assert len(await all_comments(feed, post)) == 2
            assert reader.gaps == 0
            assert server.store_pid != killed


async def test_a_data_folder_restored_under_a_waiting_client_is_told_as_a_gap(tmp_path: Path) -> None:
    """Never silence: nothing more happens on the topic, and the client learns of its loss all the same."""
    server = ServerProcess(tmp_path / "data")
    with server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            await feed.comment(post, "in the copy")
            token = feed.token
    shutil.copytree(server.data / "store", tmp_path / "copy")
    with server:
        async with livefeed.client.connect(server.url, token=token) as feed:
            async with Reader.of(feed, f"post:{post}") as reader:
                await feed.comment(post, "not in the copy")
                await reader.reach(has_comments(1))
                server.kill()
                until(lambda: not server.left_behind(), "the killed server's store is gone", 30)
                restore(server, tmp_path / "copy")
                await asyncio.to_thread(server.start)
                await reader.reach(lambda reader: reader.gaps == 1)
            assert len(await all_comments(feed, post)) == 1


async def test_a_store_restored_under_a_running_server_is_told_as_a_gap(tmp_path: Path) -> None:
    """The same with the connection up: the server finds its cursor gone when the store is back."""
    server = ServerProcess(tmp_path / "data")
    with server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            token = feed.token
    shutil.copytree(server.data / "store", tmp_path / "copy")
    with server:
        async with livefeed.client.connect(server.url, token=token) as feed:
            async with Reader.of(feed, f"post:{post}") as reader:
                await feed.comment(post, "not in the copy")
                await reader.reach(has_comments(1))
                server.signal(signal.SIGSTOP)  # so that it does not start the store again too early
                store = server.store_pid
                os.kill(store, signal.SIGKILL)
                until(lambda: not is_alive(store), "the store writes no more", 30)
                restore(server, tmp_path / "copy")
                server.signal(signal.SIGCONT)
                await reader.reach(lambda reader: reader.gaps == 1)
                await feed.comment(post, "afterwards")
                await reader.reach(has_comments(2))
            assert reader.gaps == 1


def restore(server: ServerProcess, copy: Path) -> None:
    """Put an earlier copy of the store in the place of the present one."""
    shutil.rmtree(server.data / "store")
    shutil.copytree(copy, server.data / "store")


async def test_the_picture_of_a_killed_worker_is_finished_by_another(tmp_path: Path) -> None:
    """The server sees its worker die and gives the picture to the other one at once."""
    with ServerProcess(tmp_path / "data", workers=2, lease_s=300) as server:
        async with livefeed.client.connect(server.url) as feed:
            await finish_after_a_kill(feed, server.worker_pids, within_s=10 * (LEASE_S + 2.0))


async def test_a_worker_that_nobody_minds_is_replaced_after_its_lease(tmp_path: Path) -> None:
    """Two workers of their own, as on other machines: the lease tells that one is dead."""
    with (
        ServerProcess(tmp_path / "data", lease_s=LEASE_S) as server,
        external_worker(server) as first,
        external_worker(server) as second,
    ):
        pids = [first.pid, second.pid]
        async with livefeed.client.connect(server.url) as feed:
            await finish_after_a_kill(feed, lambda: pids, within_s=10 * (LEASE_S + 2.0))


async def finish_after_a_kill(feed: Feed, workers: Callable[[], list[int]], *, within_s: float) -> None:
    """Have a picture painted, kill whoever paints it, and see it finished by somebody else, as one post."""
    await asyncio.to_thread(at_rest, workers())
    async with Reader.of(feed, "feed:all") as reader:
        starts, killed_s, finished_s, picture = 0, 0.0, 0.0, ""
        async for step in feed.generate("a red fox in the snow at night", **PAINTING):
            match step:
                case Started():
                    starts += 1
                case Progress() if not killed_s:
                    os.kill(busiest(workers()), signal.SIGKILL)
                    killed_s = time.monotonic()
                case Completed():
                    finished_s, picture = time.monotonic(), step.id
        assert starts == 2
        assert finished_s - killed_s < within_s
        print(f"finished by another {finished_s - killed_s:.2f} s after the kill")
        await reader.reach(lambda reader: bool(reader.events("post.created")))
        page = await feed.feed()
        assert [post["id"] for post in page["posts"]] == [picture]
        assert len(reader.events("post.created")) == 1
