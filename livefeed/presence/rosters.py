"""Rosters of rooms: who comes and goes on this node, told to the store, and what the store knows, told to the sessions.

One question of a room is under way at a time. Another node's message that a roster has changed is only a hint, and may
be lost: leases are renewed, and the roster is read, every BEAT_S.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from livefeed.errors import LivefeedError
from livefeed.people import User
from livefeed.presence.attendance import AGAIN_S, BEAT_S, Attendance
from livefeed.presence.parts import Parts
from livefeed.presence.ports import Audience, Channel, Roles, Veil
from livefeed.presence.ports import Rosters as Store
from livefeed.presence.roster import Roster

log = logging.getLogger(__name__)

SHOW_EVERY_S = 1.0
LOOK_EVERY_S = 0.1
"""How late a room's question, its lease's end or its next diff may be noticed; who comes is noticed at once."""
GATHER_S = 0.01
REMEMBERED_S = 60.0
"""Somebody who changes how they look at a room ends one subscription and begins another."""


@dataclass(slots=True)
class _Room:
    """One room that is looked at here.

    watchers: sessions and who they are. hidden: those that see without being seen. veiled: the people of those;
    openly: of the others. unjudged: whose part is to be asked.
    ungreeted: those that were told nothing yet. judge_s: when all are asked about again. again_s: not before.
    shown: what all who were greeted know, None while somebody does not.
    """

    attendance: Attendance
    watchers: dict[str, User | None] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    veiled: frozenset[str] = frozenset()
    openly: frozenset[str] = frozenset()
    unjudged: dict[str, User] = field(default_factory=dict)
    ungreeted: dict[str, None] = field(default_factory=dict)
    judge_s: float = 0.0
    again_s: float = 0.0
    show_s: float = 0.0
    shown: Roster | None = None
    turning: bool = False

    def forget(self, session: str) -> User | None:
        """Let a session go; return whose it was."""
        self.hidden.discard(session)
        self.unjudged.pop(session, None)
        self.ungreeted.pop(session, None)
        return self.watchers.pop(session, None)

    def judges(self, now_s: float) -> bool:
        """Whether it is to be asked which parts people have."""
        return now_s >= self.again_s and (bool(self.unjudged) or now_s >= self.judge_s)


class Rosters:
    """The rooms that somebody here looks at."""

    def __init__(
        self, node: str, channel: Channel, audience: Audience, store: Store, roles: Roles, parts: Parts, veil: Veil
    ) -> None:
        self._node = node
        self._channel = channel
        self._audience = audience
        self._store = store
        self._roles = roles
        self._parts = parts
        self._veil = veil
        self._rooms: dict[str, _Room] = {}
        self._hid: dict[tuple[str, str], float] = {}
        """Until when it is remembered that a session hid in a room: it may look there again and not hide."""
        self._due: set[str] = set()
        self._changed: dict[str, int] = {}
        """Rosters that became others by what this node said: the other nodes are to be told."""
        self._awake = asyncio.Event()

    # What sessions ask.

    def watch(self, session: str, topic: str, user: User | None, *, hidden: bool) -> None:
        """Let a session see who is in a room, and be seen there unless it hides."""
        now_s = asyncio.get_running_loop().time()
        room = self._rooms.get(topic)
        if room is None:
            room = self._rooms[topic] = _Room(Attendance(now_s), judge_s=now_s + BEAT_S)
        room.attendance.looked_at()
        room.ungreeted[session] = None
        room.watchers[session] = user
        if hidden:
            room.hidden.add(session)
        if user is not None:
            room.unjudged[session] = user
            if hidden:
                room.attendance.hide(session, user.id)
        self._tell_hidden(topic, room)
        if self._hid.pop((session, topic), None) is not None and user is not None and not hidden:
            self._veil.show(topic, user.id)
        self._wake(topic)

    def unwatch(self, session: str, topic: str) -> None:
        """End it; whoever was seen has the grace to come back."""
        room = self._rooms.get(topic)
        if room is None or session not in room.watchers:
            return
        if session in room.hidden:
            self._remember_hidden(session, topic, asyncio.get_running_loop().time())
        user = room.forget(session)
        if user is not None:
            room.attendance.depart(session, user.id)
        self._tell_hidden(topic, room)
        self._wake(topic)

    def _remember_hidden(self, session: str, topic: str, now_s: float) -> None:
        while self._hid and self._hid[oldest := next(iter(self._hid))] <= now_s:
            del self._hid[oldest]
        self._hid.pop((session, topic), None)
        self._hid[session, topic] = now_s + REMEMBERED_S

    def watches(self, session: str, topic: str) -> bool:
        """Tell whether a session sees who is in a room."""
        room = self._rooms.get(topic)
        return room is not None and session in room.watchers

    # What others tell.

    def role_changed(self, topic: str, user: str) -> None:
        """Ask again which part a person has in a room: act on it at once."""
        self._parts.forget(topic, user, asyncio.get_running_loop().time())
        room = self._rooms.get(topic)
        if room is not None:
            mine = {session: one for session, one in room.watchers.items() if one is not None and one.id == user}
            room.unjudged.update(mine)
            if mine:
                self._wake(topic)

    def hear(self, revs: Mapping[str, int]) -> None:
        """Take another node's word that rosters have become others."""
        for topic, rev in revs.items():
            room = self._rooms.get(topic)
            if room is not None:
                room.attendance.hint(rev)
                self._wake(topic)

    async def run(self) -> None:
        """Look after the rooms until cancelled."""
        loop, scan_s = asyncio.get_running_loop(), 0.0
        async with asyncio.TaskGroup() as tasks:
            while True:
                if loop.time() >= scan_s:
                    scan_s = loop.time() + LOOK_EVERY_S
                    self._due.update(self._rooms)
                for topic in self.look(loop.time()):
                    tasks.create_task(self.turn(topic))
                await self._tell()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY_S):
                        await self._awake.wait()
                await asyncio.sleep(GATHER_S)  # whoever comes in the same moment

    def look(self, now_s: float) -> list[str]:
        """Show what has changed; return the rooms whose turn it is: each is to be given one."""
        self._awake.clear()
        due, self._due = self._due, set()
        turns = []
        for topic in due & self._rooms.keys():
            room = self._rooms[topic]
            if not room.turning and (room.judges(now_s) or room.attendance.due(now_s)):
                room.turning = True
                turns.append(topic)
            self._show(topic, room, now_s)
            if not (room.watchers or room.turning) and room.attendance.over(now_s):
                del self._rooms[topic]
        return turns

    async def turn(self, topic: str) -> None:
        """Learn which parts people have, tell the store who is here, and take its answer."""
        room, loop = self._rooms[topic], asyncio.get_running_loop()
        question = None
        try:
            if room.judges(loop.time()):
                await self._judge(topic, room, loop.time())
            question = room.attendance.ask(loop.time())
            if question is not None:
                answer = await self._store.attend(self._node, topic, question)
                room.attendance.answer(answer, loop.time())
                question = None
                if answer.changed:
                    self._changed[topic] = answer.rev
            self._greet(topic, room)
        except LivefeedError as exc:
            log.info("the roster of %s must wait: %s", topic, exc.message)
        except Exception:  # a defect of ours, of this room alone
            log.exception("the roster of %s cannot be told", topic)
        finally:
            if question is not None:
                room.attendance.fail(loop.time())
            room.turning = False
            self._wake(topic)

    async def _judge(self, topic: str, room: _Room, now_s: float) -> None:
        """Ask for the parts of those who came, and now and then of everybody; who has none is not here."""
        if now_s >= room.judge_s:
            room.unjudged.update({session: user for session, user in room.watchers.items() if user is not None})
            room.judge_s = now_s + BEAT_S
        room.again_s = now_s + AGAIN_S  # unless it succeeds
        asked = dict(room.unjudged)
        people, serial = {user.id for user in asked.values()}, self._parts.serial
        roles = await self._roles.roles(topic.partition(":")[2], people) if people else {}
        room.again_s = now_s
        for session, user in asked.items():
            self._parts.keep(topic, user.id, roles.get(user.id, ""), now_s, asked=serial)
            if room.unjudged.get(session) is not user or self._parts.outdated(topic, user.id, serial):
                continue  # it has left meanwhile, or is to be asked about again
            del room.unjudged[session]
            if user.id in roles:
                if session not in room.hidden:
                    room.attendance.arrive(session, user, roles[user.id])
            else:
                room.attendance.ban(user.id)
                room.forget(session)
                self._audience.dismiss(topic, session)
        self._tell_hidden(topic, room)

    def _tell_hidden(self, topic: str, room: _Room) -> None:
        """Tell whoever shows people elsewhere who hides here; somebody who hides in one connection hides."""
        hide, be_open = set[str](), set[str]()
        for session, user in room.watchers.items():
            if user is not None:
                (hide if session in room.hidden else be_open).add(user.id)
        if room.openly != be_open:
            room.openly = frozenset(be_open)
            self._veil.openly(topic, room.openly)
        if room.veiled != hide:
            room.veiled = frozenset(hide)
            self._veil.hide(topic, room.veiled)

    def _greet(self, topic: str, room: _Room) -> None:
        """Tell those who came who is there, as soon as they are themselves."""
        roster = room.attendance.roster
        if roster is None:
            return
        for session in list(room.ungreeted):
            user = None if session in room.hidden else room.watchers.get(session)
            if session not in room.unjudged and (user is None or room.attendance.knows(user.id)):
                del room.ungreeted[session]
                if not self._audience.greet(topic, session, roster):
                    room.shown = None

    def _show(self, topic: str, room: _Room, now_s: float) -> None:
        """Tell the others what has changed, one diff a second."""
        roster = room.attendance.roster
        if roster is not None and roster is not room.shown and now_s >= room.show_s:
            room.shown = roster if self._audience.show_roster(topic, roster) else None
            room.show_s = now_s + SHOW_EVERY_S

    async def _tell(self) -> None:
        """Hint to the other nodes which rosters have changed."""
        changed, self._changed = self._changed, {}
        if changed:
            try:
                await self._channel.publish(orjson.dumps({"node": self._node, "rosters": changed}))
            except LivefeedError as exc:
                log.debug("rosters are not told: %s", exc.message)

    def _wake(self, topic: str) -> None:
        self._due.add(topic)
        self._awake.set()
