"""Worlds with a plot: what random ones come upon too rarely, told step by step.

Each ends as every world does: everything arrives, and the oracle judges.
"""

from __future__ import annotations

from livefeed.topic import Topic
from tests.simulation.client import Reading
from tests.simulation.node import Node
from tests.simulation.store import Append, Limits, draw
from tests.simulation.world import HOUR_MS, TOPICS, World

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

    def publish(self, topic: Topic, key: str | None = None) -> None:
        self.world.issued += 1
        self.world.past.append(self.world.store.state.copy())
        self.world.store.append(
            [Append(topic, "said", b'{"n":%d}' % self.world.issued, key)], **draw(self.world.chance)
        )

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
        while self.reader.network:
            self.reader.receive()

    def subscribe(self, node: Node, topic: Topic = HERE) -> None:
        self.reader.node = node
        self.reader.session = node.open(self.reader.name, self.reader.network)
        self.reader.readings.setdefault(topic.name, Reading())
        self.world._ask(self.reader, list(self.reader.readings))

    def leave(self) -> None:
        self.world._disconnect(self.reader)

    def lose(self, commands: int) -> None:
        """Crash, and come back without the newest commands; followers notice, what was read before may still arrive."""
        self.world.store.state = self.world.past[-commands].copy()
        for node in self.world.nodes:
            node.link.cut(buffered=False)

    def replicate(self) -> None:
        self.world._replicate()

    def fail_over(self, *, buffered: bool = False) -> None:
        """Let the other store be the master; the follower may still take what is in its socket."""
        world = self.world
        world.store, world.replica = world.replica, world.store
        world.past.clear()
        for node in world.nodes:
            node.link.cut(buffered=buffered)

    def set_clock(self, skew_ms: int) -> None:
        store = self.world.store
        store.time_ms += skew_ms - store.skew_ms
        store.skew_ms = skew_ms

    def end(self) -> None:
        self.world._settle()
        self.world._judge()


def reader_ahead_of_a_loss(world: World) -> None:
    """A reader comes from a node that was ahead; the store loses what only that reader has seen."""
    scene = Scene(world)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.follow(scene.behind)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    scene.lose(1)
    scene.end()


def answer_from_before_a_loss(world: World) -> None:
    """…and the page that found the reader's position good arrives after the loss."""
    scene = Scene(world)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.follow(scene.behind)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.subscribe(scene.behind)
    scene.behind.step_reading(scene.behind.readings[0], world.store)
    scene.lose(1)
    scene.follow(scene.behind)
    scene.work(scene.behind)
    scene.end()


def value_hidden_by_a_lost_one(world: World, *, cut_lost: bool = False) -> None:
    """A value beyond the cut hides the one before it from a new reader, and is lost."""
    scene = Scene(world)
    scene.publish(HERE, "first")
    scene.publish(HERE, "second")
    scene.follow(scene.behind)
    scene.publish(ELSEWHERE)
    scene.publish(HERE, "first")
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    if cut_lost:
        scene.follow(scene.behind, entries=1)
    scene.lose(2)
    scene.end()


def value_hidden_and_cut_lost(world: World) -> None:
    """…together with the cut, so that the shard is reset."""
    value_hidden_by_a_lost_one(world, cut_lost=True)


def clock_behind_its_ids(world: World) -> None:
    """The clock is set back, an event goes under the last id's time; a day and a half later it is set back again."""
    scene = Scene(world)
    scene.set_clock(11 * HOUR_MS)
    scene.publish(ELSEWHERE)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.set_clock(-12 * HOUR_MS)
    scene.publish(HERE)
    scene.set_clock(0)
    world._pass(36 * HOUR_MS + 1)
    scene.set_clock(-12 * HOUR_MS)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.end()


def older_value_arrives_later(world: World) -> None:
    """A page is read, a newer value comes through the follower, and then the page arrives."""
    scene = Scene(world)
    scene.publish(HERE, "only")
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    (page,) = scene.ahead.readings
    scene.ahead.step_reading(page, world.store)
    scene.publish(HERE, "only")
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.end()


def stalled_into_a_gap(world: World) -> None:
    """A reader's transport is full until what it missed is gone everywhere; the value it had is still the newest."""
    scene = Scene(world)
    world.store.limits = Limits(shard_events=3, topic_events=6)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.publish(HERE, "only")
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    assert scene.reader.session is not None
    scene.reader.session.writable = False
    for _ in range(30):
        scene.publish(HERE)
        scene.follow(scene.ahead)
        scene.work(scene.ahead)
    scene.end()


def _two_histories(world: World, *, key: str | None = None, later: bool = True) -> Scene:
    """A reader saw something that the replica lacks; the replica took over, and something happened there.

    The node that was behind has it in its socket, and the first store is the master again.
    later: what happened on the replica has the higher ids.
    """
    scene = Scene(world)
    scene.publish(HERE)
    scene.replicate()
    scene.follow(scene.behind)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    world.store.time_ms += 5
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.fail_over()
    world.store.time_ms += 10 if later else 1
    scene.publish(HERE, key)
    scene.buffer(scene.behind)
    scene.fail_over(buffered=True)
    return scene


def reader_passed_by_another_history(world: World) -> None:
    """The node passes the reader's position along the replica's history, and the replica takes over for good."""
    scene = _two_histories(world)
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    scene.receive(scene.behind)
    scene.work(scene.behind)
    scene.fail_over()
    scene.end()


def reader_passed_while_its_page_was_read(world: World) -> None:
    """…while the page that proves it on the master is under way."""
    scene = _two_histories(world)
    scene.subscribe(scene.behind)
    (page,) = scene.behind.readings
    scene.behind.step_reading(page, world.store)
    scene.receive(scene.behind)
    scene.work(scene.behind)
    scene.fail_over()
    scene.end()


def value_of_another_history(world: World) -> None:
    """The node learns of a value of the replica's history, below the reader's position; the master stays."""
    scene = _two_histories(world, key="only", later=False)
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    scene.receive(scene.behind)
    scene.work(scene.behind)
    scene.end()


def value_beyond_the_cut_of_its_page(world: World) -> None:
    """A page brings a value that the replica lacks; the node passes its rev along the replica's history."""
    scene = Scene(world)
    scene.publish(HERE)
    scene.replicate()
    scene.follow(scene.behind)
    world.store.time_ms += 5
    scene.publish(HERE, "only")
    scene.fail_over()
    world.store.time_ms += 10
    scene.publish(HERE)
    scene.buffer(scene.behind)
    scene.fail_over(buffered=True)
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    scene.receive(scene.behind)
    scene.work(scene.behind)
    scene.fail_over()
    scene.end()


SCENES = (
    reader_ahead_of_a_loss,
    answer_from_before_a_loss,
    value_hidden_by_a_lost_one,
    value_hidden_and_cut_lost,
    clock_behind_its_ids,
    stalled_into_a_gap,
    older_value_arrives_later,
    reader_passed_by_another_history,
    reader_passed_while_its_page_was_read,
    value_of_another_history,
    value_beyond_the_cut_of_its_page,
)
