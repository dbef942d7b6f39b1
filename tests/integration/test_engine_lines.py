"""Pictures of real engines on a real store: lines cut and engines killed at any moment, and every job ends once.

What the iterator of a generator does about it is in tests/contract/test_cut_lines.py; here its worker tries again, and
what counts is what everybody is told.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from livefeed.errors import Conflict
from livefeed.generation.retry import ATTEMPTS
from tests.contract.engines import Engine, engines
from tests.contract.test_cut_lines import cut
from tests.integration.test_generation_studio import Studio, eventually, open_store, user
from tests.soak import FULL, count, tell

ENGINES: Final = engines()
ENDS: Final = ("completed", "refused", "failed", "cancelled", "aborted")
AT_ONCE: Final = 4
STEPS: Final = 4


async def asked(studio: Studio, engine: Engine, chance: random.Random) -> str:
    """Ask for a small picture of an engine."""
    maker = engine.generator
    return await studio.ask(
        generator=maker.name, width=maker.sizes.low, height=maker.sizes.low, steps=max(STEPS, maker.steps.low),
        seed=chance.randrange(2**32),
    )  # fmt: skip


async def all_ended(studio: Studio, ids: list[str]) -> None:
    for id in ids:
        await studio.until(id, *ENDS)


async def disturb(studio: Studio, engine: Engine, ids: list[str], chance: random.Random) -> str:
    """Do something to what the pictures need, or to one of them; return what."""
    match chance.random():
        case share if share < 0.15:
            try:
                await studio.generations.cancel(chance.choice(ids), user(1))
            except Conflict:
                return "too late to cancel"
            return "cancelled"
        case share if share < 0.4:
            await engine.crash()
            await engine.restart()
            return "killed"
        case _:
            return "cut" if cut(engine, chance) else "nothing to cut"


async def check_one_end(studio: Studio, id: str) -> tuple[str, int]:
    """Check what was told of a picture and kept; return how it ended, and how often it was begun."""
    told = await studio.types(id)
    ends = [kind for kind in told if kind in ENDS]
    assert len(ends) == 1, f"{id} ended {len(ends)} times: {told}"
    assert told[-1] == ends[0], f"something came after the end of {id}: {told}"
    assert told.count("started") <= ATTEMPTS, told
    posts = [kind for kind, _ in await studio.events(f"post:{id}")]
    assert len(posts) == (ends[0] == "completed"), f"{id} {ends[0]}, and its post has {posts}"
    found = await studio.state(id)
    assert found["state"] == ends[0], "the stream and the state tell two stories"
    if ends[0] == "failed":
        assert found["error"]["code"] == "engine_lost", found["error"]
    return ends[0], told.count("started")


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("name", ["openai", "comfyui", "comfyui of 2024"])
async def test_lines_cut_and_engines_killed_leave_every_job_one_end(
    name: str, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is completed, cancelled, or lost three times: told once in the stream that is kept, and nothing after it."""
    chance, done, ids = random.Random(f"{seed} {name}"), Counter[str](), list[str]()
    async with open_store(tmp_path) as (store, _), ENGINES[name]() as engine:
        studio = Studio(
            store, generators=[engine.generator], generations_per_user=500, worker_slots=AT_ONCE // 2, lease_s=10.0
        )
        async with studio.working("one", "two"):
            began_s = asyncio.get_running_loop().time()
            await studio.until(await asked(studio, engine, chance), "completed")
            lasts_s = asyncio.get_running_loop().time() - began_s
            while len(ids) < count(2 * AT_ONCE, 200) or not (done["cut"] or done["killed"]):
                some = [await asked(studio, engine, chance) for _ in range(AT_ONCE)]
                ids += some
                async with asyncio.TaskGroup() as group:
                    ending = group.create_task(all_ended(studio, some))
                    for _ in range(chance.randrange(1, 7)):
                        await asyncio.wait([ending], timeout=chance.uniform(0, lasts_s))
                        done[await disturb(studio, engine, some, chance)] += 1
            await eventually(lambda: nothing_left(studio, engine))
        told = [await check_one_end(studio, id) for id in ids]
    ends, begun = Counter(end for end, _ in told), Counter(times for _, times in told)
    tell(capsys, f"{name}: {len(ids)} pictures, {dict(done)} (seed {seed}): {dict(ends)}, begun {dict(begun)}")
    assert not FULL or ({"completed", "cancelled"} <= set(ends) and max(begun) > 1), "the moments are not right"


async def nothing_left(studio: Studio, engine: Engine) -> bool:
    return not engine.at_work and not await studio.left_behind()
