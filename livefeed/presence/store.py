"""Rosters in the store: one room's are three keys in the room's slot, that run out with the last lease."""

from __future__ import annotations

from typing import Any

import orjson

from livefeed.presence.attendance import GRACE_S, LEASE_S, Answer, Question
from livefeed.presence.roster import SHOWN, Entry
from livefeed.streams import keys
from livefeed.streams.connection import Argument
from livefeed.streams.script import Script, source
from livefeed.streams.streams import Streams
from livefeed.topic import Topic

_ATTEND = Script(source(__package__, "attend"))


class RosterStore:
    """Tells the store who is in a room by way of one node, and reads who is there in all."""

    def __init__(self, streams: Streams, *, lease_s: float = LEASE_S, grace_s: float = GRACE_S) -> None:
        self._streams = streams
        self._lease_ms = round(1000 * lease_s)
        self._grace_ms = round(1000 * grace_s)

    async def attend(self, node: str, topic: str, question: Question) -> Answer:
        """Tell and ask in one script. Raises: StoreUnavailable, StoreRefused."""
        prefix = keys.tag(self._streams.shard(Topic(topic)))
        args: list[Argument] = [node, question.rev, self._lease_ms, self._grace_ms, SHOWN, len(question.here)]
        for seat in question.here:
            user, pigment = orjson.dumps(seat.user.as_dict()), "" if seat.pigment is None else seat.pigment
            args += (seat.user.id, seat.role, user, pigment, seat.since)
        for people in (question.leaving, question.withdrawn, question.banned):
            args += (len(people), *people)
        names = [f"{prefix}{name}:{topic}" for name in ("here", "here-ends", "here-order")]
        return _answer(await self._streams.store.run(_ATTEND, names, args))


def _answer(reply: list[Any]) -> Answer:
    rev, changed, count, ends_ms, people = reply
    return Answer(
        int(rev),
        bool(changed),
        count,
        ends_ms / 1000 if ends_ms >= 0 else None,
        None if people is None else _entries(people),
    )


def _entries(flat: list[Any]) -> dict[str, Entry]:
    found = {}
    for at in range(0, len(flat), 5):
        person, pigment, since, role, user = flat[at : at + 5]
        found[person.decode()] = Entry(orjson.loads(user), role.decode(), pigment, int(since))
    return found
