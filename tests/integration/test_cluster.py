"""On a real Cluster of three masters: the whole server, slots that move while people publish, a master that dies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

import livefeed.client
from livefeed.cli import checks
from livefeed.client import Completed
from livefeed.config import Config
from livefeed.errors import ConfigurationError, StoreUnavailable
from livefeed.streams import keys
from livefeed.streams.cluster import ClusterStore
from livefeed.streams.condition import complaints
from livefeed.streams.connection import RedisStore
from livefeed.streams.slots import slot
from livefeed.streams.streams import Once, Streams
from livefeed.topic import Topic
from tests.integration.crowd import Acknowledged, Reader, all_comments, new_post, write_all
from tests.integration.ports import free_ports
from tests.integration.refusing import said_by_both
from tests.integration.server_process import ServerProcess, until
from tests.integration.stores import (
    TOLD_WITHIN_S,
    Cluster,
    StoreServer,
    copied,
    cut_off,
    promoted,
    running,
    soak_only,
)

RATES = {"comments_per_s": 10_000, "commands_per_s": 10_000, "guests_per_minute": 10_000}
TOPICS = [Topic(f"app:t{number}") for number in range(12)]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    found = Cluster(tmp_path_factory.mktemp("stores") / "cluster")
    with running(found):
        yield found


@pytest.fixture
def cluster(shared: Cluster) -> Cluster:
    """A Cluster without keys, whose servers all live; its slots are where the test before left them."""
    for master in shared.masters:
        master.client.flushall()
    return shared


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Cluster]:
    """A Cluster of one's own, to kill servers of."""
    found = Cluster(tmp_path / "cluster")
    with running(found):
        yield found


@pytest.fixture
async def store(cluster: Cluster) -> AsyncIterator[ClusterStore]:
    async with ClusterStore(cluster.url, timeout_s=20) as found:
        yield found


def post_slot(post: str, shards: int = 64) -> int:
    return slot(keys.fan(Topic(f"post:{post}").shard(shards)))


async def test_the_whole_server_runs_on_a_cluster(cluster: Cluster, tmp_path: Path) -> None:
    """Post, comment, subscribe, a picture in the making that becomes a post: all in different slots."""
    with ServerProcess(tmp_path / "data", redis_url=cluster.url, workers=1) as server:
        async with livefeed.client.connect(server.url) as feed:
            assert (await feed.status())["checks"]["store"] == "ok"
            async with Reader.of(feed, "feed:all") as everything:
                post = await new_post(feed)
                async with Reader.of(feed, f"post:{post}") as reader:
                    await feed.comment(post, "hello")
                    await feed.react(post, "🦊")
                    await reader.reach(lambda seen: len(seen.events("comment.created")) == 1)
                told = [step async for step in feed.generate("a fox in the snow", width=256, height=256, steps=4)]
                assert isinstance(told[-1], Completed)
                await everything.reach(lambda seen: len(seen.events("post.created")) == 2)
                options = {"width": 256, "height": 256, "steps": 4}
                async with Reader.of(feed, f"post:{post}") as watcher:
                    remix = [step async for step in feed.generate("an owl", parent=post, **options)][-1]
                    await watcher.reach(lambda seen: len(seen.events("remix.created")) == 1)
                assert isinstance(remix, Completed)
                assert [node["id"] for node in (await feed.lineage(post))["nodes"]] == [post, remix.id]
                await everything.reach(lambda seen: len(seen.events("post.created")) == 3)
            assert len((await feed.feed())["posts"]) == 3
        async with asyncio.timeout(20), aiohttp.ClientSession() as http:
            found: list[str] = []
            while (
                remix.id not in found
            ):  # its author, its prompt and the beginnings of words: each in a slot of its own
                async with http.get(f"{server.url}/api/search", params={"q": "an ow"}) as answer:
                    found = [post["id"] for post in (await answer.json())["posts"]]
    used = {server.port for server in cluster.masters if server.client.dbsize() > 0}
    assert len(used) == 3, "the keys are spread over all masters"


