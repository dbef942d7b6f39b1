"""Who hides in the rooms' documents: heard from the connections to the events, and told from node to node."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Protocol

from livefeed.rooms.awareness import Awareness
from livefeed.rooms.relay import Relay
from livefeed.rooms.veils import NOBODY, Veil

SHOWN_BEATS = 3
"""How many beats repeat that somebody hides no more."""


class Room(Protocol):
    """A room that is open here."""

    @property
    def relay(self) -> Relay:
        """Its edits, and who reads along."""

    @property
    def awareness(self) -> Awareness:
        """Who is in it."""


class Hiding:
    """Draws the veils of the rooms that are open here. publish: tells all nodes something; start: lets work run."""

    def __init__(
        self,
        rooms: Mapping[str, Room],
        *,
        node: str,
        publish: Callable[[dict[str, Any]], Coroutine[Any, Any, None]],
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._rooms = rooms
        self._node = node
        self._publish = publish
        self._start = start
        self._veils: dict[str, Veil] = {}
        """Of the rooms that are open here, and of those in which this node hides somebody."""
        self._openly: dict[str, frozenset[str]] = {}
        """By room, open here or not: who is openly there by a connection to this node."""
        self._shown: dict[str, dict[str, int]] = {}
        """By room, who said here that they hide no more, and in how many beats that is told yet."""

    # What people say here.

    def hide(self, room: str, people: frozenset[str]) -> None:
        """Note all who hide in a room by connections to this node: their carets are shown nowhere."""
        self._forget_shown(room, people)
        self._veil(room).hide(self._node, people, _now_s())
        self._changed(room)

    def openly(self, room: str, people: frozenset[str]) -> None:
        """Note all who are openly in a room by connections to this node."""
        self._openly.pop(room, None)
        if people:
            self._openly[room] = people

    def show(self, room: str, user: str) -> None:
        """Note that somebody who hid in a room says that they do so no more."""
        veil = self._veil(room)
        veil.show([user])
        if user not in veil.people:  # else another connection of theirs hides them still
            self._shown.setdefault(room, {})[user] = SHOWN_BEATS
            self._changed(room)

    def keep(self, room: str, user: str) -> None:
        """Note that somebody comes to a room's document hidden, whatever their connections to the events say yet."""
        self._forget_shown(room, [user])
        self._veil(room).keep(user, _now_s())
        self._changed(room)

    def draw(self, room: str) -> None:
        """Show nothing of whoever hides in a room, and all others."""
        opened = self._rooms.get(room)
        if opened is not None:
            opened.awareness.veil(self._veil(room).people)

    # What nodes tell each other.

    def beat(self) -> dict[str, Any]:
        """Let go of whoever need not be hidden any more; return what the others are told of all rooms."""
        for room in list(self._veils):
            self._expire(room)
        veils = {room: _told(veil) for room, veil in self._veils.items() if veil.hiding or veil.kept}
        shown = {room: list(people) for room, people in self._shown.items() if people}
        self._shown = {
            room: {user: beats - 1 for user, beats in self._shown[room].items() if beats > 1} for room in shown
        }
        return {"veils": veils, "shown": shown}

    def hear(self, node: str, told: Mapping[str, Any]) -> None:
        """Take what another node tells.

        Raises: ValueError, TypeError, KeyError, AttributeError for what cannot be read.
        """
        if "veils" in told:
            for room in {*self._rooms, *(told["veils"].keys() & self._openly.keys())}:
                self._hear(room, node, told["veils"].get(room, ((), ())), told["shown"].get(room, ()))
        elif "veil" in told:
            self._hear(str(told["r"]), node, told["veil"], told["shown"])
        elif "openly" in told:
            self._hear_openly(str(told["r"]), map(str, told["openly"]))
        elif told.get("ask") in self._veils:
            self._start(self._tell(told["ask"]))

    def lose(self, node: str) -> None:
        """Note that a node fell silent: whoever hid by a connection to it hides on."""
        for room, veil in self._veils.items():
            veil.lose(node, _now_s())
            self.draw(room)

    def _hear(self, room: str, node: str, veiled: tuple[Sequence[str], Sequence[str]], said: Sequence[str]) -> None:
        """Take who hides by connections to another node, whom it keeps hidden, and who says that they hide no more."""
        hiding, kept, shown = (frozenset(map(str, people)) for people in (*veiled, said))
        openly = kept & self._openly.get(room, NOBODY)
        if openly:
            self._start(self._publish({"n": self._node, "r": room, "openly": list(openly)}))
        self._forget_shown(room, hiding | kept)
        if room in self._rooms:
            veil = self._veil(room)
            veil.hide(node, hiding, _now_s())
            veil.keep_elsewhere(node, kept)
            if veil.show(shown):
                self._start(self._tell(room))
            self.draw(room)

    def _hear_openly(self, room: str, people: Iterable[str]) -> None:
        if room in self._veils and self._veils[room].see(people, _now_s()):
            self._changed(room)

    def _changed(self, room: str) -> None:
        self.draw(room)
        self._start(self._tell(room))

    async def _tell(self, room: str) -> None:
        """Tell the others who hides, as it is when this runs: what happens in one turn is told in one message."""
        veil = self._veils.get(room)
        shown = list(self._shown.get(room, ()))
        await self._publish({"n": self._node, "r": room, "veil": _told(veil) if veil else ((), ()), "shown": shown})

    def _expire(self, room: str) -> None:
        opened, veil, now_s = self._rooms.get(room), self._veils[room], _now_s()
        here = {seat.user.id for seat in opened.relay.seats} if opened is not None else set[str]()
        seen = veil.see(self._openly.get(room, ()), now_s)
        if veil.expire(here, now_s) or seen:
            self.draw(room)
        if opened is None and not (veil.hiding or veil.kept):
            del self._veils[room]

    def _veil(self, room: str) -> Veil:
        return self._veils.setdefault(room, Veil(self._node))

    def _forget_shown(self, room: str, people: Iterable[str]) -> None:
        shown = self._shown.get(room, {})
        for user in people:
            shown.pop(user, None)


def _told(veil: Veil) -> tuple[list[str], list[str]]:
    """Return what other nodes are told: who hides by connections to this one, and whom it keeps hidden."""
    return list(veil.hiding), list(veil.kept)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
