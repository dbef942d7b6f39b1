"""Rosters without clock and wire: a store in Python that answers as attend.lua does, and a world of nodes around it.

`tests/integration/test_roster_store.py` holds the store and the script against each other.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from livefeed.people import User
from livefeed.presence.attendance import GRACE_S, LEASE_S, Answer, Attendance, Question
from livefeed.presence.roster import SHOWN, Entry

PIGMENTS = 8
STEP_S = 0.05
TIMEOUT_S = 2.0
"""After so long a node gives a question up whose answer was lost."""


@dataclass(slots=True)
class Record:
    user: User
    role: str
    pigment: int
    since_ms: int
    leases: dict[str, int] = field(default_factory=dict)
    """By node, until when, ms."""

    @property
    def ends_ms(self) -> int:
        return max(self.leases.values(), default=0)


class ModelRoster:
    """One room in the store."""

    def __init__(self) -> None:
        self.people: dict[str, Record] = {}
        self.rev = 0

    def attend(self, node: str, question: Question, now_ms: int) -> Answer:
        before = {user: (one.role, one.user, one.pigment) for user, one in self.people.items()}
        left = False
        for seat in question.here:
            self._seat(node, seat.user, seat.role, seat.pigment, seat.since, now_ms)
        for user in question.leaving:
            record = self.people.get(user)
            if record and node in record.leases:
                record.leases[node] = min(record.leases[node], now_ms + round(1000 * GRACE_S))
        for user in question.withdrawn:
            if user in self.people:
                self.people[user].leases.pop(node, None)
        for user in question.banned:
            left |= self.people.pop(user, None) is not None
        for user in [user for user, record in self.people.items() if record.ends_ms <= now_ms]:
            del self.people[user]
            left = True
        if left and len(self.people) <= PIGMENTS:
            self._part()
        changed = left or before != {user: (one.role, one.user, one.pigment) for user, one in self.people.items()}
        if changed:
            self.rev = max(self.rev + 1, now_ms)
        ends = min([record.ends_ms for record in self.people.values()], default=None)
        return Answer(
            self.rev,
            changed,
            len(self.people),
            None if ends is None else (ends - now_ms) / 1000,
            None if self.rev == question.rev else self.shown(),
        )

    def shown(self) -> dict[str, Entry]:
        return {
            user: Entry(self.people[user].user.as_dict(), record.role, record.pigment, record.since_ms)
            for user, record in self._in_order()[:SHOWN]
        }

    def _seat(self, node: str, user: User, role: str, pigment: int | None, since_ms: int, now_ms: int) -> None:
        record = self.people.get(user.id)
        if record is None:
            used = [one.pigment for one in self.people.values()]
            known = pigment is not None and pigment not in used
            since_ms = since_ms if 0 < since_ms <= now_ms else now_ms
            chosen = pigment if known and pigment is not None else self._rarest()
            record = self.people[user.id] = Record(user, role, chosen, since_ms)
        record.user, record.role = user, role
        record.leases = {one: ends for one, ends in record.leases.items() if ends > now_ms}
        record.leases[node] = now_ms + round(1000 * LEASE_S)

    def _part(self) -> None:
        """Give each of those who share a pigment one of their own, but for the one who came first."""
        taken: set[int] = set()
        for _, record in self._in_order():
            if record.pigment in taken:
                record.pigment = -1
                record.pigment = self._rarest()
            taken.add(record.pigment)

    def _rarest(self) -> int:
        used = [one.pigment for one in self.people.values()]
        return min(range(PIGMENTS), key=used.count)

    def _in_order(self) -> list[tuple[str, Record]]:
        return sorted(self.people.items(), key=lambda item: (item[1].since_ms, item[0]))


@dataclass(slots=True)
class Node:
    """One server process and one room on it, which somebody looks at all the time."""

    name: str
    attendance: Attendance
    hung_until_s: float = 0.0
    answer: tuple[float, Answer | None] | None = None
    """What will come of the question under way, and when; None: nothing will."""
    sessions: dict[str, User] = field(default_factory=dict)
    """The connections that it holds and that are seen."""


class World:
    """Nodes, people and a store, all moved by one seed. Judges pigments at every step."""

    def __init__(self, seed: int, *, people: int, trouble: bool = True) -> None:
        self.chance = random.Random(seed)
        self.now_s = 1_000.0
        self.store = ModelRoster()
        self.users = [User(f"u{number:02d}", f"user-{number}") for number in range(people)]
        self.nodes: dict[str, Node] = {}
        self.trouble = trouble
        self.loss = self.chance.choice([0.0, 0.05, 0.3]) if trouble else 0.0
        self.happened: dict[str, int] = {}
        self._hints: list[tuple[str, int]] = []
        self._names = 0
        self._pigments: dict[str, int] = {}
        """What everybody who is here had at the last step, since the store lost all."""
        for _ in range(3):
            self.start_node()

    # What happens.

    def step(self, *, calm: bool = False) -> None:
        """Let a little time pass. calm: nothing happens to nodes, people and messages any more."""
        self.now_s += STEP_S
        if not calm:
            self._happen()
        self._carry_hints(calm=calm)
        for node in self.nodes.values():
            if self.now_s >= node.hung_until_s:
                self._turn(node, calm=calm)
        self._check()

    def start_node(self) -> None:
        self._names += 1
        self.nodes[f"n{self._names}"] = Node(f"n{self._names}", Attendance(self.now_s))

    def _happen(self) -> None:
        chance = self.chance
        if chance.random() < 0.15:
            self._count(chance.choice([self._come, self._go, self._come_back, self._another_tab]))
        if self.trouble and chance.random() < 0.004:
            self._count(chance.choice([self._kill_node, self._hang_node, self._lose_store, self._hide]))

    def _count(self, what: object) -> None:
        if what():  # type: ignore[operator]
            name = what.__name__.strip("_")  # type: ignore[attr-defined]
            self.happened[name] = self.happened.get(name, 0) + 1

    def _awake(self) -> list[Node]:
        return [node for node in self.nodes.values() if self.now_s >= node.hung_until_s]

    def _come(self, user: User | None = None) -> bool:
        awake = self._awake()
        user = user or self.chance.choice(self.users)
        if not awake:
            return False
        node, session = self.chance.choice(awake), f"s{self.chance.getrandbits(40)}"
        node.sessions[session] = user
        node.attendance.arrive(session, user, "editor")
        return True

    def _another_tab(self) -> bool:
        here = [user for user in self.users if user.id in self.truth()]
        return bool(here) and self._come(self.chance.choice(here))

    def _leave(self) -> User | None:
        held = [(node, session) for node in self._awake() for session in node.sessions]
        if not held:
            return None
        node, session = self.chance.choice(held)
        user = node.sessions.pop(session)
        node.attendance.depart(session, user.id)
        return user

    def _go(self) -> bool:
        return self._leave() is not None

    def _come_back(self) -> bool:
        user = self._leave()
        return user is not None and self._come(user)

    def _hide(self) -> bool:
        """Somebody goes on unseen, in the same connection."""
        held = [(node, session) for node in self._awake() for session in node.sessions]
        if not held:
            return False
        node, session = self.chance.choice(held)
        user = node.sessions.pop(session)
        node.attendance.depart(session, user.id)
        node.attendance.hide(session, user.id)
        return True

    def _kill_node(self) -> bool:
        """It is gone without a word; half of its people find another one."""
        if len(self.nodes) < 2:
            return False
        node = self.nodes.pop(self.chance.choice(sorted(self.nodes)))
        for user in node.sessions.values():
            if self.chance.random() < 0.5:
                self._come(user)
        self.start_node()
        return True

    def _hang_node(self) -> bool:
        self.chance.choice(list(self.nodes.values())).hung_until_s = self.now_s + self.chance.uniform(1, 40)
        return True

    def _lose_store(self) -> bool:
        self.store = ModelRoster()
        self._pigments = {}
        return True

    # What nodes do.

    def _turn(self, node: Node, *, calm: bool) -> None:
        if node.answer is not None:
            at_s, answer = node.answer
            if self.now_s < at_s:
                return
            node.answer = None
            if answer is None:
                node.attendance.fail(self.now_s)
            else:
                node.attendance.answer(answer, self.now_s)
                if answer.changed:
                    self._hints += [(other.name, answer.rev) for other in self.nodes.values() if other is not node]
        question = node.attendance.ask(self.now_s)
        if question is None:
            return
        fate = 1.0 if calm else self.chance.random()
        if fate < self.loss / 2:  # it never arrives
            node.answer = self.now_s + TIMEOUT_S, None
            return
        answer = self.store.attend(node.name, question, round(1000 * self.now_s))
        lost = fate < self.loss  # it takes effect, and nobody learns of it
        node.answer = (self.now_s + TIMEOUT_S, None) if lost else (self.now_s + self.chance.uniform(0, 0.1), answer)

    def _carry_hints(self, *, calm: bool) -> None:
        hints, self._hints = self._hints, []
        for name, rev in hints:
            if name in self.nodes and (calm or self.chance.random() >= self.loss):
                self.nodes[name].attendance.hint(rev)

    # What must hold.

    def truth(self) -> set[str]:
        """Return who is really here: whoever has a connection that is seen to a node that works."""
        return {user.id for node in self._awake() for user in node.sessions.values()}

    def _check(self) -> None:
        pigments = {user: record.pigment for user, record in self.store.people.items()}
        if len(pigments) <= PIGMENTS:
            assert len(set(pigments.values())) == len(pigments), f"two have the same pigment: {pigments}"
        if len(self.users) <= PIGMENTS:
            changed = [user for user in pigments if self._pigments.get(user, pigments[user]) != pigments[user]]
            assert not changed, f"the pigments of {changed} have changed while they were here"
        self._pigments = pigments
        for node in self._awake():
            roster = node.attendance.roster
            if roster is not None and roster.count <= PIGMENTS:
                seen = [entry.pigment for entry in roster.entries.values()]
                assert len(set(seen)) == len(seen), f"{node.name} shows two with the same pigment: {seen}"

    def strike(self) -> None:
        """Let trouble have the last word: a node is killed, or the store forgets."""
        self._count(self.chance.choice([self._kill_node, self._kill_node, self._lose_store]))

    def settle(self, within_s: float) -> float:
        """Let nothing happen any more; return after how many seconds all nodes show who is really here.

        Raises: AssertionError after `within_s`.
        """
        for node in self.nodes.values():
            node.hung_until_s = min(node.hung_until_s, self.now_s)
        began_s, right_s = self.now_s, None
        while self.now_s < began_s + within_s:
            self.step(calm=True)
            right = all(self._shows_truth(node) for node in self.nodes.values())
            right_s = (right_s or self.now_s) if right else None
        shown = {
            node.name: sorted(node.attendance.roster.entries) for node in self.nodes.values() if node.attendance.roster
        }
        assert right_s is not None, f"here are {sorted(self.truth())}, shown are {shown}"
        return right_s - began_s

    def _shows_truth(self, node: Node) -> bool:
        roster = node.attendance.roster
        return roster is not None and set(roster.entries) == self.truth() and roster.count == len(self.truth())
