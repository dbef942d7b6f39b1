"""Work shared between processes: a fair queue with reservations, leases and fencing tokens, in its own slot.

It knows jobs by id and people by name, and of what is to be done only its kind and how many steps it takes. A job is
given to one worker at a time through a consumer group; the worker must renew its lease, and every claim carries a token
higher than all before it. XCLAIM and XACK by a stale owner succeed in the store, so renewing, giving back, resting and
finishing compare the token in the script; what the worker writes elsewhere is fenced by the same token there.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from livefeed.errors import Busy, RateLimited
from livefeed.streams.connection import Argument, Dedicated, Store, StoreRefused, strands
from livefeed.streams.estimates import Came, Outlook, Pace, Running, Waiting, is_news, told_s
from livefeed.streams.script import Script
from livefeed.streams.work_slot import GROUP, SLOT, TICKETS, run, script, value_of

__all__ = ["GROUP", "SLOT", "Claim", "Desk", "Pace", "Place", "Survey", "Work"]

HOLD_S = 60.0
"""How long a reserved place waits for its job to arrive through the outbox."""
RENEW_SHARE = 0.1
"""A holder renews this often, as a share of the lease."""
LOST_SHARE = 0.4
"""A job that was not renewed for this share of the lease is taken over: three renewals have failed by then. The rest of
the lease is for doing the work again, so that whoever waits for it waits little longer than a lease."""
IDLE_CONSUMER_MS = 3_600_000
TOLD_PLACES = 50
SEEN_PLACES = 256
"""So far into the line `survey` looks for who was claimed before: many lost at once come back to its front at once."""
SURVEY_GAP_MS = 1_000
HEARTBEAT_MS = 1_500
"""A free slot is heard of three times within this."""

_RESERVE = script("work_reserve")
_RELEASE = script("work_release")
_ENQUEUE = script("work_enqueue", looks_out=True)
_CLAIM = script("work_claim")
_RENEW = script("work_renew")
_RETURN = script("work_return")
_REST = script("work_rest", looks_out=True)
_FORGET = script("work_forget")
_ABANDON = script("work_abandon")
_SURVEY = script("work_survey", looks_out=True)
_TOLD = script("work_told")
_PUNCTUAL = script("work_punctual")
_URGENT = script("work_urgent")
_MINE = script("work_mine")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out a job, as long as the lease is renewed.

    token: rises with every claim of any job. attempt: 1 for the first worker that had the job. life: 1, and more for
    one that failed and was queued again by an operator. kind: see streams.estimates. pace: of its kind, if known.
    """

    job: str
    who: str
    token: int
    attempt: int
    consumer: str
    life: int = 1
    kind: str = ""
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting job stands: 1 is next. `eta_s` until it is done, if what was measured allows a guess."""

    job: str
    place: int
    eta_s: float | None


@dataclass(frozen=True, slots=True)
class Survey:
    """The head of the line, and what somebody should see to.

    news: places that differ from what was told. returned: of those, who was claimed before and waits again.
    late: waiting jobs that should have started by now.
    """

    news: Sequence[Place]
    returned: Sequence[Waiting]
    late: Sequence[str]


class Work:
    """The queue. Every method is one round trip and may be repeated after StoreUnavailable."""

    def __init__(self, store: Store, *, lease_s: float, per_person: int, in_all: int) -> None:
        """lease_s: how long a dead worker may delay its job. per_person, in_all: jobs waiting or running."""
        self._store = store
        self.renew_every_s = RENEW_SHARE * lease_s
        self._lost_ms = round(LOST_SHARE * lease_s * 1000)
        self._lease_ms = round(lease_s * 1000)
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

    async def enqueue(
        self, job: str, who: str, *, kind: str = "", units: float = 1, priority: int = 0, due_ms: int | None = None,
        life: int = 1,
    ) -> Place:  # fmt: skip
        """Put a job into the line, once in each life; afterwards only say where it stands (place 0: it does not wait).

        kind, units: what it takes, see streams.estimates. priority: 0 and more; it orders the same person's waiting
        jobs and takes nothing from anybody else. due_ms: by when it must have started, in the store's time; `survey`
        tells who has not.
        """
        due = "" if due_ms is None else due_ms
        args = (job, who, kind, units, priority, due, life, TOLD_PLACES, self._alive_ms)
        place, raw, own = await self._run(_ENQUEUE, who, *args)
        eta_ms = _outlook(raw).done_ms(place - 1, kind, units, round=own) if place else None
        return Place(job, place, told_s(eta_ms))

    async def renew(self, claim: Claim, *, left_s: float | None = None) -> bool:
        """Begin the lease anew; False if the job is no longer this claim's. left_s: what is left of it, if known."""
        left_ms = "" if left_s is None else round(left_s * 1000)
        return bool(await self._run(_RENEW, claim.who, claim.job, claim.token, claim.consumer, left_ms))

    async def give_back(self, claim: Claim) -> bool:
        """Return the job to the front of the line at once, as if it had not been tried."""
        return bool(await self._run(_RETURN, claim.who, claim.job, claim.token))

    async def rest(self, claim: Claim, *, pause_s: float, kind: str = "", units: float = 1) -> Place | None:
        """Give up the slot; the job comes back to the front of the line after the pause. It counts as an attempt.

        Returns: where it stands, or None if it was no longer this claim's.
        """
        pause_ms = round(pause_s * 1000)
        answer = await self._run(_REST, claim.who, claim.job, claim.token, pause_ms, TOLD_PLACES, self._alive_ms)
        if answer is None:
            return None
        place, raw, own = answer
        eta_ms = _outlook(raw).done_ms(max(0, place - 1), kind, units, rests_ms=pause_ms, round=own)
        return Place(claim.job, place, told_s(eta_ms))

    async def done(self, claim: Claim, *, took_s: float | None = None, pace: Pace | None = None) -> bool:
        """Acknowledge a job that is over; False if somebody else has it.

        pace: what it took, which teaches the estimates; took_s: the same where there are no steps.
        """
        if pace is None and took_s is not None:
            pace = Pace(1000 * took_s, 0.0, 0.0)
        learnt: bytes = b""
        if pace is not None:
            learnt = orjson.dumps(asdict(pace if claim.pace is None else claim.pace.after(pace)))
        return bool(
            await self._run(_FORGET, claim.who, claim.job, claim.who, claim.token, claim.life, learnt, claim.kind)
        )

    async def forget(self, job: str, who: str, *, life: int = 1) -> None:
        """Take a job out of the queue, whoever has it: this life of it is over."""
        await self._run(_FORGET, who, job, who, "", life, "", "")

    async def urgent(self, job: str, who: str) -> bool:
        """Put a waiting job before all others that are not urgent too; False if it does not wait in line."""
        return bool(await self._run(_URGENT, who, job, who))

    async def jobs_of(self, who: str) -> Sequence[str]:
        """Return somebody's jobs that wait or run, the oldest first; some of them may have only been reserved."""
        return [job.decode() for job in await self._run(_MINE, who)]

    async def survey(self) -> Survey | None:
        """See to what nobody else may be there for, and return what is to be told; None if somebody just did.

        Jobs that have rested go back into the line, and so do those of workers that were silent for a whole lease:
        a free worker takes them over before that.
        """
        answer = await self._run(_SURVEY, None, SEEN_PLACES, SURVEY_GAP_MS, self._alive_ms, self._lease_ms)
        if answer is None:
            return None
        raw, told, late = answer
        outlook, news = _outlook(raw), []
        for place, (job, done_ms, said) in enumerate(zip(outlook.head, outlook.head_done_ms(), told, strict=True), 1):
            if place > TOLD_PLACES and (said or not job.last):
                continue
            eta_s = told_s(done_ms)
            if is_news(_told(said), place, eta_s):
                news.append(Place(job.job, place, eta_s))
        new = {place.job for place in news}
        returned = [job for job in outlook.head if job.last and job.job in new]
        return Survey(news, returned, [job.decode() for job in late])

    async def note_told(self, places: Iterable[Place]) -> None:
        """Remember what was told of who waits, so that only what changes is told again."""
        args: list[Argument] = []
        for place in places:
            args += (place.job, f"{place.place} {'' if place.eta_s is None else place.eta_s}")
        if args:
            await self._run(_TOLD, None, *args)

    async def note_started(self, job: str) -> None:
        """Note that a job has started in time, so that its deadline is over."""
        await self._run(_PUNCTUAL, None, job)

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
        [(store, _)] = strands(self._store, [TICKETS])
        async with store.dedicated() as connection:
            try:
                command = ("XGROUP", "CREATE", TICKETS, GROUP, "0", "MKSTREAM")
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
        job, who, token, attempt, life, kind, pace = answer
        return Claim(
            job.decode(), who.decode(), token, attempt, consumer, life, kind.decode(), _pace(pace) if pace else None
        )

    @property
    def _alive_ms(self) -> int:
        """A slot that was silent for longer is gone: a busy one renews its lease, a free one looks for jobs."""
        return self._lost_ms + HEARTBEAT_MS

    async def _sweep_consumers(self) -> None:
        """Forget consumers of processes that died long ago and hold nothing."""
        for name, pending, idle_ms in await self._consumers():
            if pending == 0 and idle_ms > IDLE_CONSUMER_MS:
                await self._run(_ABANDON, None, name, 0)

    async def _consumers(self) -> list[tuple[str, int, int]]:
        try:
            raw = await self._store.execute("XINFO", "CONSUMERS", TICKETS, GROUP)
        except StoreRefused:
            return []  # no worker was ever here: there is no group yet
        found = []
        for item in raw:
            field = dict(zip(item[::2], item[1::2], strict=True))
            found.append((field[b"name"].decode(), field[b"pending"], field[b"idle"]))
        return found

    async def _run(self, script: Script, who: str | None, *args: Argument) -> Any:
        return await run(self._store, script, who, *args)


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
            TICKETS,
            ">",
            block_s=wait_s,
        )
        if not reply:
            return None
        ticket: bytes = reply[0][1][0][0]
        return await self._work.claim(self._consumer, ticket.decode())


