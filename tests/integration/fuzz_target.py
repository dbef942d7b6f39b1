"""The real WebSocket connection under fuzzed bytes, in one process: what it answered, how it ended, what it cost.

All times are processor time of this thread, in seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any

from livefeed.errors import NotFound, Unauthorised
from livefeed.hub.codec import Codec, JsonCodec, MsgpackCodec
from livefeed.hub.conversation import BURST_S, TOO_MANY, UNAUTHORISED, Conversation
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.hub.websocket import SocketConnection
from livefeed.hub.wire import Message, Reader, seal_deflated
from livefeed.people import Caller
from livefeed.streams.entry import Page
from livefeed.topic import Topic
from tests.integration.fuzz_line import Line, Listener, told
from tests.integration.fuzz_meter import Cost, Meter, timed
from tests.integration.fuzz_verdict import CONFIG, Expected, Outcome
from tests.integration.fuzzed import (
    CLOSE,
    CLOSING,
    TEXT,
    Fuzzer,
    Said,
    masked,
)

ANSWERS = {"subscribed", "result", "error", "pong"}
BURST = int(BURST_S * CONFIG.session_frames_per_s)
END_S = 60.0
"""A connection that takes longer hangs."""
RUNS = 3


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

    def watch(self, session: Session, topic: str, *, roster: bool, hidden: bool) -> None:
        pass

    def unwatch(self, session: Session, topic: str, *, hidden: bool) -> None:
        pass

    async def signal(self, session: Session, topic: str, type: str, data: Mapping[str, Any] | None) -> None:
        raise Unauthorised("Only a signed-in user can send signals.")


class MeteredReader(Reader):
    """Marks each WebSocket frame; remembers what the client's close frame said."""

    def __init__(self, meter: Meter, *, deflates: bool) -> None:
        super().__init__(limit=CONFIG.frame_bytes, deflates=deflates)
        self._meter = meter
        self.close_frame: bytes | None = None

    def next(self) -> Message | None:
        self._meter.mark()
        message = super().next()
        if message is not None and message.opcode == CLOSE and self.close_frame is None:
            assert isinstance(message.payload, bytes)
            self.close_frame = message.payload
        return message


class MeteredConversation(Conversation):
    """Marks each frame of a message."""

    def __init__(self, meter: Meter, session: Session, node: Node) -> None:
        super().__init__(session, node, StubReception(), CONFIG)
        self._meter = meter

    async def _hear_one(self, item: Mapping[str, Any]) -> None:
        try:
            await super()._hear_one(item)
        finally:
            self._meter.mark()


