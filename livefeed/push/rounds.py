"""Carries what is to be pushed from the store to the courier: nothing is lost when a process dies, and nothing is sent
twice on purpose.

Every entry is one message for one browser. A consumer group hands it to one process; it goes when it is settled, and is
taken up again, each time later, while it is not. Sending and settling are two steps: a process that dies between them
sends it a second time, which the browser shows in the place of the first.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from livefeed.errors import LivefeedError, StoreUnavailable
from livefeed.push.store import SETTLE, line_key
from livefeed.push.verdict import ATTEMPTS, Verdict, wait_ms
from livefeed.streams.connection import Dedicated, Store, StoreRefused, strands
from livefeed.streams.outage import Outage

log = logging.getLogger(__name__)

GROUP: Final = "push"
BLOCK_MS: Final = 1_000
FIRST_WAIT_MS: Final = 30_000
"""Before a message is tried a second time; longer than any attempt takes."""
SWEEP_S: Final = 5.0
SWEPT: Final = 32
AT_ONCE: Final = 64
"""Messages under way in one process."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message to carry: a person's notification, for one browser of theirs. made_ms: since when it waits."""

    id: str
    person: str
    device: str
    notice: str

    @property
    def made_ms(self) -> int:
        return int(self.id.partition("-")[0])


Deliver = Callable[[Entry], Awaitable[Verdict]]


class Rounds:
    """Gives entries of all shards to `deliver`, sharing the work with the same group on other nodes."""

    def __init__(
        self, store: Store, deliver: Deliver, *, shards: int, consumer: str, first_wait_ms: int = FIRST_WAIT_MS
    ) -> None:
        self._store = store
        self._deliver = deliver
        self._names = [line_key(shard) for shard in range(shards)]
        self._consumer = consumer
        self._first_wait_ms = first_wait_ms
        self._sweep_s = min(SWEEP_S, first_wait_ms / 1000)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._outage = Outage(log, "push notifications")

    async def run(self) -> None:
        """Carry until cancelled; reconnect with back-off. On a Cluster, each slot on a connection of its own."""
        async with asyncio.TaskGroup() as tasks:
            for part, names in strands(self._store, self._names):
                tasks.create_task(self._run(part, names))

    async def _run(self, store: Store, names: Sequence[str]) -> None:
        pause_s = 0.05
        while True:
            try:
                async with store.dedicated() as connection, asyncio.TaskGroup() as under_way:
                    await _create_groups(connection, names)
                    self._outage.back(names[0])
                    while True:
                        await self._sweep(connection, names, under_way)
                        until = asyncio.get_running_loop().time() + self._sweep_s
                        while asyncio.get_running_loop().time() < until:
                            await self._read(connection, names, under_way)
                        pause_s = 0.05
            except* LivefeedError as failures:
                self._outage.lost(names[0], _first(failures))
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
            pause_s = min(2 * pause_s, 2.0)

    async def _read(self, connection: Dedicated, names: Sequence[str], under_way: asyncio.TaskGroup) -> None:
        """Take new entries as long as there is a place for them."""
        async with self._places:
            reply = await connection.execute(
                *("XREADGROUP", "GROUP", GROUP, self._consumer, "COUNT", 8, "BLOCK", BLOCK_MS),
                *("STREAMS", *names, *[">"] * len(names)),
                block_s=BLOCK_MS / 1000,
            )
        for name, rows in reply or ():
            for row in rows:
                await self._begin(name.decode(), _parse(row), under_way)

    async def _sweep(self, connection: Dedicated, names: Sequence[str], under_way: asyncio.TaskGroup) -> None:
        """Take up again what was not settled, by us or by a process that is gone, and whose time has come."""
        for name in names:
            rows = await connection.execute("XPENDING", name, GROUP, "IDLE", self._first_wait_ms, "-", "+", SWEPT)
            for id, _, idle_ms, attempts in rows:
                if attempts >= ATTEMPTS:
                    log.info("push notification given up after %d attempts", attempts)
                    await self._settle(name, id.decode())
                elif idle_ms >= (least := wait_ms(attempts, self._first_wait_ms)):
                    # Of two processes that see it, one gets it.
                    for row in await connection.execute("XCLAIM", name, GROUP, self._consumer, least, id):
                        if row and row[1]:
                            await self._begin(name, _parse(row), under_way)

    async def _begin(self, name: str, entry: Entry, under_way: asyncio.TaskGroup) -> None:
        await self._places.acquire()
        under_way.create_task(self._carry(name, entry))

    async def _carry(self, name: str, entry: Entry) -> None:
        """Deliver one entry; whatever goes wrong, it is settled or stays for later."""
        try:
            if await self._deliver(entry) is not Verdict.AGAIN:
                await self._settle(name, entry.id)
        except StoreUnavailable as exc:
            log.debug("push notification %s waits for the store: %s", entry.id, exc.message)
        except Exception:
            # A defect of ours with one entry must not stop the others; after its attempts it goes.
            log.exception("push notification %s failed", entry.id)
        finally:
            self._places.release()

    async def _settle(self, name: str, id: str) -> None:
        await self._store.run(SETTLE, [name], [GROUP, id])


def _parse(row: Sequence[Any]) -> Entry:
    """Return the entry that a raw reply holds; its fields are p, d, n."""
    flat = [each.decode() for each in row[1]]
    fields: Mapping[str, str] = dict(zip(flat[::2], flat[1::2], strict=True))
    return Entry(row[0].decode(), fields["p"], fields["d"], fields["n"])


def _first(failures: BaseExceptionGroup[LivefeedError]) -> LivefeedError:
    found: BaseException = failures
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, LivefeedError)
    return found


async def _create_groups(connection: Dedicated, names: Sequence[str]) -> None:
    for name in names:
        try:
            await connection.execute("XGROUP", "CREATE", name, GROUP, "0", "MKSTREAM")
        except StoreRefused as exc:
            if "BUSYGROUP" not in exc.message:
                raise
