"""Many people at once: posts and reactions written into a running server's store at a rate, by its own scripts.

HTTP would cost the machine more than what is looked at, and be refused long before. From the store on everything is as
ever: outbox, projections, streams, hub, page.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from livefeed import identifiers
from livefeed.config import Config
from livefeed.feed.posts import Posts
from livefeed.feed.reactions import Reactions
from livefeed.streams.connection import RedisStore
from livefeed.streams.streams import Streams
from tests.integration.server_process import ServerProcess

T = TypeVar("T")
WAIT_S = 60.0
AT_ONCE = 32
"""Commands under way at once."""
EMOJI = ("🔥", "💗", "🌊", "👏")
PROMPTS = (
    "a red fox in the snow at night",
    "a lighthouse by the sea in fog, with more words than one line of a label has room for",
    "mushrooms in a dark forest",
    "city of coral under two moons",
)


class Strangers:
    """Authors stay as they were stored."""

    async def users(self, ids: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
        return {}


@dataclass(frozen=True, slots=True)
class Bustle:
    """url: of the server. media: what the posts show, in turn; all of it must be stored already."""

    url: str
    posts: Posts
    reactions: Reactions
    media: Sequence[Mapping[str, Any]]

    async def post(self, count: int, rate: float = 10_000.0) -> tuple[list[str], float]:
        """Make so many posts, `rate` a second at most; return their ids, oldest first, and the rate reached."""

        async def one(number: int) -> str:
            author = {"id": _person(number % 7), "handle": f"stranger-{number % 7}", "avatar": ""}
            media = self.media[number % len(self.media)]
            post = await self.posts.create(author, media, prompt=f"{PROMPTS[number % 4]}, {number}")
            return str(post["id"])

        return await paced(one, count, rate)

    async def hang(self, count: int) -> list[str]:
        """Make so many posts and wait until the feed has the newest of them."""
        made, _ = await self.post(count)
        newest = set(made[-AT_ONCE:])
        async with asyncio.timeout(WAIT_S), aiohttp.ClientSession(self.url) as session:
            while True:
                async with session.get("/api/feeds/all", params={"limit": "100"}) as answer:
                    if newest <= {post["id"] for post in (await answer.json())["posts"]}:
                        return made
                await asyncio.sleep(0.05)

    async def react(self, posts: Sequence[str], count: int, rate: float) -> float:
        """Set so many reactions, `rate` a second at most, on these posts in turn, none twice; return that reached."""

        async def one(number: int) -> None:
            round_, post = divmod(number, len(posts))
            person, emoji = _person(100 + round_ // len(EMOJI)), EMOJI[round_ % len(EMOJI)]
            await self.reactions.set(posts[post], person, emoji, True)

        _, reached = await paced(one, count, rate)
        return reached


def _person(number: int) -> str:
    """Return the id of one of those people."""
    return identifiers.make(1_795_000_000_000, number % 64, number)


async def paced(one: Callable[[int], Awaitable[T]], count: int, rate: float) -> tuple[list[T], float]:
    """Do it `count` times, never ahead of the rate; return what came of each, in order, and the rate that was reached.

    A busy machine falls behind: whoever says something about a rate has to look at the one that was reached.
    """
    began, numbers = time.monotonic(), itertools.count()
    results: dict[int, T] = {}

    async def some() -> None:
        for number in iter(lambda: next(numbers), None):
            if number >= count:
                return
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            results[number] = await one(number)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(some())
    reached = count / (time.monotonic() - began)
    return [results[number] for number in range(count)], reached


@contextlib.asynccontextmanager
async def bustle(server: ServerProcess, media: Sequence[Mapping[str, Any]]) -> AsyncIterator[Bustle]:
    """Open the store of a running server that has an embedded one."""
    config = Config()
    async with RedisStore(f"unix://{server.data / 'store.sock'}", timeout_s=config.redis_timeout_s) as store:
        streams = Streams(store, config)
        await streams.open()
        yield Bustle(server.url, Posts(streams, config, Strangers()), Reactions(streams), media)


@dataclass
class Beside:
    """Work that goes on in a thread of its own while a test looks at the page."""

    thread: threading.Thread
    failure: list[BaseException] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return not self.thread.is_alive()


@contextlib.contextmanager
def beside(work: Callable[[], Awaitable[object]]) -> Iterator[Beside]:
    """Run a coroutine beside the block, which waits for it at its end. Raises: whatever it raised."""
    failure: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(_awaited(work))
        except BaseException as exc:  # raised again below, in the thread that asked for it
            failure.append(exc)

    thread = threading.Thread(target=run, name="bustle")
    thread.start()
    try:
        yield Beside(thread, failure)
    finally:
        thread.join()
    if failure:
        raise failure[0]


async def _awaited(work: Callable[[], Awaitable[object]]) -> None:
    await work()
