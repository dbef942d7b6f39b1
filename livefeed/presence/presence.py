"""Presence of one node: counts of feeds and posts, rosters of rooms, signals; told to the others, and heard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import orjson

from livefeed.errors import LivefeedError
from livefeed.people import User
from livefeed.presence import rosters
from livefeed.presence.headcount import Headcount
from livefeed.presence.kinds import Data
from livefeed.presence.parts import Parts
from livefeed.presence.ports import Audience, Channel, NoRooms, NoVeil, Roles, Rosters, Veil
from livefeed.presence.signalling import Signalling
from livefeed.presence.signals import Signal

log = logging.getLogger(__name__)

TICK_S = 0.1


class Presence:
    """Who is here, and what they are doing, on this node and by word of the others.

    roles: who has which part in a room; without it there are no rooms. veil: is told who hides in one.
    """

    def __init__(
        self,
        node: str,
        channel: Channel,
        audience: Audience,
        store: Rosters,
        *,
        roles: Roles | None = None,
        veil: Veil | None = None,
    ) -> None:
        self._node = node
        self._channel = channel
        self._audience = audience
        parts, members = Parts(), roles or NoRooms()
        self._headcount = Headcount(node)
        self._rosters = rosters.Rosters(node, channel, audience, store, members, parts, veil or NoVeil())
        self._signalling = Signalling(node, channel, audience, members, parts, lambda: self._headcount.alone)
        self._pointing: dict[tuple[str, str], User] = {}
        """Whose cursor others see, by session and room: it is taken away when the session ends."""

    def watch(self, session: str, topic: str, user: User | None, *, hidden: bool = False) -> int | None:
        """Let a session see who is on a topic, and be seen unless it hides.

        Returns: how many there are now, as people are told; None of a room, whose roster follows.
        """
        if topic.startswith("room:"):
            self._rosters.watch(session, topic, user, hidden=hidden)
            return None
        return self._headcount.watch(topic, hidden=hidden)

    def unwatch(self, session: str, topic: str, *, hidden: bool = False) -> None:
        """End what `watch` began; `hidden` as it was then."""
        if not topic.startswith("room:"):
            self._headcount.unwatch(topic, hidden=hidden)
            return
        self._rosters.unwatch(session, topic)
        user = self._pointing.pop((session, topic), None)
        if user is not None:
            self._signalling.pass_on(topic, Signal(user.as_dict(), "cursor", None, origin=session))

    def role_changed(self, topic: str, user: str) -> None:
        """Act at once on another part that a person has in a room, or on none. user: an id."""
        self._rosters.role_changed(topic, user)

    async def signal(self, session: str, user: User, topic: str, type: str, data: Data) -> None:
        """Pass on that a person does something just now, to everybody but this session.

        Raises: BadRequest, NotFound, Forbidden, RateLimited, StoreUnavailable.
        """
        await self._signalling.signal(user, topic, type, data, origin=session)
        if type == "cursor":
            if data is None:
                self._pointing.pop((session, topic), None)
            elif self._rosters.watches(session, topic):
                self._pointing[session, topic] = user

    def receive(self, message: bytes) -> None:
        """Take a message from any node; one of another version that says something else is dropped."""
        try:
            self._take(orjson.loads(message), asyncio.get_running_loop().time())
        except (ValueError, TypeError, KeyError, AttributeError) as exc:
            log.warning("another node says what cannot be read (%r): %.80r", exc, message)

    def _take(self, told: Mapping[str, Any], now_s: float) -> None:
        if "counts" in told:
            self._headcount.hear(told["node"], told["counts"], whole=told["whole"], now_s=now_s)
        elif "hello" in told:
            if told["hello"] != self._node:
                self._headcount.greet()
        elif told.get("node") != self._node:
            self._signalling.hear(told.get("signals", {}))
            self._rosters.hear(told.get("rosters", {}))

    async def run(self) -> None:
        """Greet the other nodes, then count, signal and keep rosters until cancelled."""
        await self._publish({"hello": self._node})
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._rosters.run())
            tasks.create_task(self._signalling.run())
            while True:
                await asyncio.sleep(TICK_S)
                await self.tick(asyncio.get_running_loop().time())

    async def tick(self, now_s: float) -> None:
        """Tell the other nodes how many are here, and the sessions how many there are in all."""
        told = self._headcount.tell(now_s)
        if told is not None:
            await self._publish(told)
        for topic, count in self._headcount.show(now_s).items():
            if not self._audience.show_count(topic, count):
                self._headcount.show_again(topic)

    async def _publish(self, message: Mapping[str, Any]) -> None:
        try:
            await self._channel.publish(orjson.dumps(message))
        except LivefeedError as exc:
            log.debug("presence is not told: %s", exc.message)
