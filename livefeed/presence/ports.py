"""What presence asks of the rest of the house; the composition root and the API fill it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from livefeed.presence.attendance import Answer, Question
from livefeed.presence.roster import Roster
from livefeed.presence.signals import Signal


class Channel(Protocol):
    """Carries small messages to every node, without promise."""

    async def publish(self, message: bytes) -> None:
        """Send a message to all nodes. Raises: StoreUnavailable."""


class Audience(Protocol):
    """The sessions of this node."""

    def size(self, topic: str) -> int:
        """Return how many sessions follow a topic."""

    def show_count(self, topic: str, count: int) -> bool:
        """Tell the sessions that are present on a topic how many are; return as `show_roster`."""

    def greet(self, topic: str, session: str, roster: Roster) -> bool:
        """Tell a session that has come to a room who is there, and from now on what changes.

        Returns: whether it was told; one that is stalled is told by `show_roster`.
        """

    def show_roster(self, topic: str, roster: Roster) -> bool:
        """Tell the sessions that were greeted in a room what has changed since each of them was told.

        Returns: whether all of them know it now; one that is stalled is told another time.
        """

    def dismiss(self, topic: str, session: str) -> None:
        """Tell a session nothing more of who is in a room: it may not know."""

    def show_signals(self, topic: str, signals: Sequence[Signal]) -> None:
        """Pass signals on to the sessions that follow a topic, but not to the one each came from."""


class Roles(Protocol):
    """Who has which part in a room."""

    async def roles(self, room: str, users: Collection[str]) -> Mapping[str, str]:
        """Return the roles (`owner`, `editor`, `viewer`) of those among `users` that are members of a room.

        users: their ids. A room that does not exist has no members. Raises: StoreUnavailable.
        """


class Veil(Protocol):
    """Whoever shows people elsewhere, and must not show those who hide. topic: a room's; people: ids."""

    def hide(self, topic: str, people: frozenset[str]) -> None:
        """Note who hides in a room on this node, all of them, whenever that changes."""

    def openly(self, topic: str, people: frozenset[str]) -> None:
        """Note who is in a room on this node by a connection that does not hide, all of them, whenever that changes."""

    def show(self, topic: str, user: str) -> None:
        """Note that somebody says that they do not hide any more, in the connection in which they did."""


class NoVeil:
    """Where people are shown nowhere else."""

    def hide(self, topic: str, people: frozenset[str]) -> None: ...

    def openly(self, topic: str, people: frozenset[str]) -> None: ...

    def show(self, topic: str, user: str) -> None: ...


class Rosters(Protocol):
    """Where it is decided who is in a room."""

    async def attend(self, node: str, topic: str, question: Question) -> Answer:
        """Tell what a node knows of a room and ask what there is to know. Raises: StoreUnavailable, StoreRefused."""


class NoRooms:
    """The roles in a house that has no rooms: nobody has a part in any."""

    async def roles(self, room: str, users: Collection[str]) -> Mapping[str, str]:
        return {}
