"""The frame parser and the conversation under fuzzed bytes, in one process: documented endings only, and none is dear.

Processor time is that of this thread; what took long is repeated, and the least of three counts: the machine may have
been busy with something else.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livefeed.config import Config
from livefeed.errors import NotFound, Unauthorised
from livefeed.hub import frames
from livefeed.hub.codec import JsonCodec
from livefeed.hub.conversation import Conversation
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.hub.wire import BINARY, TEXT, Goodbye, Reader
from livefeed.people import Caller
from livefeed.streams.entry import Page
from livefeed.topic import Topic
from tests import soak
from tests.integration.fuzzed import MAX_BYTES, Fuzzer, close_codes, error_codes

MB = 1024 * 1024
FUZZED_BYTES = soak.count(2 * MB, 64 * MB)
FRAME_S = 0.005 if soak.FULL else 0.05
"""Processor time that one frame may cost at most, in seconds; ten times that where other work may go on beside."""
CONFIG = Config(frame_bytes=MAX_BYTES)


class StubStreams:
    """A store where nothing ever happened."""

    def shard(self, topic: Topic) -> int:
        return topic.shard(CONFIG.shards)

    async def page(self, topic: Topic, *, cut: Any, since: Any, values: bool, **_: Any) -> Page:
        return Page(True, since is None or since == cut, since or cut, [], True, [] if values else None)


class StubReception:
    """Lets everybody follow what exists, and knows nobody."""

    async def may_subscribe(self, caller: Caller, topic: Topic) -> bool:
        return topic.kind in {"feed", "app"}

    async def authenticate(self, token: str) -> Caller:
        raise Unauthorised("This token is nobody's.")

    async def call(self, caller: Caller, method: str, data: Mapping[str, Any], key: str | None) -> Any:
        raise NotFound("There is no such method.", code="unknown_method")

    def watch(self, session: Session, topic: str) -> None:
        pass

    unwatch = watch

    async def signal(self, caller: Caller, topic: str, type: str, data: Mapping[str, Any]) -> None:
        raise Unauthorised("Only a signed-in user can send signals.")


class NotingCodec(JsonCodec):
    """Notes the errors that the server tells."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Counter[str] = Counter()

    def frame(self, frame: Mapping[str, Any]) -> bytes:
        if frame["op"] == "error":
            self.told[frame["code"]] += 1
        if frame["op"] == "subscribed":
            self.told.update(answer["error"] for answer in frame["topics"].values() if "error" in answer)
        return super().frame(frame)


class Target:
    """A connection's parser and conversation; a new one takes the place of one that has ended."""

    def __init__(self, node: Node) -> None:
        self.codec = NotingCodec()
        self.ended: Counter[int] = Counter()
        self._node = node

    async def hear(self, data: bytes, *, deflates: bool) -> None:
        """Let a new connection hear these bytes, until it is closed."""
        reader = Reader(limit=CONFIG.frame_bytes, deflates=deflates)
        session = Session("fuzzed", self.codec)
        conversation = Conversation(session, self._node, StubReception(), CONFIG)
        try:
            reader.feed(data)
            while (message := reader.next()) is not None:
                if message.opcode in (TEXT, BINARY):
                    await conversation.hear(message.payload)
        except Goodbye as goodbye:
            self.ended[goodbye.code] += 1
        finally:
            conversation.leave()
            session.take()

    async def cost_s(self, data: bytes, *, deflates: bool) -> float:
        """Return the processor time of these bytes, in seconds per frame; where it is much, the least of three."""
        least = await self._timed(data, deflates=deflates)
        if least > FRAME_S:
            count = frames_in(data, deflates=deflates)
            times = [least, *[await self._timed(data, deflates=deflates) for _ in range(2)]]
            least = min(times) / count
        return least

    async def _timed(self, data: bytes, *, deflates: bool) -> float:
        began = time.thread_time()
        await self.hear(data, deflates=deflates)
        return time.thread_time() - began

    def check(self) -> None:
        """Everything that was told is documented, and none of it is a mistake of the server."""
        assert not set(self.codec.told) - (error_codes() - {"internal", "illegal_transition"}), self.codec.told
        assert not set(self.ended) - close_codes(), self.ended


@pytest.fixture
def no_old_rubbish() -> Iterator[None]:
    """Keep what pytest holds out of the garbage collector's way: a pause for it is no frame's."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def frames_in(data: bytes, *, deflates: bool) -> int:
    """Return how many frames the bytes hold that are carried out, and one for what comes after them."""
    reader, count = Reader(limit=CONFIG.frame_bytes, deflates=deflates), 1
    reader.feed(data)
    with contextlib.suppress(Goodbye, frames.BadFrame):
        while (message := reader.next()) is not None:
            count += len(frames.decode(message.payload)) if message.opcode in (TEXT, BINARY) else 1
    return count


@contextlib.asynccontextmanager
async def target() -> AsyncIterator[Target]:
    node = Node(StubStreams(), CONFIG)  # type: ignore[arg-type]
    running = asyncio.create_task(node.run())
    await asyncio.sleep(0)
    try:
        yield Target(node)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.usefixtures("no_old_rubbish")
async def test_fuzzed_frames_end_as_documented_and_none_is_dear(
    seed: int, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    fuzzer, chance = Fuzzer(random.Random(seed)), random.Random(seed)
    sent, count, worst = 0, 0, 0.0
    async with target() as here:
        while sent < FUZZED_BYTES:
            deflates = chance.random() < 0.5
            data = b"".join(
                fuzzer.wire(packed=chance.random() < 0.5, deflates=deflates) for _ in range(chance.choice((1, 1, 3)))
            )
            cost_s = await here.cost_s(data, deflates=deflates)
            assert cost_s <= FRAME_S, f"{1000 * cost_s:.1f} ms for {data[:200]!r}… ({len(data)} bytes)"
            sent, count, worst = sent + len(data), count + 1, max(worst, cost_s)
    here.check()
    assert not caplog.records, [record.getMessage() for record in caplog.records[:5]]
    with capsys.disabled():
        print(
            f"\n{sent / MB:.0f} MB of {count:,} fuzzed messages (seed {seed}): at most {1000 * worst:.1f} ms each; "
            f"errors {dict(here.codec.told)}, closed {dict(here.ended)}"
        )


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
def test_whatever_a_message_says_it_is_answered_or_closed_as_documented(caplog: pytest.LogCaptureFixture) -> None:
    """Messages that hypothesis makes, in both codecs."""

    @settings(
        max_examples=soak.count(100, 1_000),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(FRAMES | st.lists(FRAMES, max_size=4) | VALUES)
    def run(said: Any) -> None:
        asyncio.run(both(said))

    async def both(said: Any) -> None:
        async with target() as here:
            for payload in (json.dumps(said), msgpack.packb(said, unicode_errors="surrogatepass")):
                session = Session("made", here.codec)
                conversation = Conversation(session, here._node, StubReception(), CONFIG)
                try:
                    await conversation.hear(payload)
                except Goodbye as goodbye:
                    here.ended[goodbye.code] += 1
                conversation.leave()
            here.check()

    run()
    assert not caplog.records, [record.getMessage() for record in caplog.records[:5]]
