"""Who is in a room, in a real store: what the simulation believes of attend.lua is what it does."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from livefeed.config import Config
from livefeed.people import User
from livefeed.presence.attendance import GRACE_S, LEASE_S, Answer, Question, Seat
from livefeed.presence.store import RosterStore
from livefeed.streams.connection import Argument, RedisStore
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.script import Script
from livefeed.streams.streams import Streams
from tests.simulation.rosters import ModelRoster
from tests.soak import count

TOPIC = "room:here"
NODES = ("a", "b", "c")
BEGAN_MS = 1_700_000_000_000
SEQUENCES, OPERATIONS = count(8, 200), 60


class ClockedStore(RedisStore):
    """A store whose scripts are told the time by the test: no machine is too slow to say when a lease ends."""

    now_ms = BEGAN_MS

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        asked = "call('TIME')"
        assert script.text.count(asked) == 1
        told = Script(script.text.replace(asked, "call('HMGET', 'clock', 's', 'us')"), changes=script.changes)
        await self.execute("HSET", "clock", "s", self.now_ms // 1000, "us", self.now_ms % 1000 * 1000)
        return await super().run(told, keys, args)


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[ClockedStore]:
    async with EmbeddedStore(tmp_path) as embedded, ClockedStore(embedded.url, timeout_s=20) as store:
        yield store


class Both:
    """A real roster and a model of it, told the same things at the same time."""

    def __init__(self, real: ClockedStore, seed: int, people: int) -> None:
        self.chance = random.Random(seed)
        self.real = real
        self.rosters = RosterStore(Streams(real, Config(shards=1)))
        self.model = ModelRoster()
        self.users = [User(f"u{number:02d}", f"user-{number}") for number in range(people)]
        self.known = dict.fromkeys(NODES, 0)
        """The rev that each node knows."""

    async def step(self) -> None:
        self.real.now_ms += self.chance.choice((0, 0, 1, 40, 700, 2_000, self._until_one_ends(), 20_000))
        await self.compare(self.chance.choice(NODES), self._question())

    async def compare(self, node: str, question: Question) -> Answer:
        question = replace(question, rev=self.known[node])
        found = await self.rosters.attend(node, TOPIC, question)
        expected = self.model.attend(node, question, self.real.now_ms)
        assert found == expected
        assert list(found.entries or ()) == list(expected.entries or ()), "in another order"
        self.known[node] = found.rev
        return found

    def _until_one_ends(self) -> int:
        """Return how long it is until somebody's lease ends, or a moment less, ms."""
        ends = [one.ends_ms for one in self.model.people.values() if one.ends_ms > self.real.now_ms]
        return self.chance.choice(ends) - self.real.now_ms - self.chance.choice((0, 1)) if ends else 0

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
        since_ms = self.chance.choice((0, 0, self.real.now_ms - 5_000, self.real.now_ms, self.real.now_ms + 1))
        return Seat(user, self.chance.choice(("editor", "editor", "viewer")), pigment, since_ms)


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_the_script_and_its_model_answer_alike(real: ClockedStore, seed: int) -> None:
    for number in range(SEQUENCES):
        await real.execute("FLUSHALL")
        both = Both(real, seed + number, people=(6, 10, 30)[number % 3])
        for operation in range(OPERATIONS):
            try:
                await both.step()
            except AssertionError as exc:
                raise AssertionError(f"sequence {seed + number}, operation {operation}: {exc}") from exc


async def test_a_roster_shows_a_hundred_and_counts_on(real: ClockedStore) -> None:
    rosters = RosterStore(Streams(real, Config(shards=1)))
    for start in (0, 100, 200):
        seats = tuple(Seat(User(f"u{number:03d}", "u"), "viewer") for number in range(start, start + 100))
        answer = await rosters.attend("a", TOPIC, Question(0, here=seats))
    assert answer.entries is not None
    assert (answer.count, list(answer.entries)) == (300, [f"u{number:03d}" for number in range(100)])


async def test_what_the_store_holds_of_a_room_runs_out_with_its_leases(real: ClockedStore) -> None:
    rosters = RosterStore(Streams(real, Config(shards=1)))
    await rosters.attend("a", TOPIC, Question(0, here=(Seat(User("fox", "fox"), "editor"),)))
    names = await real.execute("KEYS", "*room:here*")
    assert len(names) == 3
    for name in names:
        assert 0 < await real.execute("PTTL", name) <= 1000 * (LEASE_S + 60)


async def test_a_rev_is_never_told_twice_though_the_store_lost_all(real: ClockedStore) -> None:
    rosters = RosterStore(Streams(real, Config(shards=1)))
    seat = Seat(User("fox", "fox"), "editor")
    before = await rosters.attend("a", TOPIC, Question(0, here=(seat,)))
    await real.execute("FLUSHALL")
    real.now_ms += 1
    after = await rosters.attend("a", TOPIC, Question(before.rev, here=(seat,)))
    assert after.rev > before.rev
    assert after.entries is not None


async def test_a_leaver_stays_for_the_grace_and_no_longer(real: ClockedStore) -> None:
    both = Both(real, 0, people=1)
    seat = Seat(both.users[0], "editor")
    await both.compare("a", Question(0, here=(seat,)))
    await both.compare("a", Question(0, leaving=("u00",)))
    real.now_ms += int(1000 * GRACE_S) - 1
    assert (await both.compare("b", Question(0))).count == 1
    real.now_ms += 1
    assert (await both.compare("b", Question(0))).count == 0
