"""The model of the documents' store, on which simulated rooms stand, answers as the Lua scripts do."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from livefeed import identifiers
from livefeed.config import Config
from livefeed.errors import LivefeedError, NotFound
from livefeed.rooms.archive import Archive, Reading
from livefeed.rooms.commands import members_key
from livefeed.rooms.varints import write_bytes
from livefeed.streams import keys
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.streams import Streams
from tests.simulation.rooms.store import Model
from tests.soak import count

RUNS, STEPS = count(5, 300), 60
BOUNDS = {"document_bytes": 900, "compact_bytes": 150, "compact_entries": 6}


class Both:
    """One document in the store and in the model; an id is the store's, and told to the model."""

    def __init__(self, archive: Archive, store: RedisStore, room: str, chance: random.Random) -> None:
        self.archive = archive
        self.store = store
        self.model = Model(**BOUNDS)
        self.room = room
        self.chance = chance
        self.ids = ["", "0-0", "1-1"]
        self.asked = 0

    async def same(self, real: Awaitable[Any], modelled: Callable[[], Any]) -> Any:
        """Do it in both; results or refusals are equal. Return it, or None where it was refused."""
        try:
            found: Any = await real
        except LivefeedError as exc:
            with pytest.raises(type(exc)):
                modelled()
            return None
        assert plain(found) == plain(modelled())
        return found

    async def append(self) -> None:
        epoch = self.chance.choice(["first"] * 9 + ["second"])
        updates = b"".join(write_bytes(self.chance.randbytes(self.chance.randrange(1, 60))) for _ in range(2))
        tag, people = self.chance.choice(["", "a:1"]), [self.chance.choice(["ann", "ben"])]
        before = await self.grown()
        try:
            id, previous = await self.archive.append(self.room, epoch, updates, tag, people)
        except LivefeedError as exc:
            with pytest.raises(type(exc)):
                self.model.append("9-9", epoch, updates, tag, people)
            return
        assert self.model.append(id, epoch, updates, tag, people) == (id, previous, await self.grown() > before)
        self.ids.append(id)

    async def grown(self) -> int:
        return int(await self.store.execute("XLEN", keys.outbox(0)))

    async def read(self) -> None:
        since, bytes_ = self.chance.choice(self.ids[-9:] + self.ids[:3]), self.chance.choice([0, 0, 100])
        await self.same(
            self.archive.read(self.room, since, bytes_=bytes_), lambda: self.model.read(since, bytes_=bytes_)
        )

    async def head(self) -> None:
        await self.same(self.archive.head(self.room), self.model.head)

    async def compact(self) -> None:
        reading = await self.archive.read(self.room)
        if not reading.edits:
            return
        base = self.chance.choice([reading.base] * 4 + ["1-1"])
        end = self.chance.choice(reading.edits).id
        keep = [edit.id for edit in reading.edits if self.chance.random() < 0.2]
        args = (reading.epoch, base, end, self.chance.randbytes(50))
        await self.same(self.archive.compact(self.room, *args, keep=keep), lambda: self.model.compact(*args, keep))

    async def put_off(self) -> None:
        await self.same(self.archive.put_off(self.room, "first"), self.model.put_off)

    async def spoil(self) -> None:
        edit, index = self.chance.choice(self.ids[3:] or ["1-1"]), self.chance.randrange(2)
        await self.same(self.archive.spoil(self.room, edit, index), lambda: self.model.spoil(edit, index))

    async def create(self) -> None:
        await self.same(
            self.archive.create(self.room, "first", b"\x00\x00"), lambda: self.model.create("first", b"\x00\x00")
        )


def plain(found: Any) -> Any:
    """Return what two readings are compared by."""
    if isinstance(found, Reading):
        edits = [(edit.id, edit.tag, list(edit.pieces), edit.spoiled) for edit in found.edits]
        return found.epoch, found.base, found.snapshot, edits, found.complete
    return found


@pytest.mark.soak
async def test_the_model_answers_as_the_scripts_do(tmp_path: Path, seed: int) -> None:
    async with EmbeddedStore(tmp_path) as embedded, RedisStore(embedded.url, timeout_s=20) as store:
        archive = Archive(Streams(store, Config(shards=1)), **BOUNDS)
        for number in range(RUNS):
            chance = random.Random(seed + number)
            both = Both(archive, store, identifiers.make(1_795_000_000_000, 0, number), chance)
            await both.read()
            with pytest.raises(NotFound):  # nobody is in it: the model stands for rooms that are there
                await archive.create(both.room, "first", b"\x00\x00")
            await store.execute("HSET", members_key(both.room, 1), "ann", "owner 1")
            await both.create()
            for _ in range(STEPS):
                await chance.choices(
                    [both.append, both.read, both.head, both.compact, both.put_off, both.spoil, both.create],
                    [10, 10, 3, 3, 1, 2, 1],
                )[0]()
        assert await both.archive.editors(both.room) == both.model.people
