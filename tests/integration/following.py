"""Plain clients for tests: a WebSocket and an event stream that end when the server says so, and resume when told to.

Neither comes back by itself, so that a test sees each end, and where it goes on. Both read numbered events, and hold
what they are told against the protocol.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
import orjson
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed

WAIT_S = 60.0
LOOK_S = 0.01


class Numbers:
    """What a client has heard: `number` of each event's data, in the order they came.

    resumed: the answer to every subscription that gave a position. gaps: how many it was told of.
    """

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.resumed: list[bool] = []
        self.gaps = 0

    @property
    def is_unbroken(self) -> bool:
        """Whether each number followed the one before, from the first on."""
        return self.heard == list(range(self.heard[0], self.heard[0] + len(self.heard)))

    async def reach(self, number: int) -> None:
        """Wait until this number was heard."""
        await until(lambda: bool(self.heard) and self.heard[-1] >= number, f"number {number} is heard")


class Socket(Numbers):
    """A WebSocket that follows one topic. at: the position of the last frame, to resume from anywhere."""

    def __init__(self, topic: str) -> None:
        super().__init__()
        self.at: str | None = None
        self.drain_ms: int | None = None
        """What `drain` said; None: nothing yet."""
        self.heard_before_drain = 0
        self.close_code: int | None = None
        self.refused: list[str] = []
        """Codes of the subscriptions that failed."""
        self._topic = topic

    async def follow(self, url: str, *, heed: bool = False) -> None:
        """Follow the topic, from where it stands, until the connection ends or the subscription is refused.

        heed: leave when `drain` says so. Raises: InvalidStatus when it is not let in, OSError when nobody listens.
        """
        self.drain_ms = self.close_code = None
        async with open_socket(url.replace("http", "ws", 1) + "/ws", ping_interval=None, close_timeout=5) as line:
            wanted = {} if self.at is None else {"since": self.at}
            await line.send(orjson.dumps({"op": "subscribe", "ref": 1, "topics": {self._topic: wanted}}).decode())
            refused = len(self.refused)
            with contextlib.suppress(TimeoutError, ConnectionClosed):
                async with asyncio.timeout(None) as stay:
                    async for message in line:
                        frames = orjson.loads(message)
                        for frame in frames if isinstance(frames, list) else [frames]:
                            self._hear(frame)
                        if heed and self.drain_ms is not None and stay.when() is None:
                            stay.reschedule(asyncio.get_running_loop().time() + self.drain_ms / 1000)
                        if len(self.refused) > refused:
                            break
        self.close_code = line.close_code

    def _hear(self, frame: dict[str, Any]) -> None:
        match frame["op"]:
            case "subscribed":
                answer = frame["topics"][self._topic]
                if "error" in answer:
                    self.refused.append(answer["error"])
                    return
                if self.at is not None:
                    self.resumed.append(answer["resumed"])
                    assert not answer["resumed"] or answer["at"] == self.at
                self.at = answer["at"]
            case "events":
                assert frame["from"] == self.at, f"from {frame['from']} does not follow {self.at}"
                self.at = frame["to"]
                self.heard += [event["data"]["number"] for event in frame["events"]]
            case "gap":
                self.gaps += 1
                self.at = frame["at"]
            case "drain":
                self.drain_ms, self.heard_before_drain = frame["after_ms"], len(self.heard)


class Stream(Numbers):
    """An event stream of some topics, as an EventSource would read it. last_id: covers the positions of all."""

    def __init__(self, topics: Sequence[str]) -> None:
        super().__init__()
        self.last_id: str | None = None
        self._topics = topics

    async def follow(self, url: str) -> None:
        """Read, with `Last-Event-ID` if there is one, until the stream is ended as HTTP ends one.

        Raises: aiohttp.ClientError when it is not let in, or when the line is cut instead.
        """
        again = self.last_id is not None
        headers = {} if self.last_id is None else {"Last-Event-ID": self.last_id}
        query = [("topic", topic) for topic in self._topics]
        timeout = aiohttp.ClientTimeout(total=None)
        async with (
            aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as http,
            http.get(f"{url}/sse", params=query, headers=headers) as answer,
        ):
            block: dict[str, str] = {}
            async for line in answer.content:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    block[name] = value
                else:
                    self._hear(block, again=again)
                    block = {}

    def _hear(self, block: dict[str, str], *, again: bool) -> None:
        self.last_id = block.get("id", self.last_id)
        data = orjson.loads(block.get("data", "{}"))
        match block.get("event"):
            case "subscribed" if again:
                self.resumed += [answer["resumed"] for answer in data["topics"].values()]
            case "gap":
                self.gaps += 1
            case str() if "number" in data.get("data", ()):
                self.heard.append(data["data"]["number"])


async def until(true: Callable[[], bool], what: str, timeout_s: float = WAIT_S) -> None:
    """Wait for a state while others work. Raises: AssertionError with `what` once the time is over."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while not true():
        assert asyncio.get_running_loop().time() < deadline, f"waited {timeout_s:g} s in vain: {what}"
        await asyncio.sleep(LOOK_S)
