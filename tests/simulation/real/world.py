"""One seeded run of real processes: what happens to them, and the judgement once nothing happens any more."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from livefeed.position import Position
from livefeed.streams.entry import StoredEvent, StoredValue
from livefeed.topic import Topic
from tests.integration.server_process import ServerProcess
from tests.simulation.client import Violation
from tests.simulation.real.publisher import KEY, Publisher
from tests.simulation.real.reader import Reader
from tests.simulation.real.store import StoreProcess

SHARDS = 4
TOPICS = [Topic(f"app:world:t{number}") for number in range(5)]
READERS, PUBLISHERS, FAULTS = 6, 3, 20
QUIET_S = 60.0
SETTINGS = {
    "shards": SHARDS,
    "tail_events": 6,
    "page_events": 8,
    "heartbeat_s": 1.0,
    "write_timeout_s": 1.0,
    "drain_s": 0.3,
    "api_keys": f"{KEY}=app:world",
    "commands_per_s": 10_000,
    "session_frames_per_s": 10_000,
}
"""Small bounds: readers fall behind the tail and page."""
ROOMY = 10_000
SHARD_EVENTS = (4, 40, ROOMY)
"""The fewer, the more often the follower is overrun, and positions leave their shard's stream."""
LOSSLESS = 1 / 3
"""How many worlds lose nothing."""


Events = list[tuple[Position, int]]
Values = dict[str, tuple[Position, int]]
"""What clients are told, by the numbers in the data."""


