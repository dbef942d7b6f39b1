"""A store in Python that answers as the Lua scripts do: the same ids, trimming, expiry and page rule.

`tests/contract/test_position_rule.py` holds it against the real scripts. Its state is made of immutable values, so a
copy (a replica, a backup, the state before a crash) costs nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from livefeed.errors import KeyReused
from livefeed.position import ZERO, Position
from livefeed.streams import keys
from livefeed.streams.entry import Entry, Page, StoredEvent, StoredValue
from livefeed.topic import Topic
from tests.simulation.history import History

DAY_MS = 86_400_000
CHANCE_BITS = 40
STEP_BITS = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """The store's guards, each of which a test takes out to see that it is needed."""

    ids_rise: bool = True
    ids_have_chance: bool = True
    expiry_follows_the_id: bool = True
    position_by_membership: bool = True
    position_in_topic_is_exact: bool = True
    one_day_limit: bool = True
    zero_only_without_stream: bool = True
    cut_is_proved: bool = True
    shard_streams_stay: bool = True
    commands_happen_once: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes of the store's streams; `slack`: how many entries approximate trimming leaves above a topic's cap."""

    shard_events: int = 6
    topic_events: int = 12
    topic_idle_ms: int = 2 * DAY_MS
    latest_keys: int = 3
    slack: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A key with a life time: a topic's stream or its newest values."""

    entries: tuple[Entry, ...] = ()
    expires_ms: int = 0


