"""Failovers in a row while people write and read, on sentinels and on a Cluster: readers know what they lack."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

import livefeed.client
from livefeed.client import Event, Feed, Gap, Item, Unreachable
from livefeed.errors import LivefeedError
from livefeed.position import ZERO, Position
from livefeed.streams import keys
from livefeed.streams.entry import parse_event
from livefeed.streams.opening import store_at
from livefeed.streams.slots import slot
from livefeed.topic import Topic
from tests.integration.crowd import Reader, all_comments, new_post
from tests.integration.server_process import ServerProcess
from tests.integration.stores import Cluster, Replicas, StoreServer, cut_off, promoted, running, soak_only, until

ROUNDS = 12
SOAK, ONLY = soak_only
RATES = {"comments_per_s": 10_000, "commands_per_s": 10_000, "session_frames_per_s": 10_000}
UP_S = 60.0


def what_was_kept_from(items: Sequence[Item], kept: Sequence[str]) -> list[str]:
    """Return the events that a reader lacks without having been told of a gap there.

    By the ids of events: a comment that was lost and repeated by its key is the same comment, and another event.
    Raises: AssertionError for one that came twice, or out of order.
    """
    rank = {id: number for number, id in enumerate(kept)}
    last, told, untold, seen = -1, False, [], set()
    for item in items:
        if isinstance(item, Gap):
            told = True
        elif isinstance(item, Event) and item.type == "comment.created":
            id = str(item.id)
            assert id not in seen, f"{id} came twice"
            seen.add(id)
            if id in rank:
                assert rank[id] > last, f"{id} came out of order"
                if not told:
                    untold += kept[last + 1 : rank[id]]
                last, told = rank[id], False
    return untold if told else untold + list(kept[last + 1 :])


class Pair:
    """A primary, its replica and three sentinels: who is what changes every round."""

    def __init__(self, folder: Path) -> None:
        self._store = Replicas(folder)
        self._sides = [self._store.primary, self._store.replica]

    @contextlib.contextmanager
    def running(self):
        with running(self._store):
            self._store.watch(3)
            self.url = self._store.sentinel_url
            yield

    async def strike(self, post: str, chance: random.Random) -> str:
        old, new = self._sides
        what = chance.choice(("killed", "killed, its replica cut off", "hung, its replica cut off", "planned"))
        if "cut off" in what:
            cut_off(old, new)
            await asyncio.sleep(chance.uniform(0, 0.2))
        if what == "planned":
            with contextlib.suppress(Exception):
                await asyncio.to_thread(self._store.sentinels[0].client.execute_command, "SENTINEL", "FAILOVER", "feed")
        else:
            StoreServer.pause(old) if "hung" in what else old.kill()
            if "cut off" in what:
                new.resume()
        await promoted(new)
        if "hung" in what:
            await asyncio.sleep(chance.uniform(0, 1))
            old.kill()
        if what != "planned":
            await asyncio.to_thread(old.start)
            old.client.replicaof("127.0.0.1", new.port)
        await asyncio.to_thread(until, lambda: _synced(old), "the old primary is a replica", UP_S)
        known = f"{new.port}"
        await asyncio.to_thread(
            until,
            lambda: all(
                str(one.client.sentinel_get_master_addr_by_name("feed")[1]) == known for one in self._store.sentinels
            ),
            "the sentinels agree",
            UP_S,
        )
        self._sides.reverse()
        return what


class Masters:
    """Three masters with a replica each: the one of the post is struck, or its slot moves."""

    def __init__(self, folder: Path) -> None:
        self._store = Cluster(folder, replicas=1)

    @contextlib.contextmanager
    def running(self):
        with running(self._store):
            self.url = self._store.url
            yield

    async def strike(self, post: str, chance: random.Random) -> str:
        store, here = self._store, slot(keys.fan(Topic(f"post:{post}").shard(64)))
        old = await asyncio.to_thread(store.owner, here)
        what = chance.choice(("killed", "killed, its replica cut off", "planned", "moved"))
        masters = {await asyncio.to_thread(store.owner, number) for number in (0, 8_000, 16_000)}
        if what == "moved":
            await asyncio.to_thread(
                store.move, [here], chance.choice(sorted(masters - {old}, key=lambda one: one.port))
            )
            return what
        [replica] = [one for one in store.servers if await asyncio.to_thread(_follows, one, old)]
        if "cut off" in what:
            cut_off(old, replica)
            await asyncio.sleep(chance.uniform(0, 0.2))
        if what == "planned":
            replica.client.execute_command("CLUSTER", "FAILOVER")
        else:
            old.kill()
            if "cut off" in what:
                replica.resume()
        await promoted(replica)
        if what != "planned":
            await asyncio.to_thread(old.start)
        await asyncio.to_thread(until, lambda: _synced(old), "the old master is a replica", UP_S)
        await asyncio.to_thread(until, store.is_whole, "the Cluster is whole", UP_S)
        return what


def _follows(server: StoreServer, master: StoreServer) -> bool:
    told = server.info("replication")
    return told["role"] == "slave" and told["master_port"] == master.port


def _synced(server: StoreServer) -> bool:
    told = server.info("replication")
    return told["role"] == "slave" and told["master_link_status"] == "up"


async def write(feed: Feed, post: str, name: str, done: asyncio.Event, told: list[str]) -> None:
    """Comment without pause, each until it is acknowledged."""
    while not done.is_set():
        told.append(await say(feed, post, f"{name} {len(told)}"))
        await asyncio.sleep(0.005)


async def say(feed: Feed, post: str, text: str) -> str:
    async with asyncio.timeout(UP_S):
        while True:
            with contextlib.suppress(Unreachable, LivefeedError):
                return (await feed.comment(post, text, key=text))["id"]
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def writing(feed: Feed, post: str, told: list[str]) -> AsyncIterator[None]:
    done = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for name in "abc":
            group.create_task(write(feed, post, name, done, told))
        try:
            yield
        finally:
            done.set()


@SOAK
@ONLY
@pytest.mark.parametrize("kind", [Pair, Masters])
async def test_readers_are_told_of_all_that_they_lack(
    kind: type[Pair] | type[Masters], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    store = kind(tmp_path / "stores")
    with store.running(), ServerProcess(tmp_path / "data", redis_url=store.url, redis_timeout_s=2, **RATES) as server:
        async with livefeed.client.connect(server.url) as feed:
            await feed.sign_in()
            post = await new_post(feed)
            told: list[str] = []
            begun = (await feed.post(post))["at"]
            async with Reader.of(feed, f"post:{post}") as reader:
                for number in range(ROUNDS):
                    async with writing(feed, post, told):
                        await asyncio.sleep(chance.uniform(0.1, 0.5))
                        what = await store.strike(post, chance)
                        await asyncio.sleep(0.1)
                    print(f"round {number}: {what}; {reader.gaps} gaps so far", flush=True)
                    last = await say(feed, post, f"end of round {number}")
                    await reader.reach(lambda seen, last=last: last in _ids(seen))
            async with Reader.of(feed, f"post:{post}", since=begun) as resumed:
                last = await say(feed, post, "the end")
                await resumed.reach(lambda seen: last in _ids(seen))
            kept = await events_of(store.url, post)
            lost = len(set(told) - set(await all_comments(feed, post)))
    print(f"{len(told)} acknowledged, {lost} of them lost; {reader.gaps} gaps")
    assert what_was_kept_from(reader.items, kept[:-1]) == [], "all but the end, which it did not wait for"
    assert what_was_kept_from(resumed.items, kept) == []


async def events_of(url: str, post: str) -> list[str]:
    """Return the ids of the comments' events, as the store has them in the end."""
    topic = Topic(f"post:{post}")
    async with store_at(url, timeout_s=10) as store:
        raw = await store.execute("XRANGE", keys.stream(topic.shard(64), topic), "-", "+")
    return [str(event.id) for event in map(parse_event, raw) if event.type == "comment.created"]


def _ids(seen: Reader) -> set[str]:
    return {event.data["comment"]["id"] for event in seen.events("comment.created")}


def test_a_hole_that_nobody_told_of_is_found() -> None:
    """The check bites: without a gap in the very place, what is missing is named."""
    a, b, c, lost = (Event(Position(1, n), "comment.created", {}) for n in range(4))
    gap = Gap(ZERO)
    kept = [str(event.id) for event in (a, b, c)]
    assert what_was_kept_from([a, b, c], kept) == []
    assert what_was_kept_from([a, c], kept) == [kept[1]]
    assert what_was_kept_from([a, gap, c], kept) == []
    assert what_was_kept_from([gap, a, c], kept) == [kept[1]]
    assert what_was_kept_from([a, b], kept) == [kept[2]]
    assert what_was_kept_from([a, b, lost, gap], kept) == []
    for wrong in ([a, a, b, c], [b, a, c]):
        with pytest.raises(AssertionError):
            what_was_kept_from(wrong, kept)
