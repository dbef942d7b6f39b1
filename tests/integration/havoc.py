"""Who kills and stops workers, the server and the store, and keeps the books of it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from tests.integration.orders import ENDS, eventually, insist, told
from tests.integration.server_process import ServerProcess, is_alive
from tests.integration.workshop import Hand, Workshop
from tests.soak import count

PAUSE_S = 0.6
EVERY = count(4, 30)
"""Kills of workers between two of the server, and between two of the store."""
OFTEN = 0.7
"""How often it is somebody with a job who is killed; else it is anybody."""
OWN = 0.2
"""How often it is the server's own worker, which the server replaces, but later and later."""
STILL_EVERY = count(3, 8)
"""Kills of workers between two that stand still until somebody else has taken over."""
AT_WORK_S = 20.0
"""How long a kill waits for somebody to be at work, while there is work."""
NOTICED = 0.8
"""How often somebody learns of a death and gives the jobs back at once."""


class Havoc:
    """Kills until it has killed so many workers, now and then the server or its store as well."""

    def __init__(self, shop: Workshop, server: ServerProcess, chance: random.Random) -> None:
        self.struck: Counter[str] = Counter()
        self.cancelled: set[str] = set()
        """Pictures whose cancel was acknowledged."""
        self.handed_back: set[str] = set()
        """Pictures of a worker that may have had the time to hand them back: that does not count as an attempt."""
        self._still: set[Hand] = set()
        self._shop = shop
        self._server = server
        self._chance = chance

    @property
    def kills(self) -> int:
        """How many workers were killed."""
        return self.struck["worker"]

    async def run(self, kills: int) -> None:
        """The first victim is at work for certain, most of the others are: who is chosen for that is stopped first."""
        async with asyncio.TaskGroup() as group:
            await self._hit()
            await self._more(group)
            while self.kills < kills:
                await asyncio.sleep(min(2.0, self._chance.expovariate(1 / PAUSE_S)))
                if await self._worker():
                    await self._more(group)

    async def _more(self, group: asyncio.TaskGroup) -> None:
        if self.kills % STILL_EVERY == 1 and not self._still:
            group.create_task(self._stand_still())
        if self.kills % EVERY == 0:
            await self._outage(self._all)
        elif self.kills % EVERY == EVERY // 2:
            await self._outage(self._store)

    async def _worker(self) -> bool:
        """Kill a worker; tell whether there was one."""
        if self._chance.random() < OWN:
            own = [pid for pid in self._server.worker_pids() if is_alive(pid)]
            if not own:
                return False  # the server has not replaced the last one yet
            held = await self._held_by_own()
            os.kill(own[0], signal.SIGKILL)
            self._shop.mourn(held)
            self._shop.mourn(await self._held_by_own())  # what it took meanwhile
            self.struck["worker"] += 1
        elif self._chance.random() < OFTEN:
            await self._hit()
        else:
            await self._lose(await self._anybody())
        return True

    async def _anybody(self) -> Hand:
        """Choose a worker that nobody else has chosen; wait where all stand still or are being killed."""
        while not (free := [hand for hand in self._shop.hands if hand not in self._still]):
            await asyncio.sleep(0.02)
        return self._chance.choice(free)

    async def _hit(self) -> None:
        """Kill somebody who is at work; anybody, if there is nothing to do."""
        hand = await self._stop_at_work()
        await self._lose(hand or await self._anybody())
        self.struck["worker at work"] += hand is not None

    async def _lose(self, hand: Hand) -> None:
        self._still.add(hand)  # nobody else is to choose it meanwhile
        await self._shop.lose(hand, noticed=self._chance.random() < NOTICED)
        self._still.discard(hand)
        self.struck["worker"] += 1

    async def _stop_at_work(self) -> Hand | None:
        """Stop a worker that has a picture in the making, and return it; None when nobody has but the server's own.

        It is looked at again once it stands still: by then it may have finished.
        """
        until_s = time.monotonic() + AT_WORK_S
        while time.monotonic() < until_s:
            for hand in self._chance.sample(self._shop.hands, len(self._shop.hands)):
                if hand in self._still or not await self._claims(hand) or hand in self._still:
                    continue  # the others are looked at meanwhile, and may be chosen
                hand.signal(signal.SIGSTOP)
                self._still.add(hand)
                if await self._in_the_making(hand):
                    return hand
                self._still.discard(hand)
                hand.signal(signal.SIGCONT)
            if self.kills and not await insist(self._shop.left_behind):
                return None
            await asyncio.sleep(0.02)
        return None

    async def _in_the_making(self, hand: Hand) -> dict[str, int]:
        """Return the claims of a worker on pictures that were begun and have not ended."""
        held = await self._claims(hand)
        stories = {job: await insist(lambda job=job: self._story(job)) for job in held}
        return {job: held[job] for job, story in stories.items() if story and story[-1] == "started"}

    async def _claims(self, hand: Hand) -> dict[str, int]:
        claims: dict[str, int] = await insist(lambda: self._shop.held_by(hand.name))
        return claims

    async def _story(self, job: str) -> list[str]:
        return [kind for kind, _ in await told(self._shop.store, f"generation:{job}")]

    async def _stand_still(self) -> None:
        """Stop a worker at work until another one has begun what it has; then it must learn so, and write nothing.

        That it wrote nothing is judged with all the rest; that it was refused, it says.
        """
        hand = await self._stop_at_work()
        if hand is None:
            return
        held = await self._in_the_making(hand)
        self._shop.mourn(held)
        self.struck["worker that stood still"] += 1
        try:
            over = [job for job in held if await self._taken_over(job)]
        finally:
            hand.signal(signal.SIGCONT)
            self._still.discard(hand)
        for job in over:
            await eventually(lambda job=job: self._fenced(hand, job), f"{hand.name} learns that {job} is another's")

    async def _taken_over(self, job: str) -> bool:
        """Wait until another worker has begun a picture, or it has ended; tell which."""
        begun = (await insist(lambda: self._story(job))).count("started")

        async def moved() -> list[str] | None:
            story = await self._story(job)
            return story if story.count("started") > begun or story[-1] in ENDS else None

        story: list[str] = await eventually(moved, f"{job} is taken over")
        return story.count("started") > begun

    async def _fenced(self, hand: Hand, job: str) -> bool:
        """Tell whether a worker has said that its token was refused, or was killed before it could."""
        if hand not in self._shop.hands:
            return True
        said = hand.said(f"job {job} stops here: stale") or hand.said(f"job {job} stops here: over")
        self.struck["worker fenced off"] += said
        return said

    async def _outage(self, strike: Callable[[], Awaitable[None]]) -> None:
        """Kill what all depend on. Where it is away for long, those who live may be taken for dead as well."""
        await self._note_handed_back()
        held, began_s = await self._shop.all_held(), time.monotonic()
        await strike()
        await insist(self._shop.consumers)
        if time.monotonic() - began_s > self._shop.forgiven_s:
            self._shop.mourn(held)

    async def _note_handed_back(self) -> None:
        self.handed_back |= set(await self._held_by_own())

    async def _store(self) -> None:
        self.struck["store"] += 1
        os.kill(self._server.store_pid, signal.SIGKILL)

    async def _all(self) -> None:
        """The server; its store and its own worker end with it."""
        self.struck["server"] += 1
        self._shop.mourn(await self._held_by_own())
        self._server.kill()
        await asyncio.to_thread(self._server.start)

    async def _held_by_own(self) -> dict[str, int]:
        """Return the claims of the server's own worker."""
        hands = {hand.name for hand in self._shop.hands}
        names = {name.rpartition(".")[0] for name in await self._shop.consumers()} - hands
        return {job: token for name in names for job, token in (await self._shop.held_by(name)).items()}