def _outlook(raw: Sequence[Any]) -> Outlook:
    """Return what scripts/work_outlook.lua found."""
    now_ms, slots, waiting, running, head, paces, round, came, turns = raw
    return Outlook(
        slots=slots,
        waiting=waiting,
        running=[_running(orjson.loads(record), now_ms) for record in running],
        head=[_waiting(job.decode(), record) for job, record in zip(head[::2], head[1::2], strict=True)],
        paces={kind.decode(): _pace(pace) for kind, pace in zip(paces[::2], paces[1::2], strict=True)},
        round=round,
        came=[_came(orjson.loads(entry), now_ms) for entry in reversed(came)],
        turns={who.decode(): int(turn) for who, turn in zip(turns[::2], turns[1::2], strict=True)},
    )


def _came(entry: Sequence[Any], now_ms: int) -> Came:
    who, at_ms, kind, units = entry
    return Came(who, max(0, now_ms - at_ms), kind, units)


def _running(record: dict[str, Any], now_ms: int) -> Running:
    left_ms = record["left"] - (now_ms - record["seen"]) if "left" in record else None
    return Running(record["kind"], record["units"], now_ms - record.get("since", now_ms), left_ms)


def _waiting(job: str, raw: bytes) -> Waiting:
    if not raw:
        return Waiting(job, "", 1)  # left behind by a failed write; it is swept when its turn comes
    record = orjson.loads(raw)
    return Waiting(
        job, record["kind"], record["units"], record.get("last", 0), record["attempt"], bool(record.get("lost")),
        record["round"],
    )  # fmt: skip


def _pace(raw: bytes) -> Pace:
    return value_of(Pace, raw)


def _told(said: bytes) -> tuple[int, float | None] | None:
    """Return what `note_told` wrote of a job."""
    if not said:
        return None
    place, _, eta_s = said.decode().partition(" ")
    return int(place), float(eta_s) if eta_s else None
