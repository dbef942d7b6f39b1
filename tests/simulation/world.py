"""One seeded world: a store that suffers, two nodes, some clients, and the oracle that judges them.

The oracle judges every frame when it arrives: what it tells must be what happened between the two positions it names,
on a history that a store really had (`client.py`, `history.py`). And once nothing happens any more, every client that
follows a topic knows exactly the final history's KEPT events since its last `gap` (or since it subscribed), in order
and once, and holds the store's newest values; what it saw of a history that was lost, a `gap` has taken back
(`oracle.py`). It says nothing about how that is reached.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from livefeed.position import ZERO, Position
from livefeed.topic import Topic
from tests.simulation.client import SHARDS, Client, Violation, Wire
from tests.simulation.happenings import FAULTS, USUAL, Happening, nodes
from tests.simulation.happenings.store import HOUR_MS, SKEWS_MS
from tests.simulation.history import History
from tests.simulation.node import Node, room, same_order
from tests.simulation.oracle import Judge, demand
from tests.simulation.store import DAY_MS, Append, Limits, ModelStore, Rules, State, draw

START_MS = 1_800_000_000_000
QUIET_AFTER = 20_000


def _topics(count: int) -> list[Topic]:
    """Return topics of which three of four are in shard 0."""
    found: list[Topic] = []
    number = 0
    while len(found) < count:
        topic = Topic(f"app:t{number}")
        number += 1
        if topic.shard(SHARDS) == (len(found) % 4) // 3:
            found.append(topic)
    return found


MANY_TOPICS = _topics(24)
TOPICS = MANY_TOPICS[:4]


@dataclass(slots=True, eq=False)
class Command:
    """A command that may come twice. ids: what it was answered last."""

    appends: list[Append]
    once: tuple[str, str]
    ids: tuple[Position, ...] = ()


@dataclass
class World:
    """Everything there is, moved one random step at a time."""

    seed: int
    steps: int = 700
    rules: Rules = field(default_factory=Rules)
    limits: Limits | None = None

    def __post_init__(self) -> None:
        self.chance = chance = random.Random(self.seed)
        limits = self.limits or self._random_limits()
        self.struck: Counter[str] = Counter()
        self.history = History()
        self.store, self.replica = (
            ModelStore(
                shards=SHARDS,
                limits=limits,
                rules=self.rules,
                time_ms=START_MS,
                skew_ms=chance.choice(SKEWS_MS),
                history=self.history,
            )
            for _ in range(2)
        )
        self.stores = (self.store, self.replica)
        self.master = 0
        self.past: list[State] = []
        self.backup = State()
        self.commands: list[Command] = []
        self.unsure: list[Command] = []
        """Commands whose publishers do not know whether they arrived."""
        self.topics: Sequence[Topic] = MANY_TOPICS[: chance.choice((4, 4, 4, 8, 24))]
        self.room = chance.choice((1, 400, 65_536))
        self.kept_share = chance.choice((0.2, 0.55, 0.8))
        self.pace = chance.choice(((1, 1), (1, 1), (1, 8), (8, 1)))
        self.nodes = [self._node(f"node {number}") for number in range(2)]
        self.clients = [
            Client(f"client {number}", self.history, self.struck) for number in range(chance.choice((3, 3, 3, 7)))
        ]
        self._issued = 0
        # The latest that any clock ever showed.
        self._latest_ms = max(self.store.time_ms, self.replica.time_ms)
        self._weights = self._swarm()

    def _random_limits(self) -> Limits:
        shard_events = self.chance.choice((3, 6, 12, 40))
        return Limits(
            shard_events=shard_events,
            topic_events=2 * shard_events,
            topic_idle_ms=2 * DAY_MS,
            latest_keys=self.chance.choice((2, 3, 8)),
            slack=self.chance.choice((0, 0, 3)),
        )

    def _node(self, name: str) -> Node:
        return Node(
            name,
            shards=SHARDS,
            tail_events=self.chance.choice((1, 2, 5, 20)),
            page_limit=self.chance.choice((1, 2, 5, 50)),
            values=self.store.limits.latest_keys,
            struck=self.struck,
        )

    def _swarm(self) -> dict[Happening, float]:
        """Return this world's weights: each kind of fault is often absent, so that others get room, or frequent."""
        weights = dict(USUAL)
        for fault, weight in FAULTS.items():
            weights[fault] = weight * self.chance.choice((0, 0.5, 1, 3))
        weights[nodes.follow] *= self.chance.choice((0.3, 1, 1))
        weights[nodes.read] *= self.chance.choice((0.3, 1, 1))
        return weights

    # Running.

    def run(self) -> Counter[str]:
        """Let everything happen, then nothing any more; judge. Returns how often each kind of thing happened.

        Raises: Violation.
        """
        with same_order(), room(self.room):
            return self._run()

    def _run(self) -> Counter[str]:
        try:
            for happening in self.chance.choices(list(self._weights), list(self._weights.values()), k=self.steps):
                self.struck[happening.__name__] += happening(self)
            self.settle()
            self.judge()
            self._judge_what_is_left()
        finally:
            for node in self.nodes:
                node.kill()
        for store in self.stores:
            self.struck += store.struck
        return self.struck

    # What the store is told.

    def number(self) -> int:
        """Return a number that nothing had before."""
        self._issued += 1
        return self._issued

    def command(self, appends: list[Append]) -> Command:
        """Return a new command, with a key of its own."""
        command = Command(appends, (f"key {self.number()}", "fingerprint"))
        self.commands.append(command)
        return command

    def commit(self, command: Command) -> None:
        """Let a command reach the store."""
        self.past.append(self.store.state.copy())
        del self.past[:-12]
        command.ids = self.store.append(command.appends, **draw(self.chance), once=command.once)

    def is_known(self, command: Command) -> bool:
        """Tell whether the store remembers to have carried out a command."""
        return f"{command.appends[0].topic.shard(SHARDS)}:{command.once[0]}" in self.store.state.once

    def set_clock(self, skew_ms: int) -> None:
        """Set the server's clock to be so wrong."""
        self.store.time_ms += skew_ms - self.store.skew_ms
        self.store.skew_ms = skew_ms
        self._latest_ms = max(self._latest_ms, self.store.time_ms)

    def wait(self, time_ms: int) -> None:
        """Let time pass for all."""
        for store in self.stores:
            store.time_ms += time_ms
            self._latest_ms = max(self._latest_ms, store.time_ms)
            if time_ms >= HOUR_MS:
                store.expire()

    def snapshot(self, name: str) -> Position:
        """Return the position that a snapshot of a topic would stand for now."""
        log = self.store.state.log.get(Topic(name).shard(SHARDS), ())
        return log[-1].id if log else ZERO

    # Connections.

    def sessions(self) -> list[tuple[Node, Client]]:
        """Return the clients that are connected, with their nodes."""
        return [(client.node, client) for client in self.clients if client.session is not None]

    def connect(self, client: Client, node: Node | None = None, *, high: int | None = None) -> bool:
        """Connect a client to some node, or to this one, with its positions; tell whether a node took it in."""
        open_nodes = [node] if node else [node for node in self.nodes if not node.draining]
        if not open_nodes:
            return False
        node = self.chance.choice(open_nodes)
        self.struck["moved_to_another_node"] += client.last_node not in (None, node.name) and bool(client.readings)
        client.connect(node, Wire(self.chance.choice((0, 2, 6, 100)) if high is None else high))
        if client.readings:
            self.ask(client, list(client.readings))
        return True

    def disconnect(self, client: Client) -> None:
        """End a connection; what was under way is lost."""
        client.node.close(client.session)
        client.disconnect()

    def ask(self, client: Client, names: list[str]) -> None:
        """Let a client subscribe, with the positions it has."""
        wanted = client.wants(names)
        client.node.subscribe(client.session, client.ref, wanted)

    def receive(self, client: Client) -> None:
        """Let a client take a frame; its transport goes on when half of what it held is gone."""
        client.receive()
        session, wire = client.session, client.wire
        if session is not None and not session.writable and len(wire.frames) <= wire.high // 2:
            client.node.resume(session)

    def replace_node(self, old: Node) -> None:
        """Let a node end, and a new process take its place."""
        for client in self.clients:
            if client.node is old:
                client.disconnect()
        old.kill()
        self.nodes[self.nodes.index(old)] = self._node(old.name)

    # The end.

    def settle(self) -> None:
        """Let all faults end, and everything that is under way arrive; nothing new is published.

        Raises: Violation if it never does.
        """
        for command in self.unsure:
            self.commit(command)
        for node in list(self.nodes):
            if node.draining:
                self.replace_node(node)
        for client in self.clients:
            if client.session is None:
                self.connect(client)
            client.wire.frozen = False
            if not client.session.writable:
                client.node.resume(client.session)
        left = QUIET_AFTER
        while self._settle_once():
            left -= 1
            if left == 0:
                raise Violation("the world never comes to rest")

    def _settle_once(self) -> bool:
        moved = False
        for node in self.nodes:
            node.check_bounds()
            node.forget_pages()
            moved |= node.link.step(self.store, 50)
            for reading in list(node.readings):
                if reading in node.readings:
                    node.step_reading(reading, self.store)
                    moved = True
            if node.flush_due:
                node.flush()
                moved = True
        for client in self.clients:
            refused = [name for name, reading in client.readings.items() if reading.refused]
            if refused:
                self.ask(client, refused)
            while client.wire.frames:
                self.receive(client)
                moved = True
        return moved

    def judge(self) -> None:
        """Raises: Violation."""
        for client in self.clients:
            for name, reading in client.readings.items():
                forgotten = any(name in store.expired for store in self.stores)
                expired_ms = self._latest_ms - self.store.limits.topic_idle_ms if forgotten else 0
                Judge(f"{client.name} on {name}", Topic(name), reading, self.store, expired_ms).judge()
        self._judge_log()

    def _judge_log(self) -> None:
        for shard, log in self.store.state.log.items():
            ids = [entry.id for entry in log]
            demand(ids == sorted(set(ids)), f"the ids of shard {shard} do not rise")
            texts = [entry.data for entry in log]
            demand(len(texts) == len(set(texts)), f"a repeated command took effect twice in shard {shard}")
        for command in self.unsure:
            log = self.store.state.log[command.appends[0].topic.shard(SHARDS)]
            told = {entry.id: entry.data for entry in log if entry.id in command.ids}
            demand(
                [told.get(id) for id in command.ids] == [item.data for item in command.appends],
                f"{command.once[0]} was answered {command.ids}, which is not in the log",
            )

    def _judge_what_is_left(self) -> None:
        for client in self.clients:
            self.disconnect(client)
        for node in self.nodes:
            node.check_nothing_left()


def run_worlds(seeds: range, make: Callable[[int], World] = World) -> Counter[str]:
    """Run a world per seed; a violation names its seed."""
    struck: Counter[str] = Counter()
    for seed in seeds:
        try:
            struck += make(seed).run()
        except Violation as exc:
            raise Violation(f"world {seed} (LIVEFEED_SEED={seed} runs it alone): {exc}") from exc
    return struck
