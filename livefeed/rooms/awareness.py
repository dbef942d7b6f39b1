"""Who is in a document and where: y-protocols awareness, kept per room on each node. [pure]

A state says what its client likes, but the server says who it is. A connection speaks for one client at a time, the
first it names that is nobody else's, until it says that this one has left or somebody else has it; what it says of
others (stock clients repeat what they hear) is passed over.

Source: y-protocols, awareness.js.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from livefeed.rooms import varints
from livefeed.rooms.varints import Malformed

STATE_BYTES = 2_048
CLIENTS = 1_000
"""Of one message, and of one room on one node."""
LEASE_S = 30.0
"""How long a client on another node that is not heard of counts as there; stock clients speak every 15 s."""
LAST_CLOCK = 2**32
"""Beyond it nobody counts: a clock that could not rise any more could not be told either."""
GRACE_S = 2.0
"""How long a client whose connection broke may take to come back before it is gone."""
NULL = b"null"
_AROUND_BYTES = 16
"""What a message has around a state, at most: client, clock, length."""


class State(NamedTuple):
    """What a client says of itself: its clock rises with every change; `state` is JSON, `null` when it leaves."""

    client: int
    clock: int
    state: bytes


class TooMuch(Malformed):
    """A state is larger than what is taken."""


def parse(payload: bytes) -> list[State]:
    """Return the states of a message; whether they are JSON is not looked at. Raises: Malformed."""
    count, at = varints.read(payload, 0)
    if count > CLIENTS:
        raise Malformed("a message tells of too many clients")
    found = []
    for _ in range(count):
        client, at = varints.read(payload, at)
        clock, at = varints.read(payload, at)
        state, at = varints.read_bytes(payload, at)
        if clock > LAST_CLOCK:
            raise Malformed("an awareness clock is larger than 2^32")
        found.append(State(client, clock, state))
    if at != len(payload):
        raise Malformed("awareness is followed by something else")
    return found


def pack(states: Iterable[State]) -> bytes:
    """Return the payload of a message that tells these states."""
    return joined([packed(one) for one in states])


def packed(state: State) -> bytes:
    """Return a state as a part of a message."""
    return varints.write(state.client) + varints.write(state.clock) + varints.write_bytes(state.state)


def joined(parts: Sequence[bytes]) -> bytes:
    """Return the payload of a message that has these parts."""
    return varints.write(len(parts)) + b"".join(parts)


def stamped(state: bytes, user: Mapping[str, Any]) -> bytes:
    """Return a state with the name of who said it. Raises: Malformed for what is no map, TooMuch."""
    if len(state) > 2 * STATE_BYTES:
        raise TooMuch(f"an awareness state has at most {STATE_BYTES} bytes")
    try:
        told = orjson.loads(state)
        if told is None:
            return NULL
        if not isinstance(told, dict):
            raise Malformed("an awareness state is a map")
        told.pop("user", None)
        if len(orjson.dumps(told)) > STATE_BYTES:
            raise TooMuch(f"an awareness state has at most {STATE_BYTES} bytes")
        return orjson.dumps({**told, "user": user})
    except (orjson.JSONDecodeError, TypeError) as exc:
        raise Malformed("an awareness state is no JSON") from exc


@dataclass(slots=True)
class _Client:
    clock: int
    state: bytes
    user: str
    home: str
    """The connection's tag if it is here, else the name of its node."""
    heard_s: float
    ahead: int = 0
    """How far `clock`, which others are told, is ahead of the client's own: one that left and came back has the clock
    that it had, and nobody would believe it."""
    leaves_s: float | None = None
    """Set when its connection broke: when it is gone."""


