"""What is asked for at a rate tells the rate that was reached."""

from __future__ import annotations

import asyncio

from tests.browser.bustle import AT_ONCE, paced

EACH_S = 0.05
ROUNDS = 3


async def test_who_falls_behind_is_told() -> None:
    """So many at once, each as long as this, are so many a second and no more, however quick the machine."""

    async def one(number: int) -> int:
        await asyncio.sleep(EACH_S)
        return number

    made, rate = await paced(one, ROUNDS * AT_ONCE, 1_000_000.0)
    assert made == list(range(ROUNDS * AT_ONCE))
    assert 0 < rate <= AT_ONCE / EACH_S


async def test_nobody_is_ahead_of_the_rate() -> None:
    async def one(number: int) -> None:
        return None

    _, rate = await paced(one, 50, 500.0)
    assert 0 < rate <= 500.0 * 50 / 49, "the first one is made at once"