async def test_slots_that_move_while_people_write_lose_and_repeat_nothing(cluster: Cluster, tmp_path: Path) -> None:
    """Neither for who is connected, nor for who resumes from before the move."""
    with ServerProcess(tmp_path / "data", redis_url=cluster.url, **RATES) as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            snapshot = await feed.post(post)
            told = Acknowledged()
            async with Reader.of(feed, f"post:{post}") as reader, asyncio.TaskGroup() as group:
                group.create_task(write_all(server.url, post, told, writers=8, each=60))
                await told.reach(80)
                moving = post_slot(post)
                source = cluster.owner(moving)
                there, then = [master for master in cluster.masters if master is not source]
                around = [slot(keys.fan(shard)) for shard in range(64)]
                await asyncio.to_thread(cluster.move, [moving, *around[:8]], there)
                await told.reach(200)
                await asyncio.to_thread(cluster.move, [moving], then)
                await told.reach(480)
                await reader.reach(lambda seen: len(seen.events("comment.created")) >= 480)
            kept = await all_comments(feed, post)
            async with Reader.of(feed, f"post:{post}", since=snapshot["at"]) as resumed:
                await resumed.reach(lambda seen: len(seen.events("comment.created")) >= 480)
    assert sorted(kept) == sorted(told.ids)
    for seen in (reader, resumed):
        assert [event.data["comment"]["id"] for event in seen.events("comment.created")] == kept
        assert seen.gaps == 0


@pytest.mark.parametrize("end", [StoreServer.kill, pytest.param(StoreServer.pause, marks=soak_only)])
async def test_a_master_that_dies_or_hangs_is_replaced_and_its_loss_is_told(
    tmp_path: Path, end: Callable[[StoreServer], None]
) -> None:
    """What its replica never got is a gap, told though nothing more happens; who lost nothing hears of nothing."""
    cluster = Cluster(tmp_path / "cluster", replicas=1)
    with running(cluster), ServerProcess(tmp_path / "data", redis_url=cluster.url, **RATES) as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            master = cluster.owner(post_slot(post))
            replica = cluster.replicas[cluster.masters.index(master)]
            elsewhere = [
                name
                for name in [await new_post(feed) for _ in range(24)]
                if cluster.owner(post_slot(name)) is not master
            ]
            async with Reader.of(feed, f"post:{post}") as reader, Reader.of(feed, f"post:{elsewhere[0]}") as other:
                await feed.comment(post, "replicated")
                await reader.reach(lambda seen: len(seen.events("comment.created")) == 1)
                await copied(master, replica)
                cut_off(master, replica)
                await feed.comment(post, "lost")
                await reader.reach(lambda seen: len(seen.events("comment.created")) == 2)
                end(master)
                replica.resume()
                since = await promoted(replica)
                await reader.reach(lambda seen: seen.gaps == 1)
                late_s = time.monotonic() - since
                print(f"the gap was told {late_s:.2f} s after the promotion, with no further event")
                assert late_s < TOLD_WITHIN_S
                await feed.comment(post, "after", key="after")
                await reader.reach(lambda seen: len(seen.events("comment.created")) == 3)
                await feed.comment(elsewhere[0], "unharmed")
                await other.reach(lambda seen: len(seen.events("comment.created")) == 1)
            assert len(await all_comments(feed, post)) == 2
            assert other.gaps == 0


@pytest.mark.parametrize("move", [Cluster.move, Cluster.move_at_once])
async def test_commands_follow_moves_and_are_carried_out_once(
    cluster: Cluster, store: ClusterStore, move: Callable[[Cluster, list[int], StoreServer], None]
) -> None:
    """Every event is in its stream once and in order, although each slot goes round the masters."""
    streams = Streams(store, Config(shards=12))
    await streams.open()
    ids: dict[Topic, list[object]] = {topic: [] for topic in TOPICS}
    stop = asyncio.Event()

    async def publish(topic: Topic) -> None:
        while not stop.is_set():
            ids[topic] += await streams.append(topic, [("said", {}, None)])

    async with asyncio.TaskGroup() as group:
        for topic in TOPICS:
            group.create_task(publish(topic))
        moved = [slot(keys.fan(streams.shard(topic))) for topic in TOPICS[:5]]
        for to in cluster.masters:
            await asyncio.to_thread(move, cluster, moved, to)
        stop.set()
    for topic, said in ids.items():
        assert said
        raw = await store.execute("XRANGE", keys.stream(streams.shard(topic), topic), "-", "+")
        assert [entry[0].decode() for entry in raw] == [str(id) for id in said]


async def test_a_cluster_that_is_not_whole_puts_commands_off_and_then_says_so(mortal: Cluster) -> None:
    """A command for a master that is gone fails within the time that a command has, and says how to go on."""
    async with ClusterStore(mortal.url, timeout_s=1.5) as store:
        streams = Streams(store, Config(shards=12))
        await streams.open()
        gone = mortal.owner(slot(keys.fan(streams.shard(TOPICS[0]))))
        gone.kill()
        async with asyncio.timeout(15):
            with pytest.raises(StoreUnavailable):
                await streams.append(TOPICS[0], [("said", {}, None)])