class Awareness:
    """The clients of one room as one node knows them."""

    def __init__(self) -> None:
        self._clients: dict[int, _Client] = {}
        self._tags: set[str] = set()
        self._gone: dict[int, int] = {}
        """The clocks with which clients left, the newest last."""
        self._changed: dict[int, bool] = {}
        """Since the last `take`: client → whether it is ours to tell the other nodes."""
        self._veiled: Set[str] = frozenset()
        """People of whom nothing is shown."""
        self._shown: set[int] = set()
        """Clients that others were told of and that have not left for them."""

    def say(
        self, tag: str, user: str, bound: int | None, states: Sequence[State], stamp: Mapping[str, Any], now_s: float
    ) -> int | None:
        """Take what a connection here says; return the client it speaks for.

        bound: the one it spoke for until now. Raises: Malformed for its own state.
        """
        for one in states:
            if bound is not None and not self._is_free(bound, user):
                bound = None
            if bound is None and one.state != NULL and self._is_free(one.client, user):
                bound = one.client
            if one.client == bound:
                said = State(one.client, one.clock, stamped(one.state, stamp))
                self._say(tag, user, said, now_s)
                if said.state == NULL:
                    bound = None  # it has left, and the next one who comes may have it
        return bound

    def _is_free(self, client: int, user: str) -> bool:
        """Tell whether somebody may speak for a client: it is theirs, nobody's, or has left."""
        there = self._clients.get(client)
        if there is None:
            return len(self._clients) < CLIENTS
        return there.user == user or there.state == NULL

    def _say(self, tag: str, user: str, said: State, now_s: float) -> None:
        there = self._clients.get(said.client)
        self._tags.add(tag)
        if there is not None and there.home == tag:
            clock, ahead = said.clock + there.ahead, there.ahead
            if clock < there.clock or (clock == there.clock and said.state != NULL):
                return
        elif there is not None and there.state == said.state:
            # The same client on a new connection: ours from now on, and nothing else is new.
            there.home, there.heard_s, there.leaves_s = tag, now_s, None
            there.ahead = there.clock - said.clock
            self._changed[said.client] = True
            return
        elif there is None and said.state == NULL:
            return
        else:
            before = there.clock if there is not None else self._gone.get(said.client, -1)
            clock = max(said.clock, before + 1)
            ahead = clock - said.clock
        self._clients[said.client] = _Client(clock, said.state, user, tag, now_s, ahead)
        self._changed[said.client] = True

    def restamp(self, tag: str, client: int | None, stamp: Mapping[str, Any]) -> None:
        """Say anew who a client here is."""
        there = self._clients.get(client) if client is not None else None
        if client is not None and there is not None and there.home == tag and there.state != NULL:
            there.state = orjson.dumps({**orjson.loads(there.state), "user": stamp})
            there.clock, there.ahead = there.clock + 1, there.ahead + 1
            self._changed[client] = True

    def veil(self, people: Set[str]) -> None:
        """Show nothing of these people from now on, as if they had left; and again those who are no longer among them.

        What they say is taken all the same, and shown as it is when the veil is lifted.
        """
        if people == self._veiled:
            return
        for client, there in self._clients.items():
            if there.state != NULL and (there.user in people) != (there.user in self._veiled):
                ours = there.home in self._tags
                if ours:  # of somebody else's client only its own node raises the clock
                    there.clock, there.ahead = there.clock + 1, there.ahead + 1
                self._changed[client] = self._changed.get(client, False) or ours
        self._veiled = people

    def part(self, tag: str, client: int | None, now_s: float, *, clean: bool) -> None:
        """Note that a connection here has ended; clean: it said goodbye, and will not be back in a moment."""
        self._tags.discard(tag)
        there = self._clients.get(client) if client is not None else None
        if there is not None and there.home == tag:
            there.leaves_s = now_s if clean else now_s + GRACE_S

    def hear(self, node: str, told: Iterable[tuple[int, int, bytes, str]], now_s: float) -> list[tuple[int, int]]:
        """Take what another node tells: client, clock, stamped state, user.

        Returns: clients that are there and are not believed, with the clock that is known here: for `outdo`, there.
        """
        past = []
        for client, clock, state, user in told:
            there = self._clients.get(client)
            known = there.clock if there is not None and there.home != node else self._gone.get(client, -1)
            if state != NULL and (clock < known or (there is None and clock == known)):
                past.append((client, known))
            if there is not None and clock < there.clock:
                continue
            if there is not None and clock == there.clock and (state != NULL or there.state == NULL):
                if state != NULL and there.home not in self._tags:
                    there.home, there.heard_s, there.leaves_s = node, now_s, None
                continue
            if there is not None and state == NULL and there.home in self._tags:
                continue  # it left there, and is here
            new = clock > self._gone.get(client, -1)
            if there is None and (state == NULL or not new or len(self._clients) >= CLIENTS):
                continue
            self._clients[client] = _Client(clock, state, user, node, now_s)
            self._changed[client] = False
        return past

    def outdo(self, past: Iterable[tuple[int, int]]) -> None:
        """Go beyond what another node knows of clients that are here: they were on a node that died."""
        for client, clock in past:
            there = self._clients.get(client)
            if there is not None and there.home in self._tags and there.clock <= clock and there.state != NULL:
                there.ahead += clock + 1 - there.clock
                there.clock = clock + 1
                self._changed[client] = True

    def expire(self, now_s: float, *, silent: Iterable[str] = ()) -> None:
        """Let go of clients that have left, that nobody told of for long, and of those on nodes that fell silent."""
        dead = set(silent)
        for client, there in self._clients.items():
            ours = there.home in self._tags
            over = not ours and (there.home in dead or now_s - there.heard_s > LEASE_S)
            if there.state != NULL and (over or (there.leaves_s is not None and there.leaves_s <= now_s)):
                there.state = NULL
                self._changed[client] = there.leaves_s is not None

    def take(
        self, *, bytes_: int = sys.maxsize, clients: int = CLIENTS
    ) -> tuple[list[State], list[tuple[int, int, bytes, str]]]:
        """Return what changed since the last time: for the readers here, and what other nodes are to be told.

        bytes_, clients: of so many at most (the last one may go beyond); who is over waits for the next time, in the
        order in which they changed, and is told then as they are by then.
        """
        here, elsewhere, left = list[State](), [], bytes_
        for client in list(self._changed):
            if left <= 0 or len(here) >= clients:
                break
            ours, there = self._changed.pop(client), self._clients[client]
            veiled = there.user in self._veiled
            state = NULL if veiled else there.state
            if not veiled or client in self._shown:
                here.append(State(client, there.clock, state))
                left -= len(state) + _AROUND_BYTES
                if ours:
                    elsewhere.append((client, there.clock, state, there.user))
            if state == NULL:
                self._shown.discard(client)
            else:
                self._shown.add(client)
            if there.state == NULL:
                del self._clients[client]
                self._gone.pop(client, None)
                self._gone[client] = there.clock
        while len(self._gone) > CLIENTS:
            del self._gone[next(iter(self._gone))]
        return here, elsewhere

    def echoes(self, client: int) -> bool:
        """Tell whether a client may be told its own state: it pays no heed to one at its own clock, or an older one.

        Of a clock that is ahead of its own it would believe what it said some time ago.
        """
        there = self._clients.get(client)
        return there is not None and there.ahead <= 0 and there.home in self._tags and there.user not in self._veiled

    def speaker(self, client: int) -> str | None:
        """Return the id of the person whose client this is, None if nobody is shown who has it."""
        there = self._clients.get(client)
        return there.user if there is not None and self._shows(there) else None

    def all(self) -> list[State]:
        """Return the state of everybody who is shown. Whoever is told of them will be told when they leave."""
        found = [
            State(client, there.clock, there.state) for client, there in self._clients.items() if self._shows(there)
        ]
        self._shown.update([one.client for one in found])
        return found

    def _shows(self, there: _Client) -> bool:
        return there.state != NULL and there.user not in self._veiled

    def gone(self) -> list[State]:
        """Return that those who left last have left."""
        return [State(client, clock, NULL) for client, clock in self._gone.items() if client not in self._clients]

    def ours(self) -> list[tuple[int, int, bytes, str]]:
        """Return the states of clients that are here and shown, for another node."""
        return [
            (client, there.clock, there.state, there.user)
            for client, there in self._clients.items()
            if there.home in self._tags and self._shows(there)
        ]

    @property
    def pending(self) -> bool:
        """Whether `take` would return something."""
        return bool(self._changed)
