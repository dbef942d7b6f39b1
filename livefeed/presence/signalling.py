"""Signals of one node: judged, merged, shown at their topics' ticks, and told to the other nodes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from livefeed.allowance import Allowance
from livefeed.errors import BadRequest, Forbidden, LivefeedError, NotFound, RateLimited
from livefeed.people import User
from livefeed.presence.kinds import KINDS, Data, Kind, read
from livefeed.presence.parts import Parts
from livefeed.presence.ports import Audience, Channel, Roles
from livefeed.presence.signals import Signal, Signals

log = logging.getLogger(__name__)

MAX_ALLOWANCES = 50_000
FORGET_EVERY_S = 10.0


class Signalling:
    """Two queues that are merged alike: what goes to the sessions here, and what goes to the other nodes.

    alone: tells whether there is no other node to tell.
    """

    def __init__(
        self, node: str, channel: Channel, audience: Audience, roles: Roles, parts: Parts, alone: Callable[[], bool]
    ) -> None:
        self._node = node
        self._channel = channel
        self._audience = audience
        self._roles = roles
        self._parts = parts
        self._alone = alone
        self._here = Signals()
        self._there = Signals()
        self._shown, self._told = asyncio.Event(), asyncio.Event()
        self._allowances: dict[tuple[str, str], Allowance] = {}
        self._next_forget_s = 0.0

    async def signal(self, user: User, topic: str, type: str, data: Data, *, origin: str) -> None:
        """Pass on that a person does something just now; it goes to everybody but the session it came from.

        Raises: BadRequest, NotFound, Forbidden, RateLimited, StoreUnavailable.
        """
        kind = KINDS.get(type)
        if kind is None or not topic.startswith(kind.topics):
            here = [name for name, one in KINDS.items() if topic.startswith(one.topics)]
            raise BadRequest(f"There is no signal '{type}' on {topic}; there is: {', '.join(here) or 'none'}.")
        if topic.startswith("room:"):
            now_s = asyncio.get_running_loop().time()
            role = self._parts.of(topic, user.id, now_s)
            self._judge(kind, type, await self._ask(topic, user.id) if role is None else role)
        told = read(kind, data)
        wait_s = self._allowance(user.id, type, kind).take(asyncio.get_running_loop().time())
        if wait_s > 0:
            raise RateLimited("Too many signals; send fewer.", retry_after_s=wait_s)
        self.pass_on(topic, Signal(user.as_dict(), type, told, origin=origin))

    def pass_on(self, topic: str, signal: Signal) -> None:
        """Let a signal wait for the next tick, here and on the other nodes."""
        self._show(topic, signal)
        if not self._alone():
            self._there.add(topic, signal)
            self._told.set()

    def hear(self, told: Mapping[str, list[Mapping[str, Any]]]) -> None:
        """Take what another node's people do."""
        for topic, signals in told.items():
            for one in signals:
                self._show(topic, Signal(one["user"], one["type"], one["data"]))

    async def run(self) -> None:
        """Show and tell at every tick until cancelled; while nothing is signalled, nothing is done."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._run_shows())
            tasks.create_task(self._run_tellings())

    def show(self, now_s: float) -> None:
        """Show the signals whose tick has come to the sessions here."""
        for topic, signals in self._here.take(now_s, self._audience.size).items():
            self._audience.show_signals(topic, signals)
        if now_s >= self._next_forget_s:
            self._next_forget_s = now_s + FORGET_EVERY_S
            self._allowances = {key: held for key, held in self._allowances.items() if not held.full(now_s)}
            self._parts.expire(now_s)

    async def tell(self, now_s: float) -> None:
        """Tell the other nodes, in one message, the signals whose tick has come."""
        topics = self._there.take(now_s, self._audience.size)
        if not topics:
            return
        parts = [
            b"%s:[%s]" % (orjson.dumps(topic), b",".join([signal.json() for signal in signals]))
            for topic, signals in topics.items()
        ]
        try:
            await self._channel.publish(b'{"node":"%s","signals":{%s}}' % (self._node.encode(), b",".join(parts)))
        except LivefeedError as exc:
            log.debug("signals are not told: %s", exc.message)

    async def _run_shows(self) -> None:
        while True:
            await self._shown.wait()
            now_s = asyncio.get_running_loop().time()
            self.show(now_s)
            if not self._here:
                self._shown.clear()
            await asyncio.sleep(self._here.wait_s(now_s))

    async def _run_tellings(self) -> None:
        while True:
            await self._told.wait()
            now_s = asyncio.get_running_loop().time()
            await self.tell(now_s)
            if not self._there:
                self._told.clear()
            await asyncio.sleep(self._there.wait_s(now_s))

    def _show(self, topic: str, signal: Signal) -> None:
        self._here.add(topic, signal)
        self._shown.set()

    async def _ask(self, topic: str, user: str) -> str:
        """Return a person's role in a room, '' for none. Raises: StoreUnavailable."""
        asked = self._parts.serial
        found = await self._roles.roles(topic.partition(":")[2], [user])
        role = found.get(user, "")
        self._parts.keep(topic, user, role, asyncio.get_running_loop().time(), asked=asked)
        return role

    @staticmethod
    def _judge(kind: Kind, type: str, role: str) -> None:
        if not role:
            raise NotFound("There is no such room, or you are no member of it.")
        if role not in kind.roles:
            raise Forbidden(f"A {role} of this room sends no '{type}'; its owner can make you an editor.")

    def _allowance(self, user: str, type: str, kind: Kind) -> Allowance:
        allowance = self._allowances.get((user, type))
        if allowance is None:
            if len(self._allowances) >= MAX_ALLOWANCES:
                raise RateLimited("Too many signals on this server; try again.", retry_after_s=1.0)
            now_s = asyncio.get_running_loop().time()
            allowance = self._allowances[user, type] = Allowance(kind.per_s, kind.burst, now_s=now_s)
        return allowance
