"""Connections that break and engines that are killed at any moment, whatever they do just then: one end each."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Final

import pytest

from livefeed.generation.generator import EngineLost, Picture
from tests.contract.engines import Engine, engines, names
from tests.contract.test_generators import at_rest, end, job
from tests.soak import FULL, count

ENGINES: Final = engines()


def cut(engine: Engine, chance: random.Random) -> int:
    """Break some of the engine's connections, or all; return how many."""
    lines = engine.lines()
    chosen = lines if chance.random() < 0.5 else chance.sample(lines, min(1, len(lines)))
    for break_ in chosen:
        break_()
    return len(chosen)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("name", names(besides="illustrator"))
async def test_a_line_cut_and_an_engine_killed_at_any_moment_lead_to_one_end(name: str, seed: int) -> None:
    """The picture, or a lost engine, which is tried again: never a failure, which would be final. Nobody goes on."""
    chance, ends, cuts, kills = random.Random(f"{seed} {name}"), Counter[str](), 0, 0
    async with ENGINES[name]() as engine:
        began_s = asyncio.get_running_loop().time()
        await end(engine.generator, job(engine.generator, seed=1))
        lasts_s = 1.3 * (asyncio.get_running_loop().time() - began_s)
        for number in range(count(6, 200)):
            asked = job(engine.generator, seed=chance.randrange(2**32))
            async with asyncio.TaskGroup() as group:
                painting = group.create_task(end(engine.generator, asked))
                await asyncio.wait([painting], timeout=chance.uniform(0, lasts_s))
                if killed := chance.random() < 0.3:
                    await engine.crash()
                else:
                    cuts += cut(engine, chance)
            ended = painting.result()
            kills += killed
            ends[type(ended).__name__] += 1
            assert isinstance(ended, Picture | EngineLost), f"round {number}: {ended!r}"
            assert ": ." not in str(ended), "nobody can tell how it was lost"
            await at_rest(engine)
            if killed:
                await engine.restart()
        await end(engine.generator, job(engine.generator))  # this may still meet a line that was cut while it rested
        ended = await end(engine.generator, job(engine.generator))
        assert isinstance(ended, Picture), repr(ended)
    print(f"{name}: {cuts} connections cut, {kills} engines killed (seed {seed}): {dict(ends)}")
    assert cuts or kills, "nothing was broken"
    assert not FULL or len(ends) == 2, "one side always wins: the moments are not what they should be"
