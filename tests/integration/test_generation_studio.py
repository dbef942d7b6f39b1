"""A studio on a real store, for the tests of this folder named after it: services, workers, a quick generator.

Run as a program, with a store's URL, a name, a lease and a grace in seconds, it is one worker process.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import random
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
from PIL import Image

from livefeed.config import Config
from livefeed.errors import ConfigurationError
from livefeed.feed.publication import Publication, publication
from livefeed.feed.tags import tags_of
from livefeed.generation.generator import DigitalSource, EngineLost, Generator, Picture, Progress, Range, Refused
from livefeed.generation.job import Job
from livefeed.generation.overseer import Overseer
from livefeed.generation.previews import PreviewMaker
from livefeed.generation.projection import QueueProjection
from livefeed.generation.registry import Generators
from livefeed.generation.retry import rest_s
from livefeed.generation.service import Generations
from livefeed.generation.store import GenerationStore
from livefeed.generation.worker import Worker
from livefeed.making import Making
from livefeed.people import User
from livefeed.streams import keys
from livefeed.streams.connection import RedisStore, Store
from livefeed.streams.embedded import binary
from livefeed.streams.ledger import Ledger
from livefeed.streams.outbox import Carrier, Outgoing
from livefeed.streams.streams import Streams
from livefeed.streams.work import Work
from livefeed.topic import Topic
from tests.integration.leavings import left_behind

SHARDS = 8
DEADLINE_S = 30.0
"""How long a test waits for a state that comes at once."""


def user(number: int) -> User:
    """Return a person whose id has the right form."""
    return User(f"01m000000000{number:010d}", f"person{number}", "")


class QuickGenerator:
    """Paints small plain pictures. The first word of the prompt says what happens instead.

    `refuse`, `break`, `lose`, `nothing`: how it ends; `lose once` and `lose thrice`: only so often. `hold`: it stops
    after step 2 until `release` is set. `fade`: the engine is lost before the last step. `slow`: each step takes a
    tenth of a second.
    """

    name = "quick"
    title = "Quick"
    source = DigitalSource.ALGORITHMIC
    sizes = Range(256, 1024, 256, multiple=8)
    steps = Range(4, 20, 10)

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.holding = asyncio.Event()
        self.closed = 0
        self.jobs: list[Job] = []

    async def generate(self, job: Job) -> AsyncIterator[Progress | Picture]:
        self.jobs.append(job)
        word = job.prompt.split()[0]
        try:
            for step in range(1, job.steps + 1):
                await asyncio.sleep(0.1 if word == "slow" else 0)
                if word == "refuse":
                    raise Refused("not_today", "This generator does not paint today; come back tomorrow.")
                if word == "break":
                    raise RuntimeError("the brush broke")
                if word == "lose" and self._is_lost(job):
                    raise EngineLost("No answer from http://127.0.0.1:9 for 60 s.")
                colour = (job.seed % 256, 25 * step % 256, 100)
                yield Progress(step, job.steps, Image.new("RGB", (job.width, job.height), colour))
                if word == "fade" and step == job.steps - 1:
                    raise EngineLost("No answer from http://127.0.0.1:9 for 60 s.")
                if word == "hold" and step == 2:
                    self.holding.set()
                    await self.release.wait()
            if word != "nothing":
                yield Picture(Image.new("RGB", (job.width, job.height), (job.seed % 256, 250, 100)))
        finally:
            self.closed += 1

    def _is_lost(self, job: Job) -> bool:
        """Tell whether the engine is lost at this attempt: always, or the first time, or the first three times."""
        second = job.prompt.split()[1]
        tried = sum(one.id == job.id for one in self.jobs)
        return tried <= {"once": 1, "thrice": 3}.get(second, tried)


class KnownPeople:
    """Everybody is called as `user` calls them."""

    async def users(self, ids: Iterable[str]) -> Mapping[str, User]:
        return {id: user(int(id[12:])) for id in ids}


class KnownPosts:
    """There is one post, until it is deleted; its storage may be away for a while."""

    parent = "01m000000000000000000p"
    file = b"the parent's picture"
    words = "a fox in the snow"

    def __init__(self) -> None:
        self.deleted = False
        self.remixes: dict[str, tuple[str, str | None]] = {}
        """Further posts: what they were asked for, and their parents."""
        self.trouble: list[Exception] = []
        self.drafts: dict[str, bytes] = {}

    async def exists(self, id: str) -> bool:
        return (id == self.parent and not self.deleted) or id in self.remixes

    async def picture(self, post: str) -> bytes | None:
        if self.trouble:
            raise self.trouble.pop()
        return self.file if await self.exists(post) else None

    async def said(self, post: str) -> tuple[str, str | None] | None:
        return self.remixes.get(post) or ((self.words, None) if await self.exists(post) else None)

    async def draft(self, sha256: str) -> bytes | None:
        if self.trouble:
            raise self.trouble.pop()
        return self.drafts.get(sha256)

    def keep(self, file: bytes) -> str:
        """Keep a draft; return its name."""
        name = hashlib.sha256(file).hexdigest()
        self.drafts[name] = file
        return name


class KnownRooms:
    """There is one room; these are in it."""

    room = "01m000000000000000000r"
    members = frozenset({1, 2})

    async def member(self, room: str, user: str) -> bool:
        return room == self.room and int(user[12:]) in self.members


async def published(post: Mapping[str, Any]) -> Publication:
    """Return how to write a post, of whose parent nothing is shown."""
    return publication(post, SHARDS)


class Album:
    """Keeps nothing; says what a picture's `media` would be."""

    async def add_image(self, image: Image.Image, making: Making) -> Mapping[str, Any]:
        digest = hashlib.sha256(image.tobytes()).hexdigest()
        return {
            "sha256": digest,
            "width": image.width,
            "height": image.height,
            "thumbhash": "1QcSHQ",
            "palette": ["#102030"] * 6,
        }


