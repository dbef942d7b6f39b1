"""What bytes cost that clients should not send: the real connection in this process, see docs/testing.md."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

from bench.figure import Bar, Figure, Note
from tests.integration.fuzz_target import bombard, follow_many
from tests.integration.fuzz_verdict import CONFIG

MB = 1024 * 1024
FUZZED_MB = 64
FRAME_MS = 5.0
READ_MS = 25.0


async def measure(folder: Path) -> AsyncIterator[Figure | Note]:
    """Raises AssertionError, and so tells nothing, where a frame is answered otherwise than documented."""
    seed = random.SystemRandom().randrange(2**32)
    outcome = await bombard(seed, FUZZED_MB * MB, dear_s=FRAME_MS / 1000, dear_read_s=READ_MS / 1000)
    cost = outcome.cost
    what = f"{FUZZED_MB} MB of fuzzed frames"
    yield Figure(f"{what}: the dearest, thread CPU", "ms", (1000 * cost.frame_s,), Bar(high=FRAME_MS))
    yield Figure(f"{what}: one read of the socket, at most", "ms", (1000 * cost.read_s,))
    yield Figure(f"{what}: one turn of hearing, at most", "ms", (1000 * cost.turn_s,))
    many = await follow_many(CONFIG.session_topics)
    what = f"subscribe to {CONFIG.session_topics} topics in one frame"
    yield Figure(f"{what}: in all, thread CPU", "ms", (1000 * many.frame_s,))
    yield Figure(f"{what}: one turn, at most", "ms", (1000 * many.turn_s,))
    yield Note(
        f"seed {seed}: {outcome.answered:,} of {outcome.frames:,} frames answered, connections closed at the others"
    )
