"""People of a test: those who write until they are acknowledged, and those who read."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
from PIL import Image

import livefeed.client
from livefeed.client import Event, Feed, Gap, Item, Unreachable
from livefeed.errors import StoreUnavailable

WAIT_S = 60.0
AGAIN_S = 0.05

Write = Callable[[str, str], Awaitable[str]]


def picture(width: int = 64, height: int = 48) -> bytes:
    """Return a small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 90, 30)).save(out, "PNG")
    return out.getvalue()


async def new_post(feed: Feed) -> str:
    """Upload a picture and return the post's id."""
    return (await feed.upload(picture(), "to talk about"))["id"]


async def all_comments(feed: Feed, post: str) -> list[str]:
    """Return the ids of all comments, oldest first."""
    found: list[str] = []
    before = None
    while True:
        page = await feed.comments(post, before=before, limit=100)
        found[:0] = [comment["id"] for comment in page["comments"]]
        before = page["next"]
        if before is None:
            return found


class Acknowledged:
    """The comments that the server has confirmed, in the order of their confirmation."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.by_writer: dict[int, list[str]] = defaultdict(list)
        self._more = asyncio.Condition()

    async def note(self, writer: int, comment: str) -> None:
        async with self._more:
            self.ids.append(comment)
            self.by_writer[writer].append(comment)
            self._more.notify_all()

    async def reach(self, count: int) -> None:
        """Wait until so many are confirmed."""
        async with asyncio.timeout(WAIT_S), self._more:
            await self._more.wait_for(lambda: len(self.ids) >= count)


async def write_all(url: str, post: str, told: Acknowledged, *, writers: int, each: int) -> None:
    """Let everybody comment, one comment after the other: half over HTTP, half over WebSockets."""

    async def write_some(number: int) -> None:
        async with (_over_http if number % 2 else _over_socket)(url, post) as write:
            for turn in range(each):
                await told.note(number, await write(f"{number}:{turn}", f"writer-{number}-{turn}"))

    async with asyncio.TaskGroup() as group:
        for number in range(writers):
            group.create_task(write_some(number))


@asynccontextmanager
async def _over_http(url: str, post: str) -> AsyncIterator[Write]:
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.DummyCookieJar()) as session:
        async with session.post("/api/guests") as answer:
            bearer = f"Bearer {(await answer.json())['token']}"

        async def write(text: str, key: str) -> str:
            headers = {"Authorization": bearer, "Idempotency-Key": key}
            while True:
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    async with session.post(
                        f"/api/posts/{post}/comments", json={"text": text}, headers=headers
                    ) as answer:
                        if answer.status == 201:
                            return str((await answer.json())["comment"]["id"])
                        assert answer.status == 503, await answer.text()
                await asyncio.sleep(AGAIN_S)

        yield write


@asynccontextmanager
async def _over_socket(url: str, post: str) -> AsyncIterator[Write]:
    async with livefeed.client.connect(url) as feed:
        await feed.sign_in()

        async def write(text: str, key: str) -> str:
            while True:
                with contextlib.suppress(Unreachable, StoreUnavailable):
                    return (await feed.comment(post, text, key=key))["id"]
                await asyncio.sleep(AGAIN_S)

        yield write


class Reader:
    """Follows a topic and keeps all that comes."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._more = asyncio.Condition()

    @classmethod
    @asynccontextmanager
    async def of(cls, feed: Feed, topic: str, since: str | None = None) -> AsyncIterator[Reader]:
        """Read a topic as long as the block lasts."""
        reader = cls()
        async with feed.subscribe(topic, since) as items:
            reading = asyncio.create_task(reader._read(items))
            try:
                yield reader
            finally:
                reading.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await reading

    async def _read(self, items: AsyncIterator[Item]) -> None:
        async for item in items:
            async with self._more:
                self.items.append(item)
                self._more.notify_all()

    def events(self, kind: str) -> list[Event]:
        """Return the events of a type, in the order they came."""
        return [item for item in self.items if isinstance(item, Event) and item.type == kind]

    @property
    def gaps(self) -> int:
        return sum(isinstance(item, Gap) for item in self.items)

    async def reach(self, true: Callable[[Reader], bool]) -> None:
        """Wait until what came fulfils a condition."""
        async with asyncio.timeout(WAIT_S), self._more:
            await self._more.wait_for(lambda: true(self))
