"""Several nodes on one channel and one store, and who is a member of their one room; all moved by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from livefeed.errors import StoreUnavailable
from livefeed.people import User
from livefeed.presence.attendance import Answer, Question
from livefeed.presence.presence import Presence
from livefeed.presence.roster import Roster
from livefeed.presence.signals import Signal
from tests.simulation.rosters import ModelRoster

FOX, OWL, CAT = User("fox", "fox"), User("owl", "owl"), User("cat", "cat")
ROOM = "room:den"
HERE = {"x": 0.5, "y": 0.5}


class Screen:
    """An audience that remembers what it was shown."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.signals: list[tuple[str, str, str, Any]] = []
        self.origins: list[str] = []
        self.greeted: dict[str, list[str]] = {}
        self.roster: Roster | None = None
        self.dismissed: list[str] = []
        self.followers = 2
        self.stalled = False

    def size(self, topic: str) -> int:
        return self.followers

    def show_count(self, topic: str, count: int) -> bool:
        if not self.stalled:
            self.counts[topic] = count
        return not self.stalled

    def greet(self, topic: str, session: str, roster: Roster) -> bool:
        self.greeted[session] = sorted(roster.entries)
        return not self.stalled

    def show_roster(self, topic: str, roster: Roster) -> bool:
        if not self.stalled:
            self.roster = roster
        return not self.stalled

    def dismiss(self, topic: str, session: str) -> None:
        self.dismissed.append(session)

    def show_signals(self, topic: str, signals: Sequence[Signal]) -> None:
        self.signals += [(topic, one.user["id"], one.type, one.data) for one in signals]
        self.origins += [one.origin for one in signals]

    @property
    def people(self) -> list[str]:
        return sorted(self.roster.entries) if self.roster else []


class House:
    """A channel that every node hears at once, a store, and who may do what; each can be away."""

    def __init__(self) -> None:
        self.nodes: list[Presence] = []
        self.messages: list[dict[str, Any]] = []
        self.cut = False
        self.store = ModelRoster()
        self.store_away = False
        self.members: dict[str, str] = {"fox": "owner", "owl": "editor", "cat": "viewer"}
        self.asked: list[set[str]] = []
        self.veils: list[tuple[str, frozenset[str]]] = []
        self.open: frozenset[str] = frozenset()
        self.shown: list[str] = []
        self.now_s = 1_000.0

    async def publish(self, message: bytes) -> None:
        if self.cut:
            raise StoreUnavailable("cut")
        self.messages.append(orjson.loads(message))
        for node in self.nodes:
            node.receive(message)

    async def attend(self, node: str, topic: str, question: Question) -> Answer:
        if self.store_away:
            raise StoreUnavailable("away")
        return self.store.attend(node, question, round(1000 * self.now_s))

    async def roles(self, room: str, users: Collection[str]) -> Mapping[str, str]:
        if self.store_away:
            raise StoreUnavailable("away")
        assert room == "den"
        self.asked.append(set(users))
        return {user: self.members[user] for user in users if user in self.members}

    def hide(self, topic: str, people: frozenset[str]) -> None:
        self.veils.append((topic, people))

    def openly(self, topic: str, people: frozenset[str]) -> None:
        self.open = people

    def show(self, topic: str, user: str) -> None:
        self.shown.append(user)

    def join(self, name: str) -> tuple[Presence, Screen]:
        screen = Screen()
        node = Presence(name, self, screen, self, roles=self, veil=self)
        self.nodes.append(node)
        return node, screen

    async def pass_time(self, seconds: float) -> None:
        """Let time go by in small steps; in each, every node does what is due."""
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            self.now_s += 0.05
            for node in list(self.nodes):
                await node.tick(self.now_s)
                rosters, signalling = node._rosters, node._signalling
                rosters._due.update(rosters._rooms)
                for topic in rosters.look(self.now_s):
                    await rosters.turn(topic)
                await rosters._tell()
                signalling.show(self.now_s)
                await signalling.tell(self.now_s)
