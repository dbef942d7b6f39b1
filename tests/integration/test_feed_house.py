"""A whole feed on a real store, for the tests of this folder that are named after it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

from livefeed.config import Config
from livefeed.feed.comments import Comments
from livefeed.feed.following import Following
from livefeed.feed.follows import Follows
from livefeed.feed.liked import Liked
from livefeed.feed.lineage import Lineages
from livefeed.feed.notifications import Notifications
from livefeed.feed.posts import Posts
from livefeed.feed.reactions import Reactions
from livefeed.feed.search import Search
from livefeed.feed.timelines import Timelines
from livefeed.feed.together import Social
from livefeed.streams import keys
from livefeed.streams.connection import RedisStore, Store
from livefeed.streams.embedded import binary
from livefeed.streams.outbox import Outgoing, Projection
from livefeed.streams.streams import Streams
from livefeed.topic import Topic

SHARDS = 8
MEDIA = {"sha256": "ab" * 32, "width": 768, "height": 512, "thumbhash": "1QcSHQ", "palette": ["#102030"] * 6}


def user(number: int) -> dict[str, str]:
    """Return a person; the id lives in shard `number` modulo SHARDS."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    identity = f"01m0000000{alphabet[number // 32 % 32]}{alphabet[number % 32]}{number:010d}"
    return {"id": identity, "handle": f"person{number}", "avatar": f"hue:{number}"}


def painter(number: int) -> dict[str, str]:
    """Return a person as their post shows them: it is their newest picture."""
    return user(number) | {"avatar": MEDIA["sha256"]}


class KnownPeople:
    """People as a test names them; nobody else is known."""

    def __init__(self) -> None:
        self.known: dict[str, Mapping[str, Any]] = {}

    async def users(self, ids: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
        return {id: self.known[id] for id in ids if id in self.known}

    async def named(self, handles: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
        called = {person["handle"]: person for person in self.known.values()}
        return {handle: called[handle] for handle in handles if handle in called}

    async def beginning(self, text: str) -> list[Mapping[str, Any]]:
        return [person for person in self.known.values() if person["handle"].startswith(text)]


class House:
    """The feed's services on one store, and what a test looks into."""

    def __init__(self, store: Store, *, seed: int = 20) -> None:
        self.config = Config(shards=SHARDS)
        self.store = store
        self.streams = Streams(store, self.config, chance=random.Random(seed))
        self.people = KnownPeople()
        chance = random.Random(seed)
        self.posts = Posts(self.streams, self.config, self.people, chance=chance)
        self.comments = Comments(self.streams, self.config, self.people, chance=chance)
        self.reactions = Reactions(self.streams)
        self.lineages = Lineages(self.streams, self.people)
        self.timelines = Timelines(self.streams, self.posts, self.people, self.lineages)
        self.follows = Follows(self.streams, self.people)
        self.following = Following(self.streams)
        self.notifications = Notifications(self.streams, self.posts, self.people)
        self.search = Search(self.streams, self.posts, self.people)
        self.liked = Liked(self.streams, self.posts, self.people)
        self.projections: list[Projection] = [
            self.timelines,
            Social(self.following, self.notifications, self.search, self.liked),
        ]

    async def post(self, author: int = 1, caption: str = "a fox", **more: Any) -> dict[str, Any]:
        return await self.posts.create(user(author), MEDIA, caption=caption, **more)

    async def events(self, topic: str) -> list[tuple[str, str, dict[str, Any]]]:
        """Return the KEPT events of a topic: id (that of the topic that had it first), type, data."""
        found = Topic.parse(topic)
        raw = await self.store.execute("XRANGE", keys.stream(self.streams.shard(found), found), "-", "+")
        rows = [(position, dict(zip(fields[::2], fields[1::2], strict=True))) for position, fields in raw]
        return [
            (row.get(b"i", position).decode(), row[b"k"].decode(), orjson.loads(row[b"d"])) for position, row in rows
        ]

    async def types(self, topic: str) -> list[str]:
        return [kind for _, kind, _ in await self.events(topic)]

    async def latest(self, topic: str) -> dict[str, dict[str, Any]]:
        """Return the LATEST values of a topic by key."""
        found = Topic.parse(topic)
        raw = await self.store.execute("HGETALL", keys.latest(self.streams.shard(found), found))
        return {raw[i].decode(): orjson.loads(raw[i + 1].split(b" ", 2)[2]) for i in range(0, len(raw), 2)}

    async def outbox(self) -> list[Outgoing]:
        """Return all outbox entries, shard by shard; nothing settles them here."""
        found = []
        for shard in range(SHARDS):
            for entry in await self.store.execute("XRANGE", keys.outbox(shard), "-", "+"):
                fields = entry[1]
                found.append(
                    Outgoing(entry[0].decode(), fields[1].decode(), fields[3].decode(), orjson.loads(fields[5]))
                )
        return found

    async def carry(self) -> None:
        """Project all there is, and what that brings."""
        done: set[tuple[str, str, str]] = set()
        while batch := [entry for entry in await self.outbox() if (entry.id, entry.type, entry.mark) not in done]:
            for projection in self.projections:
                await projection.apply(batch)
            done |= {(entry.id, entry.type, entry.mark) for entry in batch}

    async def ids(self, topic: str) -> list[str]:
        """Return the ids of the posts on a feed, newest first."""
        return [post["id"] for post in (await self.timelines.read(Topic.parse(topic), limit=100))["posts"]]


@asynccontextmanager
async def open_store(folder: Path) -> AsyncIterator[RedisStore]:
    """Run a store of our own on a private socket, without persistence."""
    socket = folder / "store.sock"
    process = await asyncio.create_subprocess_exec(
        binary(),
        "--port",
        "0",
        "--unixsocket",
        socket,
        "--dir",
        folder,
        "--save",
        "",
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with RedisStore(f"unix://{socket}", timeout_s=20) as store:
            await store.execute("PING")
            yield store
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def open_house(folder: Path) -> AsyncIterator[House]:
    """Open a feed on a new store."""
    async with open_store(folder) as store:
        yield House(store)
