"""What the built-in illustrator promises beyond what every generator does."""

from __future__ import annotations

from livefeed.generation.generator import Progress
from livefeed.generation.job import Job
from tests.contract.engines.illustrator import IllustratorEngine


async def test_every_pass_is_told_in_order_and_shown() -> None:
    async with IllustratorEngine() as engine:
        asked = Job(
            id="01m0000000000000000000", prompt="a red fox", width=264, height=256, seed=7, steps=5,
            generator="illustrator",
        )  # fmt: skip
        *steps, _ = [item async for item in engine.generator.generate(asked)]
    told = [(step.step, step.steps) for step in steps if isinstance(step, Progress)]
    assert told == [(number, 5) for number in range(1, 6)]
    shown = [step.image.tobytes() for step in steps if step.image is not None]
    assert len(set(shown)) == 5
