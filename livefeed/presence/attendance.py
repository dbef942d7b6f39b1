"""Who is in one room by way of this node, and what the store is told and asked of it. [pure]

The store decides (`store.py`); a node tells it who came and left, and renews their leases. What could not be said is
said again: a lease that nobody renews runs out, and a node that asks in vain knows nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from livefeed.people import User
from livefeed.presence.roster import Entry, Roster

LEASE_S = 20.0
"""After so long without a word from its node a person is gone: readers know it within 30 s of a node's death."""
BEAT_S = 8.0
"""So often leases are renewed and the roster is read, whatever has been heard."""
GRACE_S = 10.0
"""Whoever comes back within it has never left."""
MERGE_S = 0.2
"""What happens within it is told in one question."""
AGAIN_S = 0.5
"""Until a question that failed is put again."""
SLACK_S = 0.05
"""A lease has ended for certain so long after its end."""
SEATS = 200
"""People of each kind told in one question: the store does nothing else meanwhile."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who is here. pigment, since: what they were known by, for a store that has lost them."""

    user: User
    role: str
    pigment: int | None = None
    since: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What a node tells the store, and the rev of the roster it knows (0: none)."""

    rev: int
    here: tuple[Seat, ...] = ()
    leaving: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the store knows after it.

    changed: the question changed it. ends_s: until the next lease ends, in seconds; None: nobody is here.
    entries: None where the roster is the one that was known.
    """

    rev: int
    changed: bool
    count: int
    ends_s: float | None
    entries: Mapping[str, Entry] | None


@dataclass(slots=True)
class _Person:
    seat: Seat
    sessions: set[str] = field(default_factory=set)