async def test_a_key_repeats_nothing_on_a_cluster(store: ClusterStore) -> None:
    streams, once = Streams(store, Config()), Once.of("somebody", "key", 1)
    first = await streams.append(TOPICS[0], [("said", {}, None)], once=once)
    assert await streams.append(TOPICS[0], [("said", {}, None)], once=once) == first


async def test_an_address_of_the_wrong_kind_is_told_at_the_start(cluster: Cluster, tmp_path: Path) -> None:
    async with RedisStore(f"redis://127.0.0.1:{cluster.masters[0].port}", timeout_s=5) as single:
        with pytest.raises(ConfigurationError, match=r"must begin with redis\+cluster://"):
            await Streams(single, Config()).open()
    [port] = free_ports(1)
    alone = StoreServer(tmp_path / "alone", port)
    try:
        alone.start()
        async with ClusterStore(f"redis+cluster://127.0.0.1:{port}", timeout_s=5) as store:
            with pytest.raises(ConfigurationError, match="must begin with redis://"):
                await Streams(store, Config()).open()
    finally:
        alone.stop()


async def test_readiness_and_doctor_look_at_every_master(mortal: Cluster, tmp_path: Path) -> None:
    """A setting that throws events away on one master is enough, and so is one that is gone."""
    config = Config(redis_url=mortal.url, redis_timeout_s=2, data=tmp_path / "data")
    first, second, _ = mortal.masters
    async with ClusterStore(mortal.url, timeout_s=2) as store:
        assert await complaints(store) == []
        assert [finding.state for finding in await checks.store(config)] == [checks.State.GOOD] * 7
        first.client.config_set("maxmemory-policy", "allkeys-lru")
        [said] = await complaints(store)
        assert said.startswith(f"The server 127.0.0.1:{first.port} has maxmemory-policy allkeys-lru")
        [wrong] = [finding for finding in await checks.store(config) if finding.state is checks.State.WRONG]
        assert str(first.port) in wrong.says
        first.client.config_set("maxmemory-policy", "noeviction")
        second.kill()
        async with asyncio.timeout(30):
            while len(said := await complaints(store)) < 3:
                await asyncio.sleep(0.05)
        assert sum("does not answer" in text for text in said) == 1, said
        assert sum("cluster_state fail" in text for text in said) == 2
        wrong = [finding for finding in await checks.store(config) if finding.state is checks.State.WRONG]
        assert sorted(finding.name for finding in wrong) == ["store cluster", "store server"]
        assert all(text.startswith("The server 127.0.0.1:") for text in said), said
        assert any(text.endswith("does not answer (nobody listens there).") for text in said), said


async def test_doctor_and_server_say_the_same_of_a_cluster_that_cannot_be_used(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "STORE_S", 0.5)

    def config(url: str) -> Config:
        return Config(redis_url=url, redis_timeout_s=0.5, data=tmp_path / "data")

    said = await said_by_both(config(f"redis://127.0.0.1:{cluster.masters[0].port}"))
    assert "must begin with redis+cluster://" in said
    port, bus = free_ports(2)
    bare = StoreServer(tmp_path / "bare", port, "--cluster-enabled", "yes", "--cluster-port", str(bus))
    try:
        bare.start()
        assert "no slot has a master" in await said_by_both(config(f"redis+cluster://127.0.0.1:{port}"))
    finally:
        bare.stop()


def test_a_master_that_is_away_is_a_few_lines_in_the_log_and_not_one_per_shard(mortal: Cluster, tmp_path: Path) -> None:
    """Follower and three projections: each says once that it lost the store, and once that it has it again."""
    with ServerProcess(tmp_path / "data", redis_url=mortal.url, workers=0):
        errors = tmp_path / "data.err"

        def lines(words: str) -> list[str]:
            return [line for line in errors.read_text("utf-8").splitlines() if words in line]

        gone = mortal.masters[1]
        gone.kill()
        until(lambda: len(lines("lost the store")) >= 4, "follower and projections have noticed", 30)
        until(lambda: not mortal.is_whole(), "the other masters have noticed", 30)
        gone.start()
        until(mortal.is_whole, "the Cluster is whole", 30)
        until(lambda: len(lines("has the store again")) >= 4, "all are back", 60)
        assert len(lines("livefeed.streams")) <= 16, errors.read_text("utf-8")
