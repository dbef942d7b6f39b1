"""How soon a failover's loss is told, with sentinels and on a Cluster; the new primary lacks the newest event."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import livefeed.client
from bench.figure import Bar, Figure
from livefeed.client import Feed
from livefeed.streams import keys
from livefeed.streams.slots import slot
from livefeed.topic import Topic
from tests.integration.crowd import Reader, new_post
from tests.integration.server_process import ServerProcess
from tests.integration.stores import Cluster, Replicas, StoreServer, copied, cut_off, promoted, running

RUNS = 3
TOLD_S = 2.0
CLUSTER_SHARDS = 64

End = Callable[[StoreServer], None]


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """From the moment the promoted replica says that it is the primary until a reader is told of the gap.

    Nothing more happens on the topic. A primary that hangs breaks no connection; that there is another, sentinels say,
    and on a Cluster the other masters.
    """
    for store, told_s in (("primary", _with_sentinels), ("master of a Cluster", _on_a_cluster)):
        for what, end in (("killed", StoreServer.kill), ("hanging", StoreServer.pause)):
            places = [folder / f"{store}-{what}-{number}".replace(" ", "-") for number in range(RUNS)]
            told = [await told_s(place, end) for place in places]
            yield Figure(f"failover, {store} {what}: gap told after", "s", tuple(told), Bar(high=TOLD_S))


async def _with_sentinels(folder: Path, end: End) -> float:
    stores = Replicas(folder / "stores")
    with running(stores):
        stores.watch(3)
        with ServerProcess(folder / "data", redis_url=stores.sentinel_url, shards=1) as server:
            async with livefeed.client.connect(server.url) as feed:
                return await _told_s(feed, await new_post(feed), stores.primary, stores.replica, end)


async def _on_a_cluster(folder: Path, end: End) -> float:
    """The master that holds the topic's shard is the one that goes; two others and their replicas stay."""
    cluster = Cluster(folder / "cluster", replicas=1)
    with running(cluster), ServerProcess(folder / "data", redis_url=cluster.url, shards=CLUSTER_SHARDS) as server:
        async with livefeed.client.connect(server.url) as feed:
            post = await new_post(feed)
            master = cluster.owner(slot(keys.fan(Topic(f"post:{post}").shard(CLUSTER_SHARDS))))
            return await _told_s(feed, post, master, cluster.replicas[cluster.masters.index(master)], end)


async def _told_s(feed: Feed, post: str, primary: StoreServer, replica: StoreServer, end: End) -> float:
    """Lose a comment with the primary; return how long after the replica's promotion its reader was told."""
    async with Reader.of(feed, f"post:{post}") as reader:
        await copied(primary, replica)
        cut_off(primary, replica)
        await feed.comment(post, "lost")
        await reader.reach(lambda seen: bool(seen.events("comment.created")))
        end(primary)
        replica.resume()
        since_s = await promoted(replica)
        await reader.reach(lambda seen: seen.gaps == 1)
        return time.monotonic() - since_s
