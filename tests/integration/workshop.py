"""Worker processes that nobody supervises but the test, known to it by name: killed, stopped, replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import orjson

from livefeed.config import Config
from livefeed.streams.connection import RedisStore, StoreRefused
from livefeed.streams.work import GROUP, LOST_SHARE, RENEW_SHARE, SLOT, Work
from livefeed.streams.work_slot import TICKETS
from tests.integration.leavings import left_behind
from tests.integration.server_process import ROOT, ServerProcess, environment


class Hand:
    """One worker process, as an operator starts it on another machine. log: what it has said."""

    def __init__(self, server: ServerProcess, name: str, **settings: object) -> None:
        self.name = name
        self.log = server.data.with_name(f"{name}.err")
        embedded = {"redis_url": f"unix://{server.data / 'store.sock'}"}
        told = {**embedded, **server.settings, **settings, "data": server.data, "worker_name": name}
        with self.log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "livefeed.cli", "worker"],
                cwd=ROOT,
                env=environment(**told),
                stdin=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self._process.kill()
        self._process.wait()

    def said(self, *words: str) -> bool:
        """Tell whether one line of its log has all these words."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return any(all(word in line for word in words) for line in lines)


class Workshop:
    """The hands of a test on a server's embedded store.

    deaths: by job, the claims on it whose workers died, or stood still for longer than a lease, while they held it.
    """

    def __init__(self, server: ServerProcess, store: RedisStore) -> None:
        self.store = store
        self.hands: list[Hand] = []
        self.deaths: defaultdict[str, set[int]] = defaultdict(set)
        config = Config()
        lease_s = float(str(server.settings.get("lease_s", config.lease_s)))
        self.work = Work(
            store, lease_s=lease_s, per_person=config.generations_per_user, in_all=config.generations_queued
        )
        self.forgiven_s = (LOST_SHARE - RENEW_SHARE) * lease_s
        """How long the store may be away before those who live may be taken for dead."""
        self._server = server
        self._numbers = count(1)

    @classmethod
    @asynccontextmanager
    async def of(cls, server: ServerProcess, hands: int) -> AsyncIterator[Workshop]:
        """Have so many workers while the block lasts; whoever is left at the end is killed."""
        async with RedisStore(f"unix://{server.data / 'store.sock'}", timeout_s=60) as store:
            shop = cls(server, store)
            try:
                for _ in range(hands):
                    shop.hire()
                yield shop
            finally:
                for hand in shop.hands:
                    hand.kill()

    def hire(self, **settings: object) -> Hand:
        """Start one more worker."""
        hand = Hand(self._server, f"hand-{next(self._numbers)}", **settings)
        self.hands.append(hand)
        return hand

    def mourn(self, held: Mapping[str, int]) -> None:
        """Note that whoever had these claims is dead, or may be taken for dead."""
        for job, token in held.items():
            self.deaths[job].add(token)

    async def lose(self, hand: Hand, *, noticed: bool) -> dict[str, int]:
        """Kill a worker and hire another; return the claims that it had.

        noticed: somebody learns of the death and gives its jobs back at once, as a server does for its own workers;
        else they are left to the lease.
        """
        await asyncio.to_thread(hand.kill)
        self.hands.remove(hand)
        held = await self.held_by(hand.name)
        self.mourn(held)
        if noticed:
            await self.work.abandon(hand.name, crashed=True)
        self.hire()
        return held

    async def held_by(self, name: str) -> dict[str, int]:
        """Return the jobs that a worker has claimed, with the tokens of its claims."""
        held = {}
        for consumer in await self.consumers():
            if consumer.startswith(name + "."):
                pending = await self.store.execute("XPENDING", TICKETS, GROUP, "-", "+", 100, consumer)
                for ticket, *_ in pending:
                    job = await self.store.execute("HGET", f"{SLOT}jobs", f"ticket {ticket.decode()}")
                    record = await self.store.execute("HGET", f"{SLOT}jobs", job) if job else None
                    token = orjson.loads(record)["token"] if record else 0
                    if token:  # else it is about to be claimed, or was given back
                        held[job.decode()] = token
        return held

    async def consumers(self) -> list[str]:
        """Return the names under which workers receive jobs."""
        try:
            raw = await self.store.execute("XINFO", "CONSUMERS", TICKETS, GROUP)
        except StoreRefused:
            return []  # no worker was ever here
        return [dict(zip(item[::2], item[1::2], strict=True))[b"name"].decode() for item in raw]

    async def all_held(self) -> dict[str, int]:
        """Return the jobs that somebody has claimed, with the tokens."""
        names = {consumer.rpartition(".")[0] for consumer in await self.consumers()}
        return {job: token for name in names for job, token in (await self.held_by(name)).items()}

    async def left_behind(self) -> dict[str, int]:
        """Return what of jobs is still in the queue's slot: nothing, once all have ended."""
        return await left_behind(self.store)


def half_written(folder: Path) -> list[Path]:
    """Return the files of a picture folder that are no picture: what somebody who died was writing."""
    return [path for path in folder.rglob(".*") if path.is_file()]
