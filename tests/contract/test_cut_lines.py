"""Connections that break at any moment, whatever they carry just then: one end each, and nobody goes on for nothing."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Final

import pytest

from livefeed.generation.generator import EngineLost, Picture
from tests.contract.engines import Engine, engines
from tests.contract.test_generators import at_rest, end, job
from tests.soak import count

ENGINES: Final = engines()
ON_THE_NET: Final = sorted(name for name in ENGINES if name not in {"illustrator", "diffusers"})
LAST_S: Final = 0.5
"""About what a picture takes."""


def cut(engine: Engine, chance: random.Random) -> int:
    """Break some of the engine's connections, or all; return how many."""
    server = engine._runner.server  # type: ignore[attr-defined]
    open_ = [one for one in server.connections if one.transport is not None]
    chosen = open_ if chance.random() < 0.5 else chance.sample(open_, min(1, len(open_)))
    for connection in chosen:
        connection.transport.abort()
    return len(chosen)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("name", ON_THE_NET)
async def test_a_line_cut_at_any_moment_leads_to_one_end(name: str, seed: int) -> None:
    """The picture, or a lost engine, which is tried again: never a failure, which would be final."""
    chance, ends, cuts = random.Random(f"{seed} {name}"), Counter[str](), 0
    async with ENGINES[name]() as engine:
        for number in range(count(6, 200)):
            asked = job(engine.generator, seed=chance.randrange(2**32))
            async with asyncio.TaskGroup() as group:
                painting = group.create_task(end(engine.generator, asked))
                await asyncio.wait([painting], timeout=chance.uniform(0, LAST_S))
                broken = cut(engine, chance)
            ended = painting.result()
            cuts += broken
            ends[type(ended).__name__] += 1
            assert isinstance(ended, Picture | EngineLost), f"round {number}: {ended!r}"
            assert ": ." not in str(ended), "nobody can tell how it was lost"
            await at_rest(engine)
        await end(engine.generator, job(engine.generator))  # this may still meet a line that was cut while it rested
        ended = await end(engine.generator, job(engine.generator))
        assert isinstance(ended, Picture), repr(ended)
    print(f"{name}: {cuts} connections cut (seed {seed}): {dict(ends)}")
    assert cuts, "nothing was cut"
