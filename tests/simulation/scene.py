"""A world that moves only as told: what plots are told with."""

from __future__ import annotations

from livefeed.topic import Topic
from tests.simulation.client import Client, Reading
from tests.simulation.happenings.store import replicate
from tests.simulation.node import Node
from tests.simulation.store import Append
from tests.simulation.world import TOPICS, World

HERE, ELSEWHERE = TOPICS[0], TOPICS[1]


class Scene:
    """A world that moves only as told."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ahead, self.behind = world.nodes
        self.reader = world.clients[0]
        world.clients = [self.reader]
        world.store.skew_ms = 0
        world.store.time_ms = world.replica.time_ms = 1_800_000_000_000

    def publish(self, topic: Topic, key: str | None = None, *, image: bool = False, padding: int = 0) -> None:
        more = b',"image_key":"lf:{s00}:pv:i"' if image else b',"pad":"%s"' % (padding * b"x")
        data = b'{"n":%d%s}' % (self.world.number(), more)
        self.world.commit(self.world.command([Append(topic, "said", data, key)]))

    def follow(self, node: Node, entries: int = 50) -> None:
        """Let the node connect and read what there is."""
        while node.link.step(self.world.store, entries):
            if entries == 1 and node.link.answered:
                node.link.step(self.world.store, 1)
                return

    def buffer(self, node: Node) -> None:
        """Let the follower's next entries come as far as its socket."""
        while not node.link.buffers_entries:
            node.link.step(self.world.store, 50)

    def receive(self, node: Node) -> None:
        """Let the follower take what is in its socket."""
        node.link.step(self.world.store, 50)

    def work(self, node: Node) -> None:
        """Let everything that is under way arrive, except what the follower has yet to read."""
        for _ in range(20):
            for reading in list(node.readings):
                node.step_reading(reading, self.world.store)
            node.flush()
        while self.reader.wire.frames and not self.reader.wire.frozen:
            self.world.receive(self.reader)

    def subscribe(self, node: Node, topic: Topic = HERE) -> None:
        self.reader.readings.setdefault(topic.name, Reading())
        self.world.connect(self.reader, node, high=100)

    def second(self, reading: Reading, name: str = "second 0", node: Node | None = None) -> Client:
        """Let another reader, of the first one's codec, follow the same topic, on the same node or another."""
        client = Client(name, self.world.history, self.world.struck)
        client.readings[HERE.name] = reading
        self.world.clients.append(client)
        self.world.connect(client, node or self.ahead, high=100)
        return client

    def leave(self) -> None:
        self.world.disconnect(self.reader)

    def lose(self, commands: int) -> None:
        """Crash, and come back without the newest commands; followers notice, what was read before may still arrive."""
        self.world.store.state = self.world.past[-commands].copy()
        for node in self.world.nodes:
            node.link.cut(buffered=False)

    def replicate(self) -> None:
        replicate(self.world)

    def fail_over(self, *, buffered: bool = False) -> None:
        """Let the other store be the master; the follower may still take what is in its socket."""
        world = self.world
        world.store, world.replica = world.replica, world.store
        world.past.clear()
        for node in world.nodes:
            node.link.cut(buffered=buffered)

    def set_clock(self, skew_ms: int) -> None:
        self.world.set_clock(skew_ms)

    def end(self) -> None:
        self.world.settle()
        self.world.judge()
