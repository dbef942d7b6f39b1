"""What a lost right does to open connections: on every node, as soon as it hears of it.

Who is in a room changes by a KEPT event of the room's topic, which every node's follower reads. So each node can end
what the person follows before it passes on anything that came later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence

import orjson

from livefeed.api.rights import LOSABLE, Rights
from livefeed.errors import LivefeedError
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.position import Position
from livefeed.streams.entry import Entry
from livefeed.topic import Topic

log = logging.getLogger(__name__)

MEMBER, ROOM = "room.member", "room:"
ASKED_AT_ONCE = 64
ASK_AGAIN_S = 0.5


class Revocations:
    """The follower's listener: looks for lost rights, and hands everything on to the node."""

    def __init__(
        self, node: Node, rights: Rights, changed: Callable[[str, str], None] = lambda topic, user: None
    ) -> None:
        """changed: called with the topic of a room and a user whose role in it is another one now, or none."""
        self._node = node
        self._rights = rights
        self._changed = changed
        self._doubted: set[str] = set()
        """People who lost a right, whose other topics are to be looked at."""
        self._all_doubted = False
        self._reviewing = False

    def advance(self, shard: int, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.type == MEMBER and entry.topic.startswith(ROOM):  # API keys may call theirs so too
                self._member(entry)
        self._node.advance(shard, entries)

    def reset(self, shard: int, cut: Position) -> None:
        """Look at everybody again: nobody knows who lost a right in what was missed."""
        self._node.reset(shard, cut)
        self._node.rights_lost += 1
        self._all_doubted = True
        self._review_soon()

    def recheck(self, shard: int) -> None:
        self._node.recheck(shard)

    def lost(self) -> None:
        self._node.lost()

    def found(self) -> None:
        self._node.found()

    def _member(self, entry: Entry) -> None:
        data = orjson.loads(entry.data)
        user, role, topic = data["user"]["id"], data["role"], Topic(entry.topic)
        self._changed(topic.name, user)
        if role is None:
            self._node.rights_lost += 1
            for session in self._node.followers(topic):
                if _is(session, user):
                    self._node.expel(session, topic.name)
            self._doubted.add(user)
            self._review_soon()

    def _review_soon(self) -> None:
        if not self._reviewing:
            self._reviewing = True
            self._node.start(self._review())

    async def _review(self) -> None:
        """Ask again for the rights of whoever may have lost one, until nobody is in doubt."""
        try:
            while self._doubted or self._all_doubted:
                doubted, everybody = self._doubted, self._all_doubted
                self._doubted, self._all_doubted = set(), False
                found = [
                    (session, topic)
                    for session, topic in self._node.followed(LOSABLE)
                    if everybody or (session.caller.user is not None and session.caller.user.id in doubted)
                ]
                try:
                    await self._judge(found)
                except LivefeedError as exc:
                    log.info("who may still follow what is asked again: %s", exc.message)
                    self._doubted |= doubted
                    self._all_doubted |= everybody
                    await asyncio.sleep(ASK_AGAIN_S)
        finally:
            self._reviewing = False

    async def _judge(self, followed: Sequence[tuple[Session, str]]) -> None:
        for start in range(0, len(followed), ASKED_AT_ONCE):
            some = followed[start : start + ASKED_AT_ONCE]
            for session, topic in await self._without_right(some):
                self._node.expel(session, topic)

    async def _without_right(self, followed: Iterable[tuple[Session, str]]) -> list[tuple[Session, str]]:
        async def may(session: Session, topic: str) -> bool:
            right = self._rights.may_subscribe(session.caller, Topic(topic))
            return right if isinstance(right, bool) else await right

        asked = list(followed)
        answers = await asyncio.gather(*(may(session, topic) for session, topic in asked))
        return [one for one, answer in zip(asked, answers, strict=True) if not answer]


def _is(session: Session, user: str) -> bool:
    return session.caller.user is not None and session.caller.user.id == user