class MeteredNode(Node):
    """Knows whether it still works for a connection, and times each turn of that work."""

    def __init__(self) -> None:
        super().__init__(StubStreams(), CONFIG)  # type: ignore[arg-type]
        self.meter = Meter()
        self._working = 0
        self._rest = asyncio.Event()
        self._rest.set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        self._working += 1
        self._rest.clear()
        super().start(self._counted(work))

    async def _counted(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await timed(work, self.meter.turn)
        finally:
            self._working -= 1
            if not self._working:
                self._rest.set()

    async def at_rest(self) -> None:
        """Wait until nothing is carried out any more, and the flush pass behind it is over."""
        await self._rest.wait()
        await asyncio.sleep(0)


class Target:
    """A node without a store, to which connections are made one after the other."""

    def __init__(self, node: MeteredNode, listener: Listener) -> None:
        self.outcome = Outcome()
        self._node = node
        self._listener = listener
        self._codecs: dict[tuple[bool, bool], Codec] = {
            (False, False): JsonCodec(),
            (False, True): JsonCodec(seal_deflated),
            (True, False): MsgpackCodec(),
            (True, True): MsgpackCodec(seal_deflated),
        }

    async def hear(self, said: Said, *, dear_s: float, dear_read_s: float) -> Cost:
        """Let a new connection hear what a client says; what seems dear is said again, the least of three counts."""
        cost = await self._hear(said)
        for _ in range(RUNS - 1):
            if cost.frame_s > dear_s or cost.read_s > dear_read_s:
                cost = cost.least(await self._hear(said))
        self.outcome.sent_bytes += sum(map(len, said.pieces))
        if cost.frame_s > self.outcome.cost.frame_s:
            self.outcome.dearest = str(said)
        self.outcome.cost = self.outcome.cost.most(cost)
        return cost

    async def _hear(self, said: Said) -> Cost:
        node, expected, began_s = self._node, Expected.of(said), time.monotonic()
        meter = node.meter = Meter()
        session = Session("fuzzed", self._codecs[said.packed, said.deflates])
        conversation = MeteredConversation(meter, session, node)
        reader = MeteredReader(meter, deflates=said.deflates)
        connection = SocketConnection(conversation, node, reader, text=not said.packed)
        line = Line(self._listener, reads=said.reads)
        connection.begin(line)
        node.open(session, connection)
        conversation.greet(0)
        await node.at_rest()
        async with asyncio.timeout(END_S):
            whole = await self._say(said, connection, line)
            took_s = time.monotonic() - began_s
            meter.mark()
            await self._leave(said, connection, line)
            await node.at_rest()
        assert session not in node.sessions
        assert session.outlet is None
        assert not session.subscriptions
        self._judge(said, expected, reader, told(line.received(), deflates=said.deflates), whole=whole, took_s=took_s)
        return meter.cost

    async def _say(self, said: Said, connection: SocketConnection, line: Line) -> bool:
        """Hand the pieces over, and wait for what comes of them; tell whether the client heard all of it."""
        meter = self._node.meter
        meter.start()
        for piece in said.pieces:
            if line.deaf and not await self._quiet(line):
                return False
            if line.ended.is_set():
                break
            began = time.thread_time()
            connection.data_received(piece)
            meter.read(time.thread_time() - began)
            for _ in range(said.turns):
                await asyncio.sleep(0)
        return await self._quiet(line)

    async def _quiet(self, line: Line) -> bool:
        """Wait until everything is carried out, or will not be: a client that reads nothing gets no answers."""
        if line.reads:
            await self._node.at_rest()
            while not line.taken.is_set():  # the socket takes less at a time than was said
                await line.taken.wait()
                await self._node.at_rest()
            return True
        rest, stuck = asyncio.create_task(self._node.at_rest()), asyncio.create_task(line.stuck.wait())
        await asyncio.wait({rest, stuck}, return_when=asyncio.FIRST_COMPLETED)
        stuck.cancel()
        rest.cancel()
        return not line.stuck.is_set()

    async def _leave(self, said: Said, connection: SocketConnection, line: Line) -> None:
        """End the connection from the client's side: with a close frame, or without a word."""
        if said.polite and not line.ended.is_set():
            told_to_leave = connection.closing
            connection.data_received(CLOSING)
            self.outcome.told_to_leave += told_to_leave
            self.outcome.seen_off += told_to_leave and line.is_closing()
            await asyncio.sleep(0)
        line.lose(None if said.polite else ConnectionResetError())

    def _judge(
        self,
        said: Said,
        expected: Expected,
        reader: MeteredReader,
        told: Any,
        *,
        whole: bool,
        took_s: float,
    ) -> None:
        """Count what was told; each frame has its one answer, and what ends a connection is what should."""
        answered, code = 0, None
        outcome = self.outcome
        for kind, what in told:
            if kind == "close":
                code = what
            elif kind == "frame" and what["op"] in ANSWERS:
                answered += 1
                self._count_errors(what)
        outcome.connections += 1
        outcome.stalled += not whole
        if not (whole and said.reads):
            return
        outcome.frames += min(expected.frames, BURST)
        outcome.answered += answered
        outcome.asking += expected.frames > 0
        outcome.silent += expected.frames > 0 and not answered
        echoes = reader.close_frame is not None and code == int.from_bytes(reader.close_frame[:2] or b"\x03\xe8", "big")
        if code is not None and not (echoes and expected.code is None):
            outcome.closed[code] += 1
        if code == TOO_MANY:
            assert expected.uses > BURST, f"closed for {expected.uses} frames"
        elif code != UNAUTHORISED:
            assert expected.uses <= BURST + (took_s + 1) * CONFIG.session_frames_per_s, f"{expected.uses} frames heard"
            assert answered == expected.frames, f"{answered} answers to {expected.frames} frames: {said}"
            says_so = echoes or (code == expected.code and (code is not None or reader.close_frame is None))
            assert says_so, f"closed with {code}, not {expected.code}: {said}"

    def _count_errors(self, frame: Mapping[str, Any]) -> None:
        if frame["op"] == "error":
            self.outcome.errors[frame["code"]] += 1
        elif frame["op"] == "subscribed":
            self.outcome.errors.update(answer["error"] for answer in frame["topics"].values() if "error" in answer)


class _Warnings(logging.Handler):
    """Keeps what is logged that nobody should have to read."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(record.getMessage())


@contextlib.asynccontextmanager
async def target() -> AsyncIterator[Target]:
    """A node at work, and a way to connect to it."""
    listener, node = Listener(), MeteredNode()
    here = Target(node, listener)
    warnings = _Warnings(here.outcome.logged)
    logging.getLogger().addHandler(warnings)
    running = asyncio.create_task(node.run())
    await asyncio.sleep(0)
    try:
        yield here
        assert not node.sessions
        assert not running.done(), "the node has stopped"
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        listener.close()
        logging.getLogger().removeHandler(warnings)


async def follow_many(count: int) -> Cost:
    """Subscribe to many topics with one frame, and return what that costs: the least of some runs."""
    frame = {"op": "subscribe", "topics": {f"app:x{number}": {} for number in range(count)}}
    said = Said((masked(0x80 | TEXT, json.dumps(frame).encode(), b"mask"),))
    async with target() as here:
        cost = await here.hear(said, dear_s=0, dear_read_s=0)
    assert not here.outcome.errors
    assert here.outcome.answered == here.outcome.frames == RUNS
    return cost


async def bombard(seed: int, size: int, *, dear_s: float, dear_read_s: float) -> Outcome:
    """Let connections hear `size` bytes of what clients should not send."""
    fuzzer = Fuzzer(random.Random(seed))
    async with target() as here:
        while here.outcome.sent_bytes < size:
            await here.hear(fuzzer.said(), dear_s=dear_s, dear_read_s=dear_read_s)
    outcome = here.outcome
    outcome.check()
    assert outcome.silent <= outcome.asking / 2, f"no answer on {outcome.silent} of {outcome.asking} connections"
    assert outcome.seen_off >= outcome.told_to_leave / 2, f"{outcome.seen_off} of {outcome.told_to_leave} seen off"
    return outcome
