"""The WebSocket connection under fuzzed bytes, in one process: documented endings only, and no frame is dear.

Processor time is that of this thread; what took long is repeated, and the least of three counts: the machine may have
been busy with something else.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livefeed.hub.conversation import Conversation
from tests import soak
from tests.integration.fuzz_target import Target, bombard, follow_many, target
from tests.integration.fuzz_verdict import CONFIG
from tests.integration.fuzzed import BINARY, TEXT, Said, masked

MB = 1024 * 1024
FUZZED_BYTES = soak.count(16 * MB, 64 * MB)
FRAME_S = 0.005 if soak.FULL else 0.05
"""Processor time that one frame may cost at most, in seconds; ten times that where other work may go on beside."""
READ_S = 0.025 if soak.FULL else 0.25
"""What reading a socket once may cost at most, whatever has come."""


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_fuzzed_frames_end_as_documented_and_none_is_dear(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = await bombard(seed, FUZZED_BYTES, dear_s=FRAME_S, dear_read_s=READ_S)
    soak.tell(capsys, f"{outcome} (seed {seed})")
    assert outcome.cost.frame_s <= FRAME_S, outcome.dearest
    assert outcome.cost.read_s <= READ_S
    assert set(outcome.closed) >= ({4500, 4501, 4502, 4503} if soak.FULL else {4500})


@pytest.mark.soak
async def test_a_subscribe_to_as_many_topics_as_may_be_lets_others_have_their_turn() -> None:
    """It counts as so many frames, and is carried out over several turns of the event loop."""
    cost = await follow_many(CONFIG.session_topics)
    assert cost.turn_s <= FRAME_S, f"{1000 * cost.turn_s:.1f} ms at a stretch"


async def test_a_run_in_which_nobody_is_answered_fails(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would otherwise look like a very fast server."""

    async def deaf(self: Conversation, message: str | bytes) -> None:
        pass

    monkeypatch.setattr(Conversation, "hear", deaf)
    with pytest.raises(AssertionError, match=r"^(0 answers to \d+ frames|closed with )"):
        await bombard(seed, MB, dear_s=1, dear_read_s=1)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=12), inner, max_size=6),
    max_leaves=30,
)
FIELDS = st.sampled_from(("op", "ref", "topics", "method", "data", "key", "topic", "type", "token", "since"))
FRAMES = st.dictionaries(FIELDS | st.text(max_size=8), VALUES, max_size=8).flatmap(
    lambda fields: st.sampled_from(("subscribe", "unsubscribe", "call", "signal", "auth", "ping", None)).map(
        lambda op: fields if op is None else {**fields, "op": op}
    )
)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_whatever_a_message_says_it_is_answered_or_closed_as_documented() -> None:
    """Messages that hypothesis makes, in both codecs."""

    with asyncio.Runner() as runner:
        opened = target()
        here = runner.run(opened.__aenter__())

        @settings(
            max_examples=soak.count(100, 1_000),
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(FRAMES | st.lists(FRAMES, max_size=4) | VALUES)
        def run(said: Any) -> None:
            runner.run(both(here, said))

        try:
            run()
        finally:
            runner.run(opened.__aexit__(None, None, None))
        assert here.outcome.answered


async def both(here: Target, said: Any) -> None:
    """Say it in both codecs."""
    text, packed = json.dumps(said).encode(), msgpack.packb(said, unicode_errors="surrogatepass")
    await here.hear(Said((masked(0x80 | TEXT, text, b"mask"),)), dear_s=1, dear_read_s=1)
    await here.hear(Said((masked(0x80 | BINARY, packed, b"mask"),), packed=True), dear_s=1, dear_read_s=1)
    here.outcome.check()
