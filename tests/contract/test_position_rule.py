"""One store, two implementations: what the simulation believes of the store, the real scripts do.

Random commands and questions go to both; every id, page and reply must be the same, down to the life times.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from livefeed.config import Config
from livefeed.errors import KeyReused
from livefeed.position import ZERO, Position
from livefeed.streams import keys
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.entry import LATEST_KEYS
from livefeed.streams.streams import Once, Streams
from tests.simulation.store import DAY_MS, Append, Limits, ModelStore, draw
from tests.simulation.world import SHARDS, TOPICS

LIMITS = Limits(shard_events=6, topic_events=12, topic_idle_ms=2 * DAY_MS, latest_keys=LATEST_KEYS)
SEQUENCES, OPERATIONS = 12, 60
HERE = TOPICS[0]


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[RedisStore]:
    async with EmbeddedStore(tmp_path) as embedded, RedisStore(embedded.url, timeout_s=20) as store:
        # One entry per node of a stream: approximate trimming is then exact, as the model's without slack.
        await store.execute("CONFIG", "SET", "stream-node-max-entries", 1)
        yield store


@dataclass
class Both:
    """A real store and a model of it, asked the same things."""

    real: RedisStore
    seed: int
    limits: Limits = LIMITS
    ids: list[Position] = field(default_factory=lambda: [ZERO])

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.model = ModelStore(shards=SHARDS, limits=self.limits)
        config = Config(
            shards=SHARDS,
            shard_events=self.limits.shard_events,
            topic_events=self.limits.topic_events,
            topic_idle_s=self.limits.topic_idle_ms // 1000,
        )
        self._drawn = random.Random(self.seed)
        self.streams = Streams(self.real, config, chance=random.Random(self.seed))

    async def append(self, appends: Sequence[Append], key: str | None = None, fingerprint: str = "") -> None:
        """Append on both; the model's clock is what the real store's id says."""
        once = Once("me", key, fingerprint) if key else None
        drawn = draw(self._drawn)
        events = [(item.type, orjson.loads(item.data), item.key) for item in appends]
        try:
            found = await self.streams.append(appends[0].topic, events, once=once)
        except KeyReused:
            with pytest.raises(KeyReused):
                self.model.append(appends, **drawn, once=(key or "", fingerprint))
            return
        self.model.time_ms = max(self.model.time_ms, found[0].ms)
        assert found == list(self.model.append(appends, **drawn, once=(key, fingerprint) if key else None))
        self.ids += found

    async def compare_page(self, **asked: Any) -> None:
        """Ask both for a page."""
        topic = asked.pop("topic")
        found = await self.streams.page(topic, **asked)
        assert found == self.model.page(topic, **asked)

    async def compare_command(self, *command: Any) -> None:
        """Ask both what the follower asks."""
        assert await self.real.execute(*command) == self.model.execute(*command)

    async def compare_life_times(self) -> None:
        for topic in TOPICS:
            shard = topic.shard(SHARDS)
            for name, held in (
                (keys.stream(shard, topic), self.model.state.streams),
                (keys.latest(shard, topic), self.model.state.latest),
            ):
                expires_ms = held[topic.name].expires_ms if topic.name in held else -2
                assert await self.real.execute("PEXPIRETIME", name) == expires_ms
        assert await self.real.execute("PTTL", keys.fan(0)) in (-1, -2)

    # One random thing.

    async def step(self) -> None:
        act = self.chance.choices(
            (self._append, self._repeat, self._page, self._follow, self._forget), (10, 1, 12, 6, 0.5)
        )[0]
        await act()

    def _events(self) -> list[Append]:
        topic, chance = self.chance.choice(TOPICS), self.chance
        return [
            Append(topic, "said", b'{"n":%d}' % chance.randrange(9), chance.choice((None, None, "k1", "k2", "k3")))
            for _ in range(chance.choice((1, 1, 2, 5)))
        ]

    async def _append(self) -> None:
        await self.append(self._events())

    async def _repeat(self) -> None:
        events = self._events()
        await self.append(events, "key", events[0].topic.name)

    async def _page(self) -> None:
        chance, made_up = self.chance, Position(self.chance.choice(self.ids).ms, 5)
        since = chance.choice((None, chance.choice(self.ids), chance.choice(self.ids[-8:]), made_up))
        await self.compare_page(
            topic=chance.choice(TOPICS),
            cut=chance.choice((*self.ids[-8:], made_up)),
            since=since,
            replay=chance.choice((0, 1, 5)),
            limit=chance.choice((1, 3, 50)),
            values=chance.random() < 0.5,
        )

    async def _follow(self) -> None:
        chance, names = self.chance, [keys.fan(shard) for shard in range(SHARDS)]
        id = str(chance.choice(self.ids))
        await self.compare_command("EXISTS", names[1])
        if id != str(ZERO):  # the follower never asks for the entry of no entry
            await self.compare_command("XRANGE", names[0], id, id)
        await self.compare_command("XREVRANGE", names[0], "+", "-", "COUNT", 1)
        cursors = [str(chance.choice(self.ids)) for _ in names]
        await self.compare_command("XREAD", "COUNT", chance.choice((1, 50)), "BLOCK", 1, "STREAMS", *names, *cursors)

    async def _forget(self) -> None:
        """A topic outlives its time."""
        topic = self.chance.choice(TOPICS)
        shard = topic.shard(SHARDS)
        await self.real.execute("DEL", keys.stream(shard, topic), keys.latest(shard, topic))
        await self.real.execute("DEL", keys.latest_order(shard, topic))
        self.model.state.streams.pop(topic.name, None)
        self.model.state.latest.pop(topic.name, None)


async def test_the_model_store_answers_as_the_real_one(real: RedisStore, seed: int) -> None:
    for number in range(SEQUENCES):
        print(f"sequence seed {seed + number}")
        await real.execute("FLUSHALL")
        both = Both(real, seed + number)
        for _ in range(OPERATIONS):
            await both.step()
        await both.compare_life_times()


async def test_ids_rise_although_the_clock_steps_back(real: RedisStore) -> None:
    """The shard's newest entry is from a time that the store's clock has not reached."""
    both = Both(real, 1)
    await _put(both, ms_from_now=3_600_000)
    await both.append([Append(HERE, "said", b"{}"), Append(HERE, "said", b"{}", "k")])
    ahead, first, second = both.ids[-3:]
    assert ahead < first < second
    assert ahead.ms == first.ms == second.ms
    await both.compare_life_times()


async def test_a_millisecond_with_no_numbers_left_gives_way_to_the_next(real: RedisStore) -> None:
    """Ids stay within what a double holds exactly, as Lua counts."""
    both = Both(real, 1)
    await _put(both, ms_from_now=3_600_000, n=9_007_199_254_740_000)
    found = await both.streams.append(HERE, [("said", {}, None)])
    assert found[0].ms == both.ids[-1].ms + 1
    assert found[0].n < 1 << 41


@pytest.mark.parametrize(("age_ms", "good"), [(DAY_MS - 60_000, True), (DAY_MS + 60_000, False)])
async def test_the_shard_proves_a_position_for_a_day(real: RedisStore, age_ms: int, good: bool) -> None:
    both = Both(real, 1)
    await _put(both, ms_from_now=-age_ms)
    page = await both.streams.page(HERE, cut=both.ids[-1], since=both.ids[-1])
    assert page.good is good
    time = await real.execute("TIME")
    both.model.time_ms = int(time[0]) * 1000
    assert both.model.page(HERE, cut=both.ids[-1], since=both.ids[-1]).good is good


async def test_the_newest_values_are_those_of_the_last_changed_keys(real: RedisStore) -> None:
    """Also within one millisecond, where time says nothing about who was last."""
    both = Both(real, 1)
    await both.append([Append(HERE, "v", b"{}", f"k{number}") for number in range(300, 0, -1)])
    await both.append([Append(HERE, "v", b'{"n":2}', "k256"), Append(HERE, "v", b"{}", "a new key")])
    await both.compare_page(topic=HERE, cut=both.ids[-1], values=True)
    page = await both.streams.page(HERE, cut=both.ids[-1], values=True)
    assert page.values is not None
    assert len(page.values) == LATEST_KEYS
    assert [value.key for value in page.values][-2:] == ["k256", "a new key"]


async def test_a_topic_keeps_what_its_shard_has_long_trimmed(real: RedisStore) -> None:
    """A position outside the shard's stream is good while it is in the topic's, and nothing after it is missing."""
    both = Both(real, 1)
    for _ in range(12):
        await both.append([Append(HERE, "said", b"{}")])
    first, last = both.ids[1], both.ids[-1]
    page = await both.streams.page(HERE, cut=last, since=first)
    assert page.good
    assert [event.id for event in page.events] == both.ids[2:]
    assert await real.execute("XLEN", keys.fan(0)) == LIMITS.shard_events
    await both.append([Append(HERE, "said", b"{}")])
    assert not (await both.streams.page(HERE, cut=both.ids[-1], since=first)).good


async def _put(both: Both, *, ms_from_now: int, n: int = 7) -> None:
    """Write one entry of another time into both, past the script."""
    seconds, _ = await both.real.execute("TIME")
    id = Position(int(seconds) * 1000 + ms_from_now, n)
    event = Append(HERE, "said", b"{}")
    name, fields = keys.fan(0), ("p", "0-0", "t", HERE.name, "k", event.type, "d", event.data)
    await both.real.execute("XADD", name, str(id), *fields)
    both.model.time_ms = id.ms
    both.model.append([event], chance=n, step=1)
    both.model.state.streams.clear()
    both.ids.append(id)
