"""One seeded world: a store that suffers, two nodes, some clients, and the oracle that judges them at the end.

The oracle: once nothing happens any more, every client that follows a topic knows exactly the final history's KEPT
events since its last `gap` (or since it subscribed), in order and once, and holds the store's newest values; what it
saw of a history that was lost, a `gap` has taken back. It says nothing about how that is reached.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from livefeed.position import ZERO, Position
from livefeed.topic import Topic
from tests.simulation.client import Client, Reading, Violation
from tests.simulation.node import Node, same_order
from tests.simulation.oracle import Judge, demand
from tests.simulation.store import DAY_MS, Append, Limits, ModelStore, Rules, State, draw

SHARDS = 2
START_MS = 1_800_000_000_000
HOUR_MS = 3_600_000
SKEWS_MS = (0, 0, 0, 1, -1, -60, 60, HOUR_MS, -HOUR_MS, 11 * HOUR_MS, -12 * HOUR_MS)
"""How wrong a server's clock may be: from one to another less than the day by which topics outlive positions."""
QUIET_AFTER = 20_000


def _topics() -> list[Topic]:
    """Return three topics of shard 0 and one of shard 1."""
    found: list[Topic] = []
    number = 0
    while len(found) < 4:
        topic = Topic(f"app:t{number}")
        number += 1
        if topic.shard(SHARDS) == (0 if len(found) < 3 else 1):
            found.append(topic)
    return found


TOPICS = _topics()
VALUE_KEYS = ("k1", "k2", "k3", "k4")

WEIGHTS: dict[str, float] = {
    "publish": 14,
    "tick": 4,
    "follow": 70,
    "read": 60,
    "flush": 35,
    "deliver": 30,
    "client": 6,
    "stall": 1.5,
    "unstall": 2,
    "beat": 1.5,
    "repeat": 1,
    "break_link": 1,
    "break_pages": 1,
    "replicate": 1.5,
    "back_up": 0.7,
    "lose_tail": 1,
    "restore": 0.4,
    "fail_over": 0.8,
    "restart_node": 0.3,
    "wipe": 0.05,
    "step_clock": 0.8,
    "sleep_days": 0.4,
}
FAULTS = (
    "stall",
    "repeat",
    "break_link",
    "break_pages",
    "lose_tail",
    "restore",
    "fail_over",
    "restart_node",
    "wipe",
    "step_clock",
    "sleep_days",
)