class Attendance:
    """One room on one node. Sessions are known by their ids, people by theirs."""

    def __init__(self, now_s: float) -> None:
        self.roster: Roster | None = None
        self._here: dict[str, _Person] = {}
        self._unsaid: dict[str, None] = {}
        """Who is here and must be told of, or renewed."""
        self._leaving: dict[str, None] = {}
        self._withdrawn: dict[str, None] = {}
        self._banned: dict[str, None] = {}
        self._asked: Question | None = None
        self._hinted = True
        self._not_before_s = now_s
        self._beat_s = now_s + BEAT_S
        self._ends_s: float | None = None
        self._empty_since_s: float | None = None

    # Who comes and goes.

    def arrive(self, session: str, user: User, role: str) -> None:
        """Note that a person is here by this session, or that their role is another one."""
        person = self._here.get(user.id)
        if person is None:
            person = self._here[user.id] = _Person(self._remembered(user, role))
            self._unsaid[user.id] = None
        elif (person.seat.user, person.seat.role) != (user, role):
            person.seat = self._remembered(user, role, person.seat)
            self._unsaid[user.id] = None
        person.sessions.add(session)
        for said in (self._leaving, self._withdrawn, self._banned):
            said.pop(user.id, None)

    def depart(self, session: str, user: str) -> None:
        """Note that a session has ended. With the last of a person's they have the grace to come back."""
        if self._without(session, user):
            self._leaving[user] = None

    def hide(self, session: str, user: str) -> None:
        """Note that a person sees without being seen in this session: no grace tells of them."""
        self._without(session, user)
        if user not in self._here:
            self._leaving.pop(user, None)
            self._withdrawn[user] = None

    def ban(self, user: str) -> None:
        """Put a person out, wherever they are: they may not be here."""
        self._here.pop(user, None)
        self._unsaid.pop(user, None)
        self._leaving.pop(user, None)
        self._withdrawn.pop(user, None)
        self._banned[user] = None

    def hint(self, rev: int) -> None:
        """Note that another node saw the roster become this one."""
        if self.roster is None or self.roster.rev != rev:
            self._hinted = True

    @property
    def people(self) -> Mapping[str, Seat]:
        """Who is here by way of this node."""
        return {user: person.seat for user, person in self._here.items()}

    def sessions(self, user: str) -> set[str]:
        """Return the sessions by which a person is here."""
        person = self._here.get(user)
        return set(person.sessions) if person else set()

    def knows(self, user: str) -> bool:
        """Tell whether the roster at hand was read after this person was told of."""
        asked = self._asked is not None and any(seat.user.id == user for seat in self._asked.here)
        return self.roster is not None and user not in self._unsaid and not asked

    # What the store is told.

    def due(self, now_s: float) -> bool:
        """Tell whether something is to be told or asked now; it waits until the last question is answered."""
        if self._asked is not None or now_s < self._not_before_s:
            return False
        ended = self._ends_s is not None and now_s >= self._ends_s
        return ended or now_s >= self._beat_s or self._hinted or self._owes

    def ask(self, now_s: float) -> Question | None:
        """Return what is to be told and asked now, if anything is."""
        if not self.due(now_s):
            return None
        if now_s >= self._beat_s:
            self._beat_s = now_s + BEAT_S
            self._unsaid.update(dict.fromkeys(self._here))
        self._asked = Question(
            self.roster.rev if self.roster else 0,
            tuple(self._here[user].seat for user in _first(self._unsaid)),
            _first(self._leaving),
            _first(self._withdrawn),
            _first(self._banned),
        )
        self._hinted, self._ends_s = False, None
        self._not_before_s = now_s if self._owes else now_s + MERGE_S
        return self._asked

    def answer(self, answer: Answer, now_s: float) -> None:
        """Take the answer to the question that was put."""
        self._asked = None
        self._ends_s = None if answer.ends_s is None else now_s + answer.ends_s + SLACK_S
        if answer.entries is not None or self.roster is None:  # nobody is here, and nobody ever was
            self.roster = Roster(answer.rev, answer.count, answer.entries or {})
            for person in self._here.values():
                person.seat = self._remembered(person.seat.user, person.seat.role, person.seat)

    def fail(self, now_s: float) -> None:
        """Put the question that failed again later, as far as it is still true; it may have taken effect."""
        question, self._asked = self._asked, None
        assert question is not None
        self._unsaid.update({seat.user.id: None for seat in question.here if seat.user.id in self._here})
        for unsaid, told in (
            (self._leaving, question.leaving),
            (self._withdrawn, question.withdrawn),
            (self._banned, question.banned),
        ):
            unsaid.update({user: None for user in told if user not in self._here})
        self._hinted = True
        self._not_before_s = now_s + AGAIN_S

    def over(self, now_s: float) -> bool:
        """Tell, of a room that nobody here looks at, whether all has been said, or need not be said any more."""
        if self._empty_since_s is None:
            self._empty_since_s = now_s
        return not (self._asked or self._owes) or now_s - self._empty_since_s > LEASE_S  # leases run out by themselves

    def looked_at(self) -> None:
        """Note that somebody here looks at the room."""
        self._empty_since_s = None

    @property
    def _owes(self) -> bool:
        """Whether the store is to be told of somebody."""
        return bool(self._unsaid or self._leaving or self._withdrawn or self._banned)

    def _without(self, session: str, user: str) -> bool:
        """Take a session off a person; tell whether it was their last one."""
        person = self._here.get(user)
        if person is None or session not in person.sessions:
            return False
        person.sessions.discard(session)
        if person.sessions:
            return False
        del self._here[user]
        self._unsaid.pop(user, None)
        return True

    def _remembered(self, user: User, role: str, before: Seat | None = None) -> Seat:
        """Return a person's seat with what the roster says of them, or what it said before."""
        entry = self.roster.entries.get(user.id) if self.roster else None
        if entry is not None:
            return Seat(user, role, entry.pigment, entry.since)
        return Seat(user, role, before.pigment, before.since) if before else Seat(user, role)


def _first(unsaid: dict[str, None]) -> tuple[str, ...]:
    """Take so many of these people as one question tells of."""
    told = tuple(unsaid)[:SEATS]
    for user in told:
        del unsaid[user]
    return told
