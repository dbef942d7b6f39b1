"""Work shared between processes: a fair queue with reservations, leases and fencing tokens, in its own slot.

It knows jobs by id and people by name, nothing else. A job is given to one worker at a time through a
consumer group; the worker must renew its lease, and every claim carries a token higher than all before it.
XCLAIM and XACK by a stale owner succeed in the store, so renewing, giving back and finishing compare the
token in the script; what the worker writes elsewhere is fenced by the same token there.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from livefeed.errors import Busy, RateLimited
from livefeed.streams.connection import Argument, Dedicated, Store, StoreRefused, strands
from livefeed.streams.script import Script, source

SLOT = "lf:{queue}:"
GROUP = "workers"
HOLD_S = 60.0
"""How long a reserved place waits for its job to arrive through the outbox."""
RENEW_SHARE = 0.1
"""A holder renews this often, as a share of the lease."""
LOST_SHARE = 0.4
"""A job that was not renewed for this share of the lease is taken over: three renewals have failed by then. The rest of
the lease is for doing the work again, so that whoever waits for it waits little longer than a lease."""
IDLE_CONSUMER_MS = 3_600_000
TOLD_PLACES = 50
PLACES_GAP_MS = 1_000
_COMMON = source(__package__, "work")


def _script(name: str) -> Script:
    return Script(f"{_COMMON}\n{source(__package__, name)}")


_RESERVE = _script("work_reserve")
_RELEASE = _script("work_release")
_ENQUEUE = _script("work_enqueue")
_CLAIM = _script("work_claim")
_RENEW = _script("work_renew")
_RETURN = _script("work_return")
_FORGET = _script("work_forget")
_ABANDON = _script("work_abandon")
_MOVED = _script("work_moved")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out a job, as long as the lease is renewed.

    token: rises with every claim of any job. attempt: 1 for the first worker that had the job.
    """

    job: str
    who: str
    token: int
    attempt: int
    consumer: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting job stands: 1 is next. `eta_s` until it is done, if recent jobs allow a guess."""

    job: str
    place: int
    eta_s: int | None


class Work:
    """The queue. Every method is one round trip and may be repeated after StoreUnavailable."""

    def __init__(self, store: Store, *, lease_s: float, per_person: int, in_all: int) -> None:
        """lease_s: how long a dead worker may delay its job. per_person, in_all: jobs waiting or running."""
        self._store = store
        self.renew_every_s = RENEW_SHARE * lease_s
        self._lost_ms = round(LOST_SHARE * lease_s * 1000)
        self._per_person = per_person
        self._in_all = in_all

    async def reserve(self, job: str, who: str) -> None:
        """Take a place for a job that is about to be created; it lapses if the job does not arrive.

        Raises: RateLimited (code `own_limit`): this person has enough in the queue; Busy: the queue is full.
        """
        answer = await self._run(_RESERVE, who, job, round(HOLD_S * 1000), self._per_person, self._in_all)
        if answer == b"own_limit":
            raise RateLimited(
                f"You have {self._per_person} pictures in the making, as many as one may; wait for one.",
                code="own_limit",
                retry_after_s=5.0,
            )
        if answer == b"busy":
            raise Busy("Everybody is busy and the queue is full; try again in a minute.", retry_after_s=60.0)

    async def release(self, job: str, who: str) -> None:
        """Give back a reserved place whose job was not created after all."""
        await self._run(_RELEASE, who, job)

    async def enqueue(self, job: str, who: str) -> Place:
        """Put a job into the line, once; afterwards only say where it stands (place 0: it does not wait)."""
        place, average_ms, running = await self._run(_ENQUEUE, who, job, who)
        return Place(job, place, _eta_s(place, int(average_ms), running))

    async def renew(self, claim: Claim) -> bool:
        """Begin the lease anew; False if the job is no longer this claim's."""
        return bool(await self._run(_RENEW, claim.who, claim.job, claim.token, claim.consumer))

    async def give_back(self, claim: Claim) -> bool:
        """Return the job to the front of the line at once, as if it had not been tried."""
        return bool(await self._run(_RETURN, claim.who, claim.job, claim.token))

    async def done(self, claim: Claim, *, took_s: float | None = None) -> bool:
        """Acknowledge a job that is over; False if somebody else has it. took_s: teaches the estimates."""
        took_ms = "" if took_s is None else round(took_s * 1000)
        return bool(await self._run(_FORGET, claim.who, claim.job, claim.who, claim.token, took_ms))

    async def forget(self, job: str, who: str) -> None:
        """Take a job out of the queue, whoever has it: it is over."""
        await self._run(_FORGET, who, job, who, "", "")

    async def moved(self) -> list[Place]:
        """Return the first places in line that changed since they were last told; at most once a second."""
        average_ms, running, *pairs = await self._run(_MOVED, None, TOLD_PLACES, PLACES_GAP_MS)
        return [
            Place(job.decode(), place, _eta_s(place, int(average_ms), running))
            for job, place in zip(pairs[::2], pairs[1::2], strict=True)
        ]

    async def abandon(self, worker: str, *, crashed: bool) -> int:
        """Return to the line all that a worker's desks hold, at once: it stops, or is known to be dead.

        Returns: how many jobs went back.
        """
        returned = 0
        for name, _, _ in await self._consumers():
            if name == worker or name.startswith(worker + "."):
                returned += int(await self._run(_ABANDON, None, name, int(crashed)))
        return returned

    @contextlib.asynccontextmanager
    async def desk(self, consumer: str) -> AsyncIterator[Desk]:
        """Open a place to receive jobs at, on a connection of its own. Raises: StoreUnavailable."""
        [(store, _)] = strands(self._store, [_STREAM])
        async with store.dedicated() as connection:
            try:
                command = ("XGROUP", "CREATE", _STREAM, GROUP, "0", "MKSTREAM")
                await connection.execute(*command)
            except StoreRefused as exc:
                if "BUSYGROUP" not in exc.message:
                    raise
            await self._sweep_consumers()
            yield Desk(self, connection, consumer)

    async def claim(self, consumer: str, ticket: str = "") -> Claim | None:
        """Claim the job of a ticket that `consumer` was given; without one, a job whose lease has run out."""
        answer = await self._run(_CLAIM, None, consumer, ticket, self._lost_ms)
        if answer is None:
            return None
        job, who, token, attempt = answer
        return Claim(job.decode(), who.decode(), token, attempt, consumer)

    async def _sweep_consumers(self) -> None:
        """Forget consumers of processes that died long ago and hold nothing."""
        for name, pending, idle_ms in await self._consumers():
            if pending == 0 and idle_ms > IDLE_CONSUMER_MS:
                await self._run(_ABANDON, None, name, 0)

    async def _consumers(self) -> list[tuple[str, int, int]]:
        try:
            raw = await self._store.execute("XINFO", "CONSUMERS", _STREAM, GROUP)
        except StoreRefused:
            return []  # no worker was ever here: there is no group yet
        found = []
        for item in raw:
            field = dict(zip(item[::2], item[1::2], strict=True))
            found.append((field[b"name"].decode(), field[b"pending"], field[b"idle"]))
        return found

    async def _run(self, script: Script, who: str | None, *args: Argument) -> Any:
        mine = SLOT + ("gate" if who is None else f"of:{who}")
        return await self._store.run(script, [*_KEYS, mine], args)