def small_jpeg(image: Image.Image) -> bytes:
    """Return a preview's bytes."""
    buffer = io.BytesIO()
    image.resize((128, 64)).save(buffer, "JPEG", quality=50)
    return buffer.getvalue()


def short_pause(attempt: int, chance: float) -> float:
    """Return how long a picture rests here after its first and second loss: a thirtieth of what it does elsewhere."""
    return rest_s(attempt, chance) / 30


class Studio:
    """Everything of generation on one store, and what a test looks into."""

    def __init__(self, store: Store, *, seed: int = 7, generators: Iterable[Generator] = (), **settings: Any) -> None:
        """generators: there are beside the quick one. A lease is so long that it ends only where a test has it end."""
        self.config = Config(shards=SHARDS, **({"lease_s": 20.0, "drain_s": 0.0} | settings))
        self.store = store
        self.streams = Streams(store, self.config, chance=random.Random(seed))
        self.work = Work(
            store,
            lease_s=self.config.lease_s,
            per_person=self.config.generations_per_user,
            in_all=self.config.generations_queued,
        )
        self.quick = QuickGenerator()
        self.posts = KnownPosts()
        self.generators = Generators([self.quick, *generators])
        self.generations = Generations(
            self.streams,
            self.config,
            work=self.work,
            generators=self.generators,
            people=KnownPeople(),
            posts=self.posts,
            tags=tags_of,
            rooms=KnownRooms(),
            chance=random.Random(seed),
        )
        self.jobs = GenerationStore(self.streams)
        self.projection = QueueProjection(self.streams, self.work)
        self.ledger = Ledger(store)
        self.overseer = Overseer(self.work, self.jobs, KnownPeople())

    def worker(self, name: str = "worker", **more: Any) -> Worker:
        previews = PreviewMaker(jpeg=small_jpeg, palette=lambda image: ["#102030"] * 6)
        usual: dict[str, Any] = {"pictures": Album(), "pauses": short_pause, "previews": previews}
        return Worker(
            self.streams,
            self.config,
            name=name,
            work=self.work,
            generators=self.generators,
            parents=self.posts,
            people=KnownPeople(),
            publish=published,
            **(usual | more),
        )

    @asynccontextmanager
    async def working(self, *names: str, **more: Any) -> AsyncIterator[asyncio.Event]:
        """Run the projection and workers; set the event to stop the workers early."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            carrier = Carrier(self.store, self.projection, shards=SHARDS, consumer="test")
            carrying = group.create_task(carrier.run())
            workers = [group.create_task(self.worker(name, **more).run(stop)) for name in names]
            try:
                yield stop
            finally:
                stop.set()
                if workers:
                    await asyncio.wait(workers)
                carrying.cancel()

    async def ask(self, prompt: str = "a fox", *, by: int = 1, **more: Any) -> str:
        return (await self.generations.create(user(by), prompt=prompt, **more))["id"]

    async def carry(self) -> None:
        """Project all there is, without settling it: the next call repeats it."""
        await self.projection.apply(await self.outbox())

    async def set_due(self, id: str, *, at_ms: int) -> None:
        """Set by when a picture must have started, where it is judged: by the clock of its shard."""
        shard = self.streams.shard(Topic(f"generation:{id}"))
        await self.store.execute("HSET", f"{keys.tag(shard)}gen:{id}", "due", at_ms)

    async def state(self, id: str, by: int = 1) -> dict[str, Any]:
        found: dict[str, Any] = (await self.generations.get(id, user(by)))["generation"]
        return found

    async def until(self, id: str, *states: str) -> dict[str, Any]:
        """Wait until a generation is in one of the states; return it."""

        async def reached() -> dict[str, Any] | None:
            found = await self.state(id)
            return found if found["state"] in states else None

        found: dict[str, Any] = await eventually(reached)
        return found

    async def events(self, topic: str) -> list[tuple[str, dict[str, Any]]]:
        """Return the KEPT events of a topic."""
        found = Topic.parse(topic)
        raw = await self.store.execute("XRANGE", keys.stream(self.streams.shard(found), found), "-", "+")
        return [(entry[1][3].decode(), orjson.loads(entry[1][5])) for entry in raw]

    async def types(self, id: str) -> list[str]:
        """Return what was told of a generation, KEPT, without the common first part."""
        return [kind.removeprefix("generation.") for kind, _ in await self.events(f"generation:{id}")]

    async def told(self, id: str) -> list[tuple[str, dict[str, Any]]]:
        """Return all that the shard's stream says of a generation, LATEST included, in order."""
        shard = self.streams.shard(Topic(f"generation:{id}"))
        raw = await self.store.execute("XRANGE", keys.fan(shard), "-", "+")
        return [
            (entry[1][5].decode().removeprefix("generation."), orjson.loads(entry[1][7]))
            for entry in raw
            if entry[1][3] == f"generation:{id}".encode()
        ]

    async def outbox(self) -> list[Outgoing]:
        """Return all outbox entries, shard by shard."""
        found = []
        for shard in range(SHARDS):
            for raw in await self.store.execute("XRANGE", keys.outbox(shard), "-", "+"):
                mark, kind, data = raw[1][3].decode(), raw[1][1].decode(), orjson.loads(raw[1][5])
                found.append(Outgoing(raw[0].decode(), kind, mark, data))
        return found

    async def left_behind(self) -> dict[str, int]:
        """Return what of ended jobs is still in the queue's slot: nothing, if all is well."""
        return await left_behind(self.store)