@dataclass(slots=True)
class Command:
    """A command that may come twice."""

    appends: list[Append]
    once: tuple[str, str]


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
        self.store, self.replica = (
            ModelStore(
                shards=SHARDS, limits=limits, rules=self.rules, time_ms=START_MS, skew_ms=chance.choice(SKEWS_MS)
            )
            for _ in range(2)
        )
        self.struck: Counter[str] = Counter()
        self.past: list[State] = []
        self.backup = State()
        self.commands: list[Command] = []
        self.issued = 0
        self.nodes = [self._node(f"node {number}") for number in range(2)]
        self.clients = [Client(f"client {number}") for number in range(3)]
        # The latest that any clock ever showed.
        self._latest_ms = max(self.store.time_ms, self.replica.time_ms)
        self._kept_share = chance.choice((0.2, 0.55, 0.8))
        self._pace = chance.choice(((1, 1), (1, 1), (1, 8), (8, 1)))
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
        )

    def _swarm(self) -> dict[str, float]:
        """Return this world's weights: each kind of fault is often absent, so that others get room, or frequent."""
        weights = dict(WEIGHTS)
        for name in FAULTS:
            weights[name] *= self.chance.choice((0, 0.5, 1, 3))
        weights["follow"] *= self.chance.choice((0.3, 1, 1))
        weights["read"] *= self.chance.choice((0.3, 1, 1))
        return weights

    # Running.

    def run(self) -> Counter[str]:
        """Let everything happen, then nothing any more; judge. Returns how often each kind of thing happened.

        Raises: Violation.
        """
        with same_order():
            return self._run()

    def _run(self) -> Counter[str]:
        names, weights = list(self._weights), list(self._weights.values())
        try:
            for name in self.chance.choices(names, weights, k=self.steps):
                if getattr(self, "_" + name)():
                    self.struck[name] += 1
            self._settle()
            self._judge()
        finally:
            for node in self.nodes:
                node.kill()
        return self.struck

    # The store's side.

    def _publish(self) -> bool:
        topic = self.chance.choice(TOPICS)
        appends = [self._event(topic) for _ in range(self.chance.choice((1, 1, 1, 2, 3)))]
        self.issued += 1
        command = Command(appends, (f"key {self.issued}", "fingerprint"))
        self.commands.append(command)
        self._commit(command)
        return True

    def _event(self, topic: Topic) -> Append:
        self.issued += 1
        if self.chance.random() < self._kept_share:
            return Append(topic, "kept", b'{"n":%d}' % self.issued)
        image = b',"image_key":"lf:{s00}:pv:i"' if self.chance.random() < 0.3 else b""
        return Append(topic, "value", b'{"n":%d%s}' % (self.issued, image), self.chance.choice(VALUE_KEYS))

    def _commit(self, command: Command) -> None:
        self.past.append(self.store.state.copy())
        del self.past[:-12]
        self.store.append(command.appends, **draw(self.chance), once=command.once)  # type: ignore[arg-type]

    def _repeat(self) -> bool:
        if not self.commands:
            return False
        self._commit(self.chance.choice(self.commands[-6:]))
        return True

    def _tick(self) -> bool:
        self._pass(self.chance.choice((1, 1, 2, 50)))
        return True

    def _step_clock(self) -> bool:
        """The server's clock is set, forwards or back."""
        skew = self.chance.choice(SKEWS_MS)
        self.store.time_ms += skew - self.store.skew_ms
        self.store.skew_ms = skew
        self._latest_ms = max(self._latest_ms, self.store.time_ms)
        return True

    def _sleep_days(self) -> bool:
        """A quiet time: everywhere, so that streams expire and positions grow old."""
        self._pass(self.chance.choice((DAY_MS // 4, DAY_MS // 2, DAY_MS + 1, 2 * DAY_MS + 1, 3 * DAY_MS)))
        return True

    def _pass(self, time_ms: int) -> None:
        for store in (self.store, self.replica):
            store.time_ms += time_ms
            self._latest_ms = max(self._latest_ms, store.time_ms)
            if time_ms >= HOUR_MS:
                store.expire()

    def _replicate(self) -> bool:
        self.replica.state = self.store.state.copy()
        return True

    def _back_up(self) -> bool:
        self.backup = self.store.state.copy()
        return True

    def _lose_tail(self) -> bool:
        if not self.past:
            return False
        lost = min(len(self.past), self.chance.choice((1, 1, 2, 3, 5, 12)))
        self.store.state = self.past[-lost].copy()
        del self.past[-lost:]
        return self._break_all()

    def _restore(self) -> bool:
        self.store.state = self.backup.copy()
        self.past.clear()
        return self._break_all()

    def _wipe(self) -> bool:
        self.store.state = State()
        self.past.clear()
        return self._break_all()

    def _fail_over(self) -> bool:
        """The lagging replica takes over; the old master keeps what it had, for when we fail back."""
        self.store, self.replica = self.replica, self.store
        self.past.clear()
        return self._break_all()

    def _break_all(self) -> bool:
        for node in self.nodes:
            node.break_link(self.chance)
            node.break_pages(self.chance)
        return True

    # The nodes' side.

    def _break_link(self) -> bool:
        self.chance.choice(self.nodes).break_link(self.chance)
        return True

    def _break_pages(self) -> bool:
        self.chance.choice(self.nodes).break_pages(self.chance)
        return True

    def _follow(self) -> bool:
        node = self.chance.choices(self.nodes, self._pace)[0]
        return node.link.step(self.store, self.chance.choice((1, 2, 50)))

    def _read(self) -> bool:
        readings = [(node, reading) for node in self.nodes for reading in node.readings]
        if readings:
            node, reading = self.chance.choice(readings)
            node.step_reading(reading, self.store)
        return bool(readings)

    def _flush(self) -> bool:
        node = self.chance.choice(self.nodes)
        due = node.flush_due
        if due:
            node.flush()
        return due

    def _beat(self) -> bool:
        sessions = self._sessions()
        if sessions:
            node, client = self.chance.choice(sessions)
            node.beat(client.session)
        return bool(sessions)

    def _stall(self) -> bool:
        sessions = [client.session for _, client in self._sessions() if client.session.writable]
        if sessions:
            self.chance.choice(sessions).writable = False
        return bool(sessions)

    def _unstall(self) -> bool:
        stalled = [(node, client.session) for node, client in self._sessions() if not client.session.writable]
        if stalled:
            node, session = self.chance.choice(stalled)
            node.hub.resume(session)
            node.flush_due = True
        return bool(stalled)

    def _restart_node(self) -> bool:
        index = self.chance.randrange(2)
        old = self.nodes[index]
        for client in self.clients:
            if client.node is old:
                client.disconnect()
        old.kill()
        self.nodes[index] = self._node(old.name)
        return True

    # The clients' side.

    def _sessions(self) -> list[tuple[Node, Client]]:
        return [(client.node, client) for client in self.clients if client.session is not None]

    def _deliver(self) -> bool:
        ready = [client for client in self.clients if client.network]
        if ready:
            client = self.chance.choice(ready)
            for _ in range(min(self.chance.choice((1, 2, 10)), len(client.network))):
                client.receive()
        return bool(ready)

    def _client(self) -> bool:
        client = self.chance.choice(self.clients)
        if client.session is None:
            self._connect(client)
            return True
        act = self.chance.choices(
            (self._disconnect, self._subscribe, self._subscribe_again, self._reload, self._unsubscribe), (3, 8, 1, 2, 1)
        )[0]
        act(client)
        return True

    def _connect(self, client: Client) -> None:
        client.node = self.chance.choice(self.nodes)
        client.session = client.node.open(client.name, client.network)
        if client.readings:
            self._ask(client, list(client.readings))

    def _disconnect(self, client: Client) -> None:
        client.node.close(client.session)
        client.disconnect()

    def _subscribe(self, client: Client) -> None:
        new = [topic.name for topic in self.chance.sample(TOPICS, 2) if topic.name not in client.readings]
        for name in new:
            client.readings[name] = Reading(replay=self.chance.choice((0, 0, 1, 3)))
            if self.chance.random() < 0.4:
                client.readings[name].restart(self._snapshot(name))
        if new:
            self._ask(client, new)

    def _reload(self, client: Client) -> None:
        """Read a topic's snapshot and subscribe from where it stands: at the store's head, not at the node's cut."""
        if client.readings:
            name = self.chance.choice(list(client.readings))
            client.readings[name].restart(self._snapshot(name))
            self._ask(client, [name])

    def _snapshot(self, name: str) -> Position:
        log = self.store.state.log.get(Topic(name).shard(SHARDS), ())
        return log[-1].id if log else ZERO

    def _subscribe_again(self, client: Client) -> None:
        """A second `subscribe` for a topic it has, from where it stands."""
        if client.readings:
            name = self.chance.choice(list(client.readings))
            self._ask(client, [name])

    def _unsubscribe(self, client: Client) -> None:
        if client.readings:
            name = self.chance.choice(list(client.readings))
            del client.readings[name]
            client.node.unsubscribe(client.session, name)

    def _ask(self, client: Client, names: list[str]) -> None:
        wanted = client.wants(names)
        client.node.subscribe(client.session, client.ref, wanted)

    # The end.

    def _settle(self) -> None:
        """Let all faults end, and everything that is under way arrive; nothing new is published."""
        for client in self.clients:
            if client.session is None:
                self._connect(client)
            elif not client.session.writable:
                client.node.hub.resume(client.session)
                client.node.flush_due = True
        left = QUIET_AFTER
        while self._settle_once():
            left -= 1
            if left == 0:
                raise Violation("the world never comes to rest")

    def _settle_once(self) -> bool:
        moved = False
        for node in self.nodes:
            moved |= node.link.step(self.store, 50)
            for reading in list(node.readings):
                if reading in node.readings:
                    node.step_reading(reading, self.store)
                    moved = True
            if node.flush_due:
                node.flush()
                moved = True
        for client in self.clients:
            while client.network:
                client.receive()
                moved = True
        return moved

    def _judge(self) -> None:
        for client in self.clients:
            for name, reading in client.readings.items():
                forgotten = name in self.store.expired | self.replica.expired
                expired_ms = self._latest_ms - self.store.limits.topic_idle_ms if forgotten else 0
                Judge(f"{client.name} on {name}", Topic(name), reading, self.store, expired_ms).judge()
        self._judge_log()

    def _judge_log(self) -> None:
        for shard, log in self.store.state.log.items():
            ids = [entry.id for entry in log]
            demand(ids == sorted(set(ids)), f"the ids of shard {shard} do not rise")
            texts = [entry.data for entry in log]
            demand(len(texts) == len(set(texts)), f"a repeated command took effect twice in shard {shard}")


def run_worlds(seeds: range, make: Callable[[int], World] = World) -> Counter[str]:
    """Run a world per seed; a violation names its seed."""
    struck: Counter[str] = Counter()
    for seed in seeds:
        try:
            struck += make(seed).run()
        except Violation as exc:
            raise Violation(f"world {seed}: {exc}") from exc
    return struck
