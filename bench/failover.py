"""How soon a failover's loss is told: a primary, a replica that lacks the newest event, three sentinels."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import livefeed.client
from bench.figure import Bar, Figure
from tests.integration.crowd import Reader, new_post
from tests.integration.server_process import ServerProcess
from tests.integration.stores import Replicas, StoreServer, copied, cut_off, promoted, running

RUNS = 3
TOLD_S = 2.0


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """From the moment the promoted replica says that it is the primary until a reader is told of the gap.

    Nothing more happens on the topic. A primary that hangs breaks no connection; that there is another, sentinels say.
    """
    for what, end in (("killed", StoreServer.kill), ("hanging", StoreServer.pause)):
        told = [await _told_s(folder / f"{what}-{number}", end) for number in range(RUNS)]
        yield Figure(f"failover, primary {what}: gap told after", "s", tuple(told), Bar(high=TOLD_S))


async def _told_s(folder: Path, end: Callable[[StoreServer], None]) -> float:
    stores = Replicas(folder / "stores")
    with running(stores):
        stores.watch(3)
        with ServerProcess(folder / "data", redis_url=stores.sentinel_url, shards=1) as server:
            async with livefeed.client.connect(server.url) as feed:
                post = await new_post(feed)
                async with Reader.of(feed, f"post:{post}") as reader:
                    await copied(stores.primary, stores.replica)
                    cut_off(stores.primary, stores.replica)
                    await feed.comment(post, "lost")
                    await reader.reach(lambda seen: bool(seen.events("comment.created")))
                    end(stores.primary)
                    stores.replica.resume()
                    since_s = await promoted(stores.replica)
                    await reader.reach(lambda seen: seen.gaps == 1)
                    return time.monotonic() - since_s
