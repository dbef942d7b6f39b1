"""Pictures that a test asks for, and what becomes of them, while servers and stores may be away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from livefeed.client import Feed, Queued, Unreachable
from livefeed.errors import StoreUnavailable
from livefeed.streams import keys
from livefeed.streams.connection import RedisStore
from livefeed.topic import Topic
from tests.integration import metronome

SHARDS = 8
WAIT_S = 120.0
SETTINGS: dict[str, object] = {
    "generations_per_user": 1_000,
    "guests_per_minute": 10_000,
    "commands_per_s": 10_000,
    "drain_s": 0.2,
    "shards": SHARDS,
}
ENDS = {"completed", "refused", "failed", "cancelled", "aborted"}
PICTURE = {"generator": "metronome", "width": 256, "height": 256}


def plug_in(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Let servers and workers of a test have the metronome; return its diary."""
    told = metronome.install(folder)
    for name, value in told.items():
        patch.setenv(name, value)
    return Path(told[metronome.DIARY])


async def insist(step: Callable[[], Awaitable[Any]]) -> Any:
    """Repeat what a server or a store that was just killed may not have answered."""
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            return await step()
        except (Unreachable, StoreUnavailable):
            assert time.monotonic() < deadline, "the server did not come back"
            await asyncio.sleep(0.1)


async def eventually(check: Callable[[], Awaitable[Any]], what: str, *, within_s: float = WAIT_S) -> Any:
    """Wait until `check` returns something true, whoever is away meanwhile; return it."""
    deadline = time.monotonic() + within_s
    while not (found := await insist(check)):
        assert time.monotonic() < deadline, f"waited {within_s:g} s in vain: {what}"
        await asyncio.sleep(0.05)
    return found


async def ask(feed: Feed, number: int, steps: int, step_ms: int) -> str:
    """Ask for a picture until it is accepted, once; return its id."""
    prompt = f"number {number}, {step_ms} ms each"

    async def once() -> str:
        painting = feed.generate(prompt, key=f"job-{number}", steps=steps, seed=abs(number), **PICTURE)
        queued = await anext(painting)
        await painting.aclose()
        assert isinstance(queued, Queued)
        return queued.id

    return str(await insist(once))


async def told(store: RedisStore, topic: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the KEPT events of a topic: types without their common first part, and data."""
    found = Topic(topic)
    raw = await store.execute("XRANGE", keys.stream(found.shard(SHARDS), found), "-", "+")
    return [(entry[1][3].decode().removeprefix("generation."), orjson.loads(entry[1][5])) for entry in raw]


async def ended(feed: Feed, id: str) -> dict[str, Any]:
    """Wait until a picture has ended; return it as it is then."""

    async def over() -> dict[str, Any] | None:
        found = dict(await feed.generation(id))
        return found if found["state"] in ENDS else None

    return dict(await eventually(over, f"{id} ends"))


async def posts(feed: Feed) -> list[str]:
    """Return the ids of all posts of the feed."""
    found: list[str] = []
    before = None
    while True:
        page = await feed.feed(before=before, limit=100)
        found += [post["id"] for post in page["posts"]]
        before = page["next"]
        if before is None:
            return found
