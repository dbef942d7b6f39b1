"""Counts and signals of one node, told to and heard from the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Protocol

import orjson

from livefeed.allowance import Allowance
from livefeed.errors import BadRequest, LivefeedError, RateLimited
from livefeed.people import User
from livefeed.presence.counts import HEARTBEAT_S, Counts
from livefeed.presence.signals import Signals

log = logging.getLogger(__name__)

TICK_S = 0.1
COUNTS_EVERY_S = 1.0
EXACT_TO = 100
"""Above it, people are told two digits of a count: whether 1,204 or 1,210 are here makes no difference to them."""
SIGNAL_TYPES = frozenset({"typing"})
SIGNAL_TOPICS = ("post:",)
SIGNALS_PER_S = 5.0
SIGNAL_BURST = 20.0
MAX_DATA_BYTES = 256
MAX_ALLOWANCES = 10_000


class Channel(Protocol):
    """Carries small messages to every node, without promise."""

    async def publish(self, message: bytes) -> None:
        """Send a message to all nodes. Raises: StoreUnavailable."""


class Audience(Protocol):
    """The sessions of this node."""

    def show_count(self, topic: str, count: int) -> None:
        """Tell the sessions that are present on a topic how many are."""

    def show_signals(self, topic: str, signals: list[Mapping[str, Any]]) -> None:
        """Pass signals on to the sessions that follow a topic."""


def shown(count: int) -> int:
    """Return a count as people are told it: exact while it is small, then its first two digits."""
    if count <= EXACT_TO:
        return count
    unit: int = 10 ** (len(str(count)) - 2)
    return count // unit * unit


class Presence:
    """Keeps this node's counts, hears the others', and ticks."""

    def __init__(self, node: str, channel: Channel, audience: Audience) -> None:
        self._node = node
        self._channel = channel
        self._audience = audience
        self._counts = Counts()
        self._signals = Signals()
        self._here: dict[str, int] = {}
        self._changed: set[str] = set()
        self._greeted = False
        self._next_beat_s = 0.0
        self._next_counts_s = 0.0
        self._unshown: set[str] = set()
        self._allowances: dict[str, Allowance] = {}

    def watch(self, topic: str) -> int:
        """Count one more here; return how many there are in all now, as people are told."""
        self._here[topic] = self._here.get(topic, 0) + 1
        self._changed.add(topic)
        return shown(self._counts.of(topic) + 1)

    def unwatch(self, topic: str) -> None:
        """Count one less here."""
        left = self._here.get(topic, 0) - 1
        if left > 0:
            self._here[topic] = left
        else:
            self._here.pop(topic, None)
        self._changed.add(topic)

    async def signal(self, user: User, topic: str, type: str, data: Mapping[str, Any]) -> None:
        """Pass on that a person does something just now.

        Raises: BadRequest, RateLimited, StoreUnavailable.
        """
        if type not in SIGNAL_TYPES or not topic.startswith(SIGNAL_TOPICS):
            raise BadRequest(f"There is no signal '{type}' on {topic}; there is 'typing' on posts.")
        if len(orjson.dumps(data)) > MAX_DATA_BYTES:
            raise BadRequest(f"The data of a signal has at most {MAX_DATA_BYTES} bytes.")
        message = orjson.dumps({"signal": {"topic": topic, "user": user.as_dict(), "type": type, "data": data}})
        wait_s = self._allowance(user.id).take(asyncio.get_running_loop().time())
        if wait_s > 0:
            raise RateLimited("Too many signals; send fewer.", retry_after_s=wait_s)
        await self._channel.publish(message)

    def receive(self, message: bytes) -> None:
        """Take a message from any node; one of another version that says something else is dropped."""
        try:
            self._take(orjson.loads(message), asyncio.get_running_loop().time())
        except (ValueError, TypeError, KeyError, AttributeError) as exc:
            log.warning("another node says what cannot be read (%r): %.80r", exc, message)

    def _take(self, told: Mapping[str, Any], now_s: float) -> None:
        if "signal" in told:
            signal = told["signal"]
            self._signals.add(signal["topic"], signal["user"], signal["type"], signal["data"])
        elif "counts" in told:
            self._unshown |= self._counts.tell(told["node"], told["counts"], whole=told["whole"], now_s=now_s)
        elif "hello" in told and told["hello"] != self._node:
            self._greeted = True

    async def run(self) -> None:
        """Greet the other nodes, then tick until cancelled."""
        await self._publish({"hello": self._node})
        while True:
            await asyncio.sleep(TICK_S)
            await self.tick(asyncio.get_running_loop().time())

    async def tick(self, now_s: float) -> None:
        """Pass signals on, tell what changed here or, at a heartbeat and to a new node, all; forget silent nodes."""
        for topic, signals in self._signals.take().items():
            self._audience.show_signals(topic, signals)
        if now_s >= self._next_beat_s or self._greeted:
            self._next_beat_s, self._greeted = now_s + HEARTBEAT_S, False
            self._changed.clear()
            await self._publish({"node": self._node, "counts": self._here, "whole": True})
            self._unshown |= self._counts.expire(now_s=now_s)
            self._forget_allowances(now_s)
        elif self._changed:
            counts = {topic: self._here.get(topic, 0) for topic in self._changed}
            self._changed.clear()
            await self._publish({"node": self._node, "counts": counts, "whole": False})

        if now_s >= self._next_counts_s:
            self._next_counts_s = now_s + COUNTS_EVERY_S
            topics, self._unshown = self._unshown, set()
            for topic in topics:
                self._audience.show_count(topic, shown(self._counts.of(topic)))

    async def _publish(self, message: Mapping[str, Any]) -> None:
        try:
            await self._channel.publish(orjson.dumps(message))
        except LivefeedError as exc:
            log.debug("presence is not told: %s", exc.message)

    def _allowance(self, user: str) -> Allowance:
        allowance = self._allowances.get(user)
        if allowance is None:
            if len(self._allowances) >= MAX_ALLOWANCES:
                raise RateLimited("Too many signals on this server; try again.", retry_after_s=1.0)
            now_s = asyncio.get_running_loop().time()
            allowance = self._allowances[user] = Allowance(SIGNALS_PER_S, SIGNAL_BURST, now_s=now_s)
        return allowance

    def _forget_allowances(self, now_s: float) -> None:
        self._allowances = {user: held for user, held in self._allowances.items() if not held.full(now_s)}
