"""Who hides in a room: nothing of them is shown in its document, wherever they are connected. [pure]

Somebody hides by a connection to the events, which may break or rest while their connection to the document stays. So
whoever hid goes on hiding, until they say otherwise, or are openly there by another connection, or have gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from typing import NamedTuple

KEPT_S = 30.0
"""Reconnects take less. So long a veil outlives the connection that hid somebody, whatever else they do."""
NOBODY: frozenset[str] = frozenset()


class _Kept(NamedTuple):
    """since_s: when the last connection that hid them ended. here_s: when they were here last."""

    since_s: float
    here_s: float


class Veil:
    """Who hides in one room, as one node knows. node: its name."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._hiding: dict[str, frozenset[str]] = {}
        """By node, who hides by a connection to it."""
        self._kept: dict[str, _Kept] = {}
        """Who hid, and did not say otherwise."""
        self._kept_elsewhere: dict[str, frozenset[str]] = {}

    def hide(self, node: str, people: frozenset[str], now_s: float) -> None:
        """Note all who hide by connections to a node; whoever does so no more is kept hidden for now."""
        before = self._all_hiding
        self._hiding.pop(node, None)
        if people:
            self._hiding[node] = people
        after = self._all_hiding
        self._kept.update({user: _Kept(now_s, now_s) for user in before - after})
        for user in after & self._kept.keys():
            del self._kept[user]

    def keep(self, user: str, now_s: float) -> None:
        """Note that somebody comes to the document hidden."""
        if user not in self._all_hiding:
            self._kept[user] = _Kept(now_s, now_s)

    def keep_elsewhere(self, node: str, people: frozenset[str]) -> None:
        """Note all whom another node keeps hidden."""
        self._kept_elsewhere.pop(node, None)
        if people:
            self._kept_elsewhere[node] = people

    def lose(self, node: str, now_s: float) -> None:
        """Note that a node has fallen silent."""
        self.hide(node, NOBODY, now_s)
        self.keep_elsewhere(node, NOBODY)

    def show(self, people: Iterable[str]) -> bool:
        """Note that these say that they hide no more: only another connection of theirs hides them still.

        Returns: whether this node kept somebody of them hidden.
        """
        shown = frozenset(people)
        kept_here = shown & self._kept.keys()
        for user in kept_here:
            del self._kept[user]
        for node, kept in list(self._kept_elsewhere.items()):
            self.keep_elsewhere(node, kept - shown)
        return bool(kept_here)

    def see(self, people: Iterable[str], now_s: float) -> bool:
        """Note that these are openly there; tell whether somebody of them need not be kept hidden any more."""
        return self._let_go(
            [user for user in people if user in self._kept and now_s - self._kept[user].since_s >= KEPT_S]
        )

    def expire(self, here: Set[str], now_s: float) -> bool:
        """Let go of those who have not been connected to the document here for long; tell whether there were any."""
        for user in here & self._kept.keys():
            self._kept[user] = self._kept[user]._replace(here_s=now_s)
        return self._let_go([user for user, kept in self._kept.items() if now_s - kept.here_s >= KEPT_S])

    def _let_go(self, people: Collection[str]) -> bool:
        for user in people:
            del self._kept[user]
        return bool(people)

    @property
    def people(self) -> frozenset[str]:
        """Of whom nothing is shown."""
        return self._all_hiding.union(self._kept, *self._kept_elsewhere.values())

    @property
    def hiding(self) -> frozenset[str]:
        """Who hides by a connection to this node."""
        return self._hiding.get(self._node, NOBODY)

    @property
    def kept(self) -> Collection[str]:
        """Whom this node keeps hidden."""
        return self._kept.keys()

    @property
    def _all_hiding(self) -> frozenset[str]:
        return NOBODY.union(*self._hiding.values())