class RealWorld:
    """A store, two servers, readers and publishers in the folder `place`.

    Some worlds lose nothing. Where no position leaves its shard's stream either (`ROOMY`), needless gaps are judged:
    until the first loss, and again once everybody has been told of the last one.
    """

    def __init__(self, seed: int, place: Path) -> None:
        self.seed = seed
        self.struck: Counter[str] = Counter()
        self.losses = 0
        self._told_losses = 0
        """Of how many of them everybody knows."""
        self._chance = random.Random(seed)
        self._lossless = self._chance.random() < LOSSLESS
        shard_events = ROOMY if self._lossless else self._chance.choice(SHARD_EVENTS)
        self._roomy = shard_events == ROOMY
        self._store = StoreProcess(place / "store")
        self._copy = place / "copy"
        settings = {**SETTINGS, "shard_events": shard_events, "redis_url": self._store.place.url}
        self._servers = [ServerProcess(place / name / "data", **settings) for name in ("a", "b")]
        self._readers = [
            Reader(f"reader {number}", self._derived(), TOPICS, self._urls, self.struck, self._is_calm)
            for number in range(READERS)
        ]
        self._publishers = [
            Publisher(str(number), self._derived(), TOPICS, self._urls, lambda: self.losses, self.struck)
            for number in range(PUBLISHERS)
        ]

    def _derived(self) -> random.Random:
        return random.Random(self._chance.getrandbits(64))

    def _urls(self) -> list[str]:
        return [server.url for server in self._servers]

    def _is_calm(self) -> bool:
        return self._roomy and self.losses == self._told_losses

    async def run(self) -> Counter[str]:
        """Let it all happen, and judge. Raises: Violation, or whatever a reader or publisher found."""
        await self._store.start()
        try:
            if self._roomy:
                await self._store.begin(SHARDS)
            await asyncio.gather(*[asyncio.to_thread(server.start) for server in self._servers])
            self._store.back_up(self._copy)
            async with asyncio.TaskGroup() as group:
                reading = [group.create_task(reader.run()) for reader in self._readers]
                saying = [group.create_task(publisher.run()) for publisher in self._publishers]
                await self._suffer()
                for publisher in self._publishers:
                    publisher.stopping = True
                await asyncio.wait(saying)
                if self._chance.random() < 0.5:
                    await self._become_calm()
                self._judge_commands(await self._held())
                losing = () if self._lossless else (self._lose_tail, self._restore)
                await self._strike(self._chance.choice((self._kill_store, *losing)))
                await self._settle()
                for task in reading:
                    task.cancel()
            log = await self._held()
            self._judge_commands(log)
            self.struck["events"] += sum(len(events) for events, _ in log.values())
            self.struck["lossless_world"] += self._lossless
            for server in self._servers:
                said = server.data.with_name(server.data.name + ".err").read_text("utf-8", "replace")
                if "Traceback" in said:
                    raise Violation(f"a server had a defect:\n{said[-4000:]}")
        finally:
            for server in self._servers:
                await asyncio.to_thread(server.stop)
            await self._store.stop()
        return self.struck

    # What happens.

    async def _suffer(self) -> None:
        kinds: dict[Callable[[], Awaitable[None]], float] = {
            self._kill_store: 2,
            self._stop_store: 2,
            self._lose_tail: 1.5,
            self._restore: 0.7,
            self._back_up: 1,
            self._kill_server: 1,
            self._drain_server: 0.7,
            self._stop_server: 2,
            self._kill_both: 0.3,
            self._drop_reader: 4,
            self._freeze_reader: 5,
            self._subscribe_again: 4,
        }
        if self._lossless:
            kinds = {fault: weight for fault, weight in kinds.items() if fault not in (self._lose_tail, self._restore)}
        for fault in self._chance.choices(list(kinds), list(kinds.values()), k=FAULTS):
            await asyncio.sleep(self._chance.uniform(0, 0.25))
            await self._strike(fault)

    async def _strike(self, fault: Callable[[], Awaitable[None]]) -> None:
        await fault()
        self.struck[fault.__name__.removeprefix("_")] += 1

    async def _kill_store(self) -> None:
        await self._store.kill()
        await self._store.start()

    async def _stop_store(self) -> None:
        self._store.signal(signal.SIGSTOP)
        await asyncio.sleep(self._chance.uniform(0.1, 1.0))
        self._store.signal(signal.SIGCONT)

    async def _lose_tail(self) -> None:
        """The machine of the store loses its power: the end of its log never reached the disk."""
        await self._store.kill()
        self.losses += 1
        self._store.cut_log(self._chance.choice((100, 2_000, 50_000)))
        await self._store.start()

    async def _back_up(self) -> None:
        self._store.signal(signal.SIGSTOP)
        self._store.back_up(self._copy)
        self._store.signal(signal.SIGCONT)

    async def _restore(self) -> None:
        await self._store.kill()
        self.losses += 1
        self._store.restore(self._copy)
        await self._store.start()

    async def _kill_server(self) -> None:
        server = self._chance.choice(self._servers)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)

    async def _kill_both(self) -> None:
        """A server and the store at once."""
        server = self._chance.choice(self._servers)
        await asyncio.to_thread(server.kill)
        await self._kill_store()
        await asyncio.to_thread(server.start)

    async def _drain_server(self) -> None:
        server = self._chance.choice(self._servers)
        server.terminate()
        code = await asyncio.to_thread(server.wait)
        assert code == 0, f"a drained server ended with {code}"
        await asyncio.to_thread(server.start)

    async def _stop_server(self) -> None:
        server = self._chance.choice(self._servers)
        server.signal(signal.SIGSTOP)
        await asyncio.sleep(self._chance.uniform(0.1, 1.0))
        server.signal(signal.SIGCONT)

    async def _drop_reader(self) -> None:
        self._chance.choice(self._readers).drop()

    async def _freeze_reader(self) -> None:
        """A client reads nothing for a while, or until the end."""
        reader = self._chance.choice(self._readers)
        if reader.running.is_set():
            reader.running.clear()
        else:
            reader.running.set()

    async def _subscribe_again(self) -> None:
        await self._chance.choice(self._readers).subscribe_again(leave=self._chance.random() < 0.5)

    # The judgement.

    async def _become_calm(self) -> None:
        """Wait until everybody knows of every loss: whoever has an event of after it has it from a node that knew."""
        await self._publishers[0].say_to_all()
        await self._settle()
        self._told_losses = self.losses

    async def _settle(self) -> None:
        """Wait until every reader knows what the store has, and what it has not; nothing more is published.

        Raises: Violation.
        """
        for reader in self._readers:
            reader.running.set()
        log = {name: _read(events, values) for name, (events, values) in (await self._held()).items()}
        deadline = time.monotonic() + QUIET_S
        while wrong := self._first_wrong(log):
            if time.monotonic() > deadline:
                raise Violation(f"{QUIET_S:g} s after the last event: {wrong}")
            await asyncio.sleep(0.05)

    async def _held(self) -> dict[str, tuple[list[StoredEvent], list[StoredValue]]]:
        return await self._store.read(TOPICS, SHARDS)

    def _first_wrong(self, log: Mapping[str, tuple[Events, Values]]) -> str | None:
        """Return what the first reader that does not know everything has, and what it should have."""
        for reader in self._readers:
            for name, reading in reader.readings.items():
                where = f"{reader.name} on {name}"
                if not reading.answered or reading.gap_due or reading.base is None:
                    return f"{where} waits"
                events, newest = log[name]
                expected = [(id, number) for id, number in events if id > reading.base]
                if reading.events != expected:
                    return f"{where} knows {reading.events[-5:]}, not {expected[-5:]}, since {reading.base}"
                if reading.values != newest:
                    return f"{where} holds {reading.values}, not {newest}"
        return None

    def _judge_commands(self, log: Mapping[str, tuple[list[StoredEvent], list[StoredValue]]]) -> None:
        """Every command has one effect; one that was acknowledged after the last loss has it."""
        found = Counter(json.loads(event.data)["n"] for events, _ in log.values() for event in events)
        twice = [number for number, count in found.items() if count > 1]
        if twice:
            raise Violation(f"these took effect twice: {twice}")
        for command in (command for publisher in self._publishers for command in publisher.commands):
            missing = [number for number in command.kept if number not in found]
            if missing and command.losses == self.losses:
                raise Violation(f"{command.key} was acknowledged, and {missing} is not in the log")


def _read(events: Sequence[StoredEvent], values: Sequence[StoredValue]) -> tuple[Events, Values]:
    return (
        [(event.id, json.loads(event.data)["n"]) for event in events],
        {value.key: (value.rev, json.loads(value.data)["n"]) for value in values},
    )