@dataclass(slots=True)
class State:
    """Everything a store holds; `log` is what no real store has: all entries ever, for the oracle."""

    fan: dict[int, tuple[Entry, ...]] = field(default_factory=dict)
    fan_expires_ms: dict[int, int] = field(default_factory=dict)
    streams: dict[str, Kept] = field(default_factory=dict)
    latest: dict[str, Kept] = field(default_factory=dict)
    once: dict[str, tuple[str, tuple[Position, ...]]] = field(default_factory=dict)
    log: dict[int, tuple[Entry, ...]] = field(default_factory=dict)

    def copy(self) -> State:
        return State(*(dict(getattr(self, name)) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Append:
    """One event of a command; `key` None: KEPT, else the LATEST value of that key."""

    topic: Topic
    type: str
    data: bytes
    key: str | None = None


class ModelStore:
    """One server: its state, its clock, and the answers it gives."""

    def __init__(
        self,
        *,
        shards: int,
        limits: Limits | None = None,
        rules: Rules | None = None,
        time_ms: int = 0,
        skew_ms: int = 0,
        history: History | None = None,
    ) -> None:
        self.shards = shards
        self.limits = limits or Limits()
        self.rules = rules or Rules()
        self.skew_ms = skew_ms
        self.time_ms = time_ms + skew_ms
        self.state = State()
        self.history = history or History()
        self.struck: Counter[str] = Counter()
        """How often streams were trimmed, and things outlived their time."""
        self.expired: set[str] = set()
        """Topics of which something ever outlived its time here."""
        self._shard_of = {keys.fan(shard): shard for shard in range(shards)}

    # What scripts/prelude.lua does.

    def append(
        self, appends: Sequence[Append], *, chance: int, step: int, once: tuple[str, str] | None = None
    ) -> tuple[Position, ...]:
        """Append events of one shard in one step. `once`: idempotency key and fingerprint of the command.

        Raises: KeyReused.
        """
        name = f"{appends[0].topic.shard(self.shards)}:{once[0]}" if once else ""
        if once and self.rules.commands_happen_once and name in self.state.once:
            fingerprint, result = self.state.once[name]
            if fingerprint != once[1]:
                raise KeyReused("This idempotency key was used before with another body; take a new one.")
            return result
        if not self.rules.ids_have_chance:
            chance, step = 0, 1
        ids = tuple(self._append(item, chance, step) for item in appends)
        if once:
            self.state.once[name] = (once[1], ids)
        return ids

    def _append(self, item: Append, chance: int, step: int) -> Position:
        state, limits, shard = self.state, self.limits, item.topic.shard(self.shards)
        fan = self._fan(shard)
        previous = fan[-1].id if fan else ZERO
        if self.time_ms > previous.ms or not self.rules.ids_rise:
            id = Position(self.time_ms, chance if self.time_ms != previous.ms else previous.n + step)
        else:
            id = Position(previous.ms, previous.n + step)
        entry = Entry(id, previous, item.topic.name, item.type, item.data, item.key)
        self.history.note(shard, entry)
        expires_ms = (id.ms if self.rules.expiry_follows_the_id else self.time_ms) + limits.topic_idle_ms
        if item.key is None:
            kept = (*self._stream(item.topic.name), entry)
            if len(kept) > limits.topic_events + limits.slack:
                kept = kept[-limits.topic_events :]
                self.struck["trim_topic"] += 1
            state.streams[item.topic.name] = Kept(kept, expires_ms)
        else:
            values = tuple(value for value in self._latest(item.topic.name) if value.key != item.key)
            state.latest[item.topic.name] = Kept((*values, entry)[-limits.latest_keys :], expires_ms)
        self.struck["trim_shard"] += len(fan) >= limits.shard_events
        state.fan[shard] = (*fan, entry)[-limits.shard_events :]
        state.fan_expires_ms[shard] = expires_ms
        state.log[shard] = (*state.log.get(shard, ()), entry)
        return id

    # What scripts/page.lua does.

    def page(
        self,
        topic: Topic,
        *,
        cut: Position,
        since: Position | None = None,
        replay: int = 0,
        limit: int = 256,
        values: bool = False,
    ) -> Page:
        """Return a page as `Streams.page` does."""
        shard = topic.shard(self.shards)
        stream = self._stream(topic.name)
        good, at, found = True, cut, list[Entry]()
        if since is not None:
            at, good = since, self._is_good(shard, stream, since)
            if good:
                found = [entry for entry in stream if since < entry.id <= cut][:limit]
        elif replay > 0:
            found = [entry for entry in stream if entry.id <= cut][-replay:]
            at = found[0].prev if found else cut
        return Page(
            cut_held=self._in_shard(shard, cut) or not self.rules.cut_is_proved,
            good=good,
            at=at,
            events=[StoredEvent(entry.id, entry.type, entry.data) for entry in found],
            complete=since is None or len(found) < limit,
            values=self.values(topic) if values else None,
        )

    def values(self, topic: Topic) -> list[StoredValue]:
        """Return the topic's newest values, ascending by rev."""
        return [StoredValue(entry.key or "", entry.id, entry.type, entry.data) for entry in self._latest(topic.name)]

    def _is_good(self, shard: int, stream: Sequence[Entry], position: Position) -> bool:
        if position != ZERO and any(entry.id == position for entry in stream):
            return True
        if not self.rules.position_in_topic_is_exact and stream and stream[0].id <= position:
            return True
        young = position == ZERO or not self.rules.one_day_limit or self.time_ms - position.ms <= DAY_MS
        if position == ZERO and not self.rules.zero_only_without_stream:
            return True
        return self._in_shard(shard, position) and young

    def _in_shard(self, shard: int, position: Position) -> bool:
        fan = self._fan(shard)
        if position == ZERO:
            return not fan
        if not self.rules.position_by_membership:
            return bool(fan) and fan[0].id <= position
        return any(entry.id == position for entry in fan)

    # What is there at this moment.

    def _fan(self, shard: int) -> tuple[Entry, ...]:
        if not self.rules.shard_streams_stay and self.state.fan_expires_ms.get(shard, self.time_ms) < self.time_ms:
            self.state.fan.pop(shard, None)
        return self.state.fan.get(shard, ())

    def _stream(self, name: str) -> tuple[Entry, ...]:
        return self._alive(self.state.streams, name)

    def _latest(self, name: str) -> tuple[Entry, ...]:
        return self._alive(self.state.latest, name)

    def _alive(self, held: dict[str, Kept], name: str) -> tuple[Entry, ...]:
        kept = held.get(name)
        if kept is not None and kept.expires_ms < self.time_ms:
            del held[name]
            self.struck["expire"] += 1
            self.expired.add(name)
            return ()
        return kept.entries if kept else ()

    # What the follower asks, as the store's own commands.

    def execute(self, *command: Any) -> Any:
        """Answer EXISTS, XRANGE of one id, XREVRANGE of the newest, XREAD; None from XREAD: it would block."""
        match command:
            case "EXISTS", name:
                return int(bool(self._fan(self._shard_of[name])))
            case "XRANGE", name, low, high if low == high:
                id = Position.parse(low)
                return [_raw(entry) for entry in self._fan(self._shard_of[name]) if entry.id == id]
            case "XREVRANGE", name, "+", "-", "COUNT", 1:
                return [_raw(entry) for entry in self._fan(self._shard_of[name])[-1:]]
            case "XREAD", "COUNT", count, "BLOCK", _, "STREAMS", *rest:
                half = len(rest) // 2
                return self._xread(count, rest[:half], rest[half:])
        raise AssertionError(f"the model store has no {command!r}")

    def _xread(self, count: int, names: Sequence[str], cursors: Sequence[str]) -> Any:
        reply = []
        for name, cursor in zip(names, cursors, strict=True):
            after = Position.parse(cursor)
            found = [entry for entry in self._fan(self._shard_of[name]) if entry.id > after][:count]
            if found:
                reply.append([name.encode(), [_raw(entry) for entry in found]])
        return reply or None

    # What happens to stores.

    def expire(self) -> None:
        """Remove what has outlived its time, as stores do from time to time without being asked."""
        for name in list(self.state.streams):
            self._stream(name)
        for name in list(self.state.latest):
            self._latest(name)

    def without(self, **rules: bool) -> None:
        """Take guards out."""
        self.rules = replace(self.rules, **rules)


def _raw(entry: Entry) -> list[Any]:
    """Return an entry as the store's protocol writes it."""
    fields = [b"p", str(entry.prev).encode(), b"t", entry.topic.encode(), b"k", entry.type.encode(), b"d", entry.data]
    if entry.key is not None:
        fields += [b"l", entry.key.encode()]
    return [str(entry.id).encode(), fields]


def draw(chance: random.Random) -> dict[str, int]:
    """Return the random numbers that a caller hands to `append`, as `Streams.commit` draws them."""
    return {"chance": chance.getrandbits(CHANCE_BITS), "step": 1 + chance.getrandbits(STEP_BITS)}
