"""The primary is lost, or becomes a replica: the server finds the new one, and whoever lost something is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

import livefeed.client
from livefeed.cli import checks
from livefeed.composition import furnish, open_store
from livefeed.config import Config
from livefeed.errors import StoreUnavailable
from livefeed.streams import keys
from livefeed.streams.connection import NotReplicated, RedisStore
from livefeed.streams.streams import Once, Streams
from livefeed.topic import Topic
from tests.integration.crowd import Reader, all_comments, new_post
from tests.integration.ports import free_ports
from tests.integration.refusing import SECRET, said_by_both
from tests.integration.server_process import ServerProcess
from tests.integration.stores import (
    TOLD_WITHIN_S,
    Replicas,
    StoreServer,
    copied,
    cut_off,
    promoted,
    running,
    soak_only,
)

TOPIC = Topic("app:here")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Replicas]:
    found = Replicas(tmp_path / "stores")
    with running(found):
        yield found


def has_comments(count: int) -> object:
    return lambda seen: len(seen.events("comment.created")) >= count


@pytest.mark.parametrize("end", [StoreServer.kill, pytest.param(StoreServer.pause, marks=soak_only)])
async def test_what_a_failover_lost_is_told_to_whom_it_concerns_and_to_nobody_else(
    pair: Replicas, tmp_path: Path, end: Callable[[StoreServer], None]
) -> None:
    """One shard, two posts: the position of one post's reader is lost with the primary, the other's survives.

    A primary that hangs breaks no connection: that there is another one, the sentinels say. One of them goes with it.
    """
    pair.watch(3)
    with ServerProcess(tmp_path / "data", redis_url=pair.sentinel_url, shards=1) as server:
        async with livefeed.client.connect(server.url) as feed:
            post, quiet = await new_post(feed), await new_post(feed)
            async with Reader.of(feed, f"post:{post}") as reader, Reader.of(feed, f"post:{quiet}") as other:
                await feed.comment(quiet, "replicated")
                await other.reach(has_comments(1))
                await copied(pair.primary, pair.replica)
                cut_off(pair.primary, pair.replica)
                await feed.comment(post, "lost")
                await reader.reach(has_comments(1))
                end(pair.sentinels[0])
                end(pair.primary)
                pair.replica.resume()
                since = await promoted(pair.replica)
                await reader.reach(lambda seen: seen.gaps == 1)
                late_s = time.monotonic() - since
                print(f"the gap was told {late_s:.2f} s after the promotion, with no further event")
                assert late_s < TOLD_WITHIN_S
                await feed.comment(post, "after", key="after")
                await reader.reach(has_comments(2))
                await feed.comment(quiet, "after", key="after too")
                await other.reach(has_comments(2))
            assert len(await all_comments(feed, post)) == 1
            assert (reader.gaps, other.gaps) == (1, 0)


async def test_a_planned_change_of_roles_loses_nothing_and_is_followed(pair: Replicas, tmp_path: Path) -> None:
    """`REPLICAOF NO ONE` and back, without sentinels: the old primary refuses writes, and the new one is found."""
    with ServerProcess(tmp_path / "data", redis_url=pair.url, shards=4) as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            async with Reader.of(feed, f"post:{post}") as reader:
                await feed.comment(post, "before")
                await reader.reach(has_comments(1))
                await copied(pair.primary, pair.replica)
                old, new = pair.primary, pair.replica
                for turn in range(2):
                    new.client.replicaof("NO", "ONE")
                    old.client.replicaof("127.0.0.1", new.port)
                    await feed.comment(post, f"after change {turn}", key=f"after {turn}")
                    await reader.reach(has_comments(2 + turn))
                    async with asyncio.timeout(30):
                        while (await asyncio.to_thread(old.info, "replication"))["master_link_status"] != "up":
                            await asyncio.sleep(0.02)
                    await copied(new, old)
                    old, new = new, old
            assert len(await all_comments(feed, post)) == 3
            assert reader.gaps == 0


async def test_a_hasty_change_of_roles_is_told_as_a_gap(pair: Replicas, tmp_path: Path) -> None:
    """The replica is promoted by hand although it lacks the last comment; nothing more happens on the topic."""
    with ServerProcess(tmp_path / "data", redis_url=pair.url, shards=4) as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            await copied(pair.primary, pair.replica)
            async with Reader.of(feed, f"post:{post}") as reader:
                cut_off(pair.primary, pair.replica)
                await feed.comment(post, "lost")
                await reader.reach(has_comments(1))
                pair.primary.pause()
                pair.replica.resume()
                pair.replica.client.replicaof("NO", "ONE")
                pair.primary.kill()
                since = await promoted(pair.replica)
                await reader.reach(lambda seen: seen.gaps == 1)
                assert time.monotonic() - since < TOLD_WITHIN_S
            assert await all_comments(feed, post) == []


async def test_a_demoted_primary_leads_to_its_successor(pair: Replicas) -> None:
    """READONLY is an answer on the way to the new primary, not an error for the caller."""
    async with RedisStore(pair.url, timeout_s=20) as store:
        streams = Streams(store, Config(shards=1))
        first = await streams.append(TOPIC, [("said", {}, None)])
        await copied(pair.primary, pair.replica)
        pair.replica.client.replicaof("NO", "ONE")
        pair.primary.client.replicaof("127.0.0.1", pair.replica.port)
        found = [await streams.append(TOPIC, [("said", {}, None)]) for _ in range(3)]
        raw = await store.execute("XRANGE", keys.fan(0), "-", "+")
        assert [entry[0].decode() for entry in raw] == [str(id) for ids in (first, *found) for id in ids]
        assert pair.replica.client.xlen(keys.fan(0)) == 4


async def test_a_change_that_no_replica_has_is_not_done_and_its_repetition_is(pair: Replicas) -> None:
    """The caller is told that it was written and is not safe; repeated with its key it happens once."""
    async with RedisStore(pair.url, timeout_s=20, replicas=1) as patient:
        await Streams(patient, Config(shards=1)).append(TOPIC, [("said", {"n": 0}, None)])
    async with RedisStore(pair.url, timeout_s=2.0, replicas=1) as store:
        streams, once = Streams(store, Config(shards=1)), Once.of("somebody", "key", 1)
        cut_off(pair.primary, pair.replica)
        with pytest.raises(NotReplicated, match="repeat it with its key") as caught:
            await streams.append(TOPIC, [("said", {"n": 1}, None)], once=once)
        assert (caught.value.code, caught.value.status) == ("store_unavailable", 503)
        assert pair.primary.client.xlen(keys.fan(0)) == 2, "it was written"
        async with RedisStore(pair.url, timeout_s=2.0, replicas=1) as fresh:
            with pytest.raises(NotReplicated):
                await Streams(fresh, Config(shards=1)).append(TOPIC, [("said", {"n": 1}, None)], once=once)
        pair.replica.resume()
        async with asyncio.timeout(30):
            while True:
                try:
                    (id,) = await streams.append(TOPIC, [("said", {"n": 1}, None)], once=once)
                    break
                except StoreUnavailable:  # NotReplicated, or no connection yet
                    await asyncio.sleep(0.05)
        assert pair.replica.client.xrevrange(keys.fan(0), count=1)[0][0] == str(id)
        assert pair.replica.client.xlen(keys.fan(0)) == 2


async def test_changes_that_wait_for_replicas_share_the_wait(pair: Replicas) -> None:
    """One WAIT for a whole pipeline: 300 appends at once take a few round trips, not 300."""
    async with RedisStore(pair.url, timeout_s=20, replicas=1) as store:
        streams = Streams(store, Config(shards=8))
        await asyncio.gather(*[streams.append(Topic(f"app:t{n % 20}"), [("said", {}, None)]) for n in range(300)])
        stats = pair.primary.client.info("commandstats")
        assert stats["cmdstat_wait"]["calls"] < 30
        assert sum(pair.replica.client.xlen(keys.fan(shard)) for shard in range(8)) == 300


@pytest.mark.parametrize("url", ["redis://me:pass@{}/3", "redis://:admin@{}"])
async def test_a_store_with_credentials_and_a_numbered_database_is_used(tmp_path: Path, url: str) -> None:
    [port] = free_ports(1)
    server = StoreServer(
        tmp_path / "store", port, "--requirepass", "admin", "--user", *"me on >pass ~* &* +@all".split()
    )
    server.client = redis.Redis(port=port, username="me", password="pass", decode_responses=True)
    try:
        server.start()
        async with RedisStore(url.format(f"127.0.0.1:{port}"), timeout_s=5) as store:
            await Streams(store, Config()).open()
            async with store.dedicated() as connection:
                assert await connection.execute("GET", keys.SHARDS) == b"64"
        assert server.client.info("keyspace").keys() == {"db3" if "/3" in url else "db0"}
        async with RedisStore(f"redis://me:wrong@127.0.0.1:{port}", timeout_s=2) as store:
            with pytest.raises(StoreUnavailable, match="WRONGPASS"):
                await store.execute("PING")
    finally:
        server.stop()


async def test_doctor_and_server_say_the_same_of_every_way_a_store_refuses(
    pair: Replicas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "STORE_S", 0.5)
    pair.watch(1)
    primary, replica, sentinel = (f"127.0.0.1:{one.port}" for one in (pair.primary, pair.replica, pair.sentinels[0]))
    [nobody] = free_ports(1)

    async def said(url: str) -> str:
        return await said_by_both(Config(redis_url=url, redis_timeout_s=0.5, data=tmp_path / "data"))

    assert "Nobody listens" in await said(f"redis://127.0.0.1:{nobody}")
    assert "The host name 'nowhere.invalid'" in await said("redis://nowhere.invalid")
    assert "has no password" in await said(f"redis://:{SECRET}@{primary}")
    assert "has no database 99" in await said(f"redis://{primary}/99")
    assert "TLS" in await said(f"rediss://{primary}")
    assert f"is a replica of {primary}" in await said(f"redis://{replica}")
    assert "is a sentinel" in await said(f"redis://{sentinel}")
    assert "knows no service 'wrong' (it knows feed)" in await said(f"redis+sentinel://{sentinel}/wrong")
    assert "is no sentinel" in await said(f"redis+sentinel://{primary}/feed")
    assert "must begin with redis://" in await said(f"redis+cluster://{primary}")
    pair.primary.client.config_set("requirepass", "open")
    assert "does not take this name and password" in await said(f"redis://:{SECRET}@{primary}")
    assert "wants a password" in await said(f"redis://{primary}")
    assert "wants a password" in await said(pair.sentinel_url)


async def test_the_doctor_writes_nothing_and_finds_another_number_of_shards(pair: Replicas, tmp_path: Path) -> None:
    config = Config(redis_url=pair.url, data=tmp_path / "data", shards=64)
    assert {finding.state for finding in await checks.store(config)} == {checks.State.GOOD}
    assert pair.primary.client.dbsize() == 0
    async with open_store(config) as (store, _), furnish(config, store):
        assert {finding.state for finding in await checks.store(config)} == {checks.State.GOOD}
    assert "LIVEFEED_SHARDS=64, not 32" in await said_by_both(
        Config(redis_url=pair.url, data=tmp_path / "data", shards=32)
    )