async def eventually(check: Callable[[], Awaitable[Any]], *, within_s: float = DEADLINE_S) -> Any:
    """Wait until `check` returns something true; return it."""
    async with asyncio.timeout(within_s):
        while not (found := await check()):
            await asyncio.sleep(0.02)
    return found


@asynccontextmanager
async def open_store(folder: Path) -> AsyncIterator[tuple[RedisStore, str]]:
    """Run a store of our own on a private socket, without persistence; return it and its address."""
    socket = folder / "store.sock"
    process = await asyncio.create_subprocess_exec(
        binary(), "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "",
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with RedisStore(f"unix://{socket}", timeout_s=20) as store:
            await store.execute("PING")
            yield store, f"unix://{socket}"
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def worker_process(url: str, name: str, *, lease_s: float, grace_s: float = 0.0) -> AsyncIterator[Any]:
    """Run a worker in a process of its own; it is killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, url, name, str(lease_s), str(grace_s), cwd=Path(__file__).parents[2]
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def main(url: str, name: str, lease_s: str, grace_s: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with RedisStore(url, timeout_s=20) as store:
        await Studio(store, lease_s=float(lease_s)).worker(name, grace_s=float(grace_s)).run(stop)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        raise ConfigurationError("Give URL, NAME, LEASE_S and GRACE_S.")
    asyncio.run(main(*sys.argv[1:]))
