"""What a room's picture starts from, on a real store and folder: drawn when all else is well, and thrown away after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from livefeed import identifiers
from livefeed.composition import Originals, Services, furnish
from livefeed.config import Config
from livefeed.errors import BadRequest, Forbidden, LivefeedError, RateLimited, TooLarge
from livefeed.remixing import Easels
from livefeed.rooms.canvas import Canvas, Size
from livefeed.rooms.hands import Hands, draw
from livefeed.rooms.ports import Permit, Wish
from livefeed.rooms.strokes import Kind, Stroke
from tests.integration.test_generation_studio import open_store

ROOM = identifiers.make(1_795_000_000_000, 3, 1)
GRANTED = Permit(3, "local function refused() end", [], [])
DENIED = Permit(3, "local function refused() return refuse('forbidden', 'Not you.') end", [], [])
PAINTED = Stroke(Kind.BRUSH, (200, 30, 30), 1500, ((10_000, 8_000, 255), (55_000, 8_000, 255))).packed
MASKED = Stroke(Kind.MASK, (0, 0, 0), 4000, ((20_000, 40_000, 255), (32_000, 45_000, 255))).packed


@dataclass
class Bench:
    """Easels with one person before them. drawn: how often something was drawn; most: how often at a time."""

    services: Services
    originals: Originals
    author: dict[str, Any]
    folder: Path
    drawn: int = 0
    most: int = 0
    refusal: LivefeedError | None = None
    _now: list[None] = field(default_factory=list)

    def __post_init__(self) -> None:
        services = self.services
        self.easels = Easels(services.generations, self.originals, services.drafts, Hands(self.draw))

    async def begin(self, *, permit: Permit = GRANTED, key: str | None = None, prompt: str = "a fox") -> str:
        wish = Wish(prompt=prompt, strokes=[PAINTED, MASKED], parent=None, width=256, height=256)
        return await self.easels.begin(self.author, ROOM, wish, permit=permit, key=key)

    def kept(self) -> int:
        return len([file for file in self.folder.rglob("*") if file.is_file()])

    async def draw(self, parent: bytes | None, size: Size, strokes: Sequence[bytes]) -> tuple[Canvas, float]:
        if self.refusal is not None:
            raise self.refusal
        self.drawn += 1
        self._now.append(None)
        self.most = max(self.most, len(self._now))
        try:
            return await draw(parent, size, strokes)
        finally:
            self._now.pop()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_store(tmp_path) as (store, url):
        config = Config(redis_url=url, data=tmp_path / "data", generations_per_user=2)
        async with furnish(config, store) as services:
            originals = Originals(services.posts, services.pictures, services.drafts)
            guest = await services.identity.create_guest("127.0.0.1")
            drafts = tmp_path / "data" / "media" / "drafts"
            found = Bench(services, originals, dict(guest.user.as_dict()), drafts)
            yield found


async def test_what_is_refused_costs_no_drawing(bench: Bench) -> None:
    with pytest.raises(BadRequest):
        await bench.begin(prompt="x" * 2_001)
    with pytest.raises(BadRequest):
        await bench.begin(prompt=" ")
    assert (bench.drawn, bench.kept()) == (0, 0)
    for _ in range(2):
        await bench.begin()
    with pytest.raises(RateLimited) as refused:
        await bench.begin()
    assert refused.value.code == "own_limit"
    assert (bench.drawn, bench.kept()) == (2, 4)


async def test_what_was_drawn_for_nothing_is_thrown_away_and_its_place_in_line_given_back(bench: Bench) -> None:
    for _ in range(3):  # more often than anybody has places
        with pytest.raises(Forbidden):
            await bench.begin(permit=DENIED)
    assert (bench.drawn, bench.kept()) == (3, 0)


async def test_a_drawing_that_cannot_be_made_costs_no_place_in_line(bench: Bench) -> None:
    bench.refusal = TooLarge("The drawing has too many long or wide strokes; clear a part of it.")
    for _ in range(3):
        with pytest.raises(TooLarge):
            await bench.begin()


async def test_each_picture_has_its_own_drawings_which_go_when_it_is_over(bench: Bench) -> None:
    """Though both are the same, byte for byte: who is still to be painted keeps theirs."""
    first, second = await bench.begin(), await bench.begin()
    one, other = await bench.easels.painting(first), await bench.easels.painting(second)
    assert one is not None
    assert other is not None
    assert len({*one.drawings, *other.drawings}) == 4
    for _ in range(2):
        await bench.easels.clear(one)
    assert bench.kept() == 2
    for name in other.drawings:
        assert await bench.services.drafts.read(name)


async def test_the_same_key_again_is_the_same_picture(bench: Bench) -> None:
    begun = await bench.begin(key="k")
    author = bench.author["id"]
    assert await bench.easels.begun(author, "k", shard=GRANTED.shard) == begun
    assert await bench.begin(key="k") == begun
    assert await bench.easels.begun(author, "other", shard=GRANTED.shard) is None
    assert identifiers.shard_of(begun) == GRANTED.shard
    assert bench.kept() == 2


async def test_a_room_draws_one_thing_at_a_time(bench: Bench) -> None:
    await asyncio.gather(*[bench.begin() for _ in range(2)])
    assert (bench.drawn, bench.most) == (2, 1)
