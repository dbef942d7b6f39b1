"""Who is in a room, in a real store: what the simulation believes of attend.lua is what it does."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from livefeed.config import Config
from livefeed.people import User
from livefeed.presence.attendance import GRACE_S, LEASE_S, Answer, Question, Seat
from livefeed.presence.store import RosterStore
from livefeed.streams import keys
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.streams import Streams
from tests.simulation.rosters import ModelRoster
from tests.soak import count

TOPIC = "room:here"
NODES = ("a", "b", "c")
AGED_MS = 700
"""Time passes in such steps: no number of them ends near a lease or the grace, where store and model might differ."""
SEQUENCES, OPERATIONS = count(8, 200), 60


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[RedisStore]:
    async with EmbeddedStore(tmp_path) as embedded, RedisStore(embedded.url, timeout_s=20) as store:
        yield store


class Both:
    """A real roster and a model of it, told the same things."""

    def __init__(self, real: RedisStore, seed: int, people: int) -> None:
        self.chance = random.Random(seed)
        self.real = real
        self.rosters = RosterStore(Streams(real, Config(shards=1)))
        self.model = ModelRoster()
        self.users = [User(f"u{number:02d}", f"user-{number}") for number in range(people)]
        self.known = dict.fromkeys(NODES, (0, 0))
        """The revs that each node knows, of the real roster and of the model."""
        self.aged_ms = 0

    async def step(self) -> None:
        if self.chance.random() < 0.3:
            await self.age(self.chance.choice((1, 2, 5, 12, 30)))
        node = self.chance.choice(NODES)
        await self.compare(node, self._question())

    async def compare(self, node: str, question: Question) -> Answer:
        """Tell and ask both the same; the model's clock is the store's."""
        real_rev, model_rev = self.known[node]
        seconds, micros = await self.real.execute("TIME")
        now_ms = int(seconds) * 1000 + int(micros) // 1000 + self.aged_ms
        # Seats carry what is known of the real roster's times; ages are the test's own.
        found = await self.rosters.attend(node, TOPIC, _with(question, rev=real_rev))
        expected = self.model.attend(node, _with(question, rev=model_rev), now_ms)
        assert (found.changed, found.count) == (expected.changed, expected.count)
        assert (found.ends_s is None) == (expected.ends_s is None)
        if found.ends_s is not None and expected.ends_s is not None:
            assert abs(found.ends_s - expected.ends_s) < 0.3
        assert (found.entries is None) == (expected.entries is None)
        if found.entries is not None and expected.entries is not None:
            shown = {user: (entry.user, entry.role, entry.pigment) for user, entry in found.entries.items()}
            assert shown == {user: (one.user, one.role, one.pigment) for user, one in expected.entries.items()}
            assert list(found.entries) == list(expected.entries)
        self.known[node] = found.rev, expected.rev
        await asyncio.sleep(0.002)  # no two come in the same millisecond: they would be ordered by their ids
        return found

    async def age(self, steps: int) -> None:
        """Let time pass in the store: every lease ends so much sooner."""
        passed_ms = steps * AGED_MS
        self.aged_ms += passed_ms
        who, ends = (f"{keys.tag(0)}{name}:{TOPIC}" for name in ("here", "here-ends"))
        for person in await self.real.execute("HKEYS", who):
            if not person:
                continue
            record: dict[str, Any] = orjson.loads(await self.real.execute("HGET", who, person))
            record["l"] = {node: end - passed_ms for node, end in dict(record["l"]).items()}
            await self.real.execute("HSET", who, person, orjson.dumps(record))
            await self.real.execute("ZINCRBY", ends, -passed_ms, person)

    def _question(self) -> Question:
        here = tuple(self._seat(user) for user in self._some(3))
        busy = {seat.user.id for seat in here}
        others = [user.id for user in self._some(4) if user.id not in busy]
        leaving, withdrawn, banned = others[:2], others[2:3], others[3:] if self.chance.random() < 0.3 else []
        return Question(0, here, tuple(leaving), tuple(withdrawn), tuple(banned))

    def _some(self, most: int) -> list[User]:
        return self.chance.sample(self.users, self.chance.randrange(most + 1))

    def _seat(self, user: User) -> Seat:
        pigment = self.chance.choice((None, None, self.chance.randrange(8)))
        return Seat(user, self.chance.choice(("editor", "editor", "viewer")), pigment)


def _with(question: Question, *, rev: int) -> Question:
    return Question(rev, question.here, question.leaving, question.withdrawn, question.banned)


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_the_script_and_its_model_answer_alike(real: RedisStore, seed: int) -> None:
    for number in range(SEQUENCES):
        await real.execute("FLUSHALL")
        both = Both(real, seed + number, people=(6, 10, 30)[number % 3])
        for operation in range(OPERATIONS):
            try:
                await both.step()
            except AssertionError as exc:
                raise AssertionError(f"sequence {seed + number}, operation {operation}: {exc}") from exc


async def test_a_roster_shows_a_hundred_and_counts_on(real: RedisStore) -> None:
    rosters = RosterStore(Streams(real, Config(shards=1)))
    for start in (0, 100, 200):
        seats = tuple(Seat(User(f"u{number:03d}", "u"), "viewer") for number in range(start, start + 100))
        answer = await rosters.attend("a", TOPIC, Question(0, here=seats))
    assert answer.entries is not None
    assert (answer.count, list(answer.entries)) == (300, [f"u{number:03d}" for number in range(100)])


async def test_what_the_store_holds_of_a_room_runs_out_with_its_leases(real: RedisStore) -> None:
    rosters = RosterStore(Streams(real, Config(shards=1)))
    await rosters.attend("a", TOPIC, Question(0, here=(Seat(User("fox", "fox"), "editor"),)))
    names = await real.execute("KEYS", "*room:here*")
    assert len(names) == 3
    for name in names:
        assert 0 < await real.execute("PTTL", name) <= 1000 * (LEASE_S + 60)


async def test_a_rev_is_never_told_twice_though_the_store_lost_all(real: RedisStore) -> None:
    rosters = RosterStore(Streams(real, Config(shards=1)))
    seat = Seat(User("fox", "fox"), "editor")
    before = await rosters.attend("a", TOPIC, Question(0, here=(seat,)))
    await real.execute("FLUSHALL")
    await asyncio.sleep(0.002)
    after = await rosters.attend("a", TOPIC, Question(before.rev, here=(seat,)))
    assert after.rev > before.rev
    assert after.entries is not None


async def test_a_leaver_stays_for_the_grace_and_no_longer(real: RedisStore) -> None:
    both = Both(real, 0, people=1)
    seat = Seat(both.users[0], "editor")
    await both.compare("a", Question(0, here=(seat,)))
    await both.compare("a", Question(0, leaving=("u00",)))
    await both.age(int(1000 * GRACE_S / AGED_MS))
    assert (await both.compare("b", Question(0))).count == 1
    await both.age(1)
    assert (await both.compare("b", Question(0))).count == 0