class Desk:
    """Where one worker slot receives its jobs."""

    def __init__(self, work: Work, connection: Dedicated, consumer: str) -> None:
        self._work = work
        self._connection = connection
        self._consumer = consumer

    async def receive(self, *, wait_s: float) -> Claim | None:
        """Return a job: one whose worker is lost, else the next in line, else None after `wait_s`.

        Raises: StoreUnavailable; open another desk then. A job that was given here comes back after a lease.
        """
        lost = await self._work.claim(self._consumer)
        if lost is not None:
            return lost
        reply = await self._connection.execute(
            "XREADGROUP",
            "GROUP",
            GROUP,
            self._consumer,
            "COUNT",
            1,
            "BLOCK",
            max(1, round(wait_s * 1000)),
            "STREAMS",
            _STREAM,
            ">",
            block_s=wait_s,
        )
        if not reply:
            return None
        ticket: bytes = reply[0][1][0][0]
        return await self._work.claim(self._consumer, ticket.decode())


_STREAM = SLOT + "tickets"
_NAMES = ("jobs", "line", "held", "counters", "ended", "told", "rounds")
_KEYS = [_STREAM, *(SLOT + name for name in _NAMES)]


def _eta_s(place: int, average_ms: int, running: int) -> int | None:
    if place < 1 or average_ms < 1:
        return None
    return max(1, round(-(-place // max(1, running)) * average_ms / 1000))
