"""Presence of one node and of several on one channel, ticked by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from livefeed.errors import BadRequest, RateLimited, StoreUnavailable
from livefeed.people import User
from livefeed.presence.counts import EXPIRES_S, HEARTBEAT_S
from livefeed.presence.presence import COUNTS_EVERY_S, SIGNAL_BURST, Presence, shown

FOX = User("fox", "fox")


class Screen:
    """An audience that remembers what it was shown."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.signals: list[tuple[str, str]] = []

    def show_count(self, topic: str, count: int) -> None:
        self.counts[topic] = count

    def show_signals(self, topic: str, signals: list[Mapping[str, Any]]) -> None:
        self.signals += [(topic, signal["user"]["id"]) for signal in signals]


class Wire:
    """A channel that every node hears at once, and that can be cut."""

    def __init__(self) -> None:
        self.nodes: list[Presence] = []
        self.messages: list[dict[str, Any]] = []
        self.cut = False

    async def publish(self, message: bytes) -> None:
        if self.cut:
            raise StoreUnavailable("cut")
        self.messages.append(orjson.loads(message))
        for node in self.nodes:
            node.receive(message)

    def join(self, name: str) -> tuple[Presence, Screen]:
        screen = Screen()
        node = Presence(name, self, screen)
        self.nodes.append(node)
        return node, screen

    async def pass_time(self, now_s: float) -> None:
        """Tick every node twice, so that what one says the others have shown by `now_s`."""
        for moment in (now_s - COUNTS_EVERY_S, now_s):
            for node in self.nodes:
                await node.tick(moment)


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def test_everybody_is_told_how_many_watch_over_all_nodes(wire: Wire) -> None:
    (here, near), (there, far) = wire.join("a"), wire.join("b")
    here.watch("feed:all")
    here.watch("feed:all")
    there.watch("feed:all")
    await wire.pass_time(1)
    assert near.counts == far.counts == {"feed:all": 3}
    here.unwatch("feed:all")
    await wire.pass_time(3)
    assert near.counts == far.counts == {"feed:all": 2}


async def test_many_changes_within_a_second_are_shown_as_one(wire: Wire) -> None:
    node, screen = wire.join("a")
    shows = []
    screen.show_count = lambda topic, count: shows.append(count)  # type: ignore[method-assign]
    await node.tick(0)
    for turn in range(9):
        node.watch("feed:all")
        await node.tick(COUNTS_EVERY_S * turn / 10)
    await node.tick(COUNTS_EVERY_S)
    assert shows == [9]


def test_whoever_comes_is_told_a_count_that_includes_them(wire: Wire) -> None:
    node, _ = wire.join("a")
    assert node.watch("feed:all") == 1


@pytest.mark.parametrize(
    ("count", "told"), [(0, 0), (1, 1), (99, 99), (100, 100), (101, 100), (119, 110), (1_204, 1_200), (98_765, 98_000)]
)
def test_large_counts_are_told_by_their_first_two_digits(count: int, told: int) -> None:
    assert shown(count) == told


async def test_a_tick_without_news_says_nothing(wire: Wire) -> None:
    node, _ = wire.join("a")
    node.watch("feed:all")
    await node.tick(0)
    said = len(wire.messages)
    await node.tick(1)
    assert len(wire.messages) == said


async def test_one_heartbeat_a_node_whoever_many_watch(wire: Wire) -> None:
    node, _ = wire.join("a")
    for number in range(500):
        node.watch(f"post:{number % 5}")
    await node.tick(0)
    await node.tick(HEARTBEAT_S)
    assert [message["whole"] for message in wire.messages] == [True, True]
    assert sum(wire.messages[-1]["counts"].values()) == 500


async def test_a_message_that_got_lost_is_made_good_by_the_next_heartbeat(wire: Wire) -> None:
    node, _ = wire.join("a")
    _, far = wire.join("b")
    await wire.pass_time(1)
    node.watch("feed:all")
    wire.cut = True
    await wire.pass_time(3)
    assert far.counts == {}
    wire.cut = False
    await wire.pass_time(3 + HEARTBEAT_S)
    assert far.counts == {"feed:all": 1}


async def test_a_node_that_died_is_forgotten(wire: Wire) -> None:
    dying, _ = wire.join("a")
    node, screen = wire.join("b")
    dying.watch("feed:all")
    await wire.pass_time(1)
    assert screen.counts == {"feed:all": 1}
    wire.nodes.remove(dying)
    await node.tick(asyncio.get_running_loop().time() + EXPIRES_S + 1)
    assert screen.counts == {"feed:all": 0}


async def test_a_new_node_is_told_at_once_who_is_there(wire: Wire) -> None:
    old, _ = wire.join("a")
    old.watch("feed:all")
    await wire.pass_time(1)
    _, screen = wire.join("b")
    await wire.publish(orjson.dumps({"hello": "b"}))
    await wire.pass_time(3)
    assert screen.counts == {"feed:all": 1}


async def test_signals_reach_every_node_at_its_next_tick(wire: Wire) -> None:
    (here, near), (there, far) = wire.join("a"), wire.join("b")
    await here.signal(FOX, "post:x", "typing", {})
    await here.signal(FOX, "post:x", "typing", {})
    assert near.signals == far.signals == []
    for node in (here, there):
        await node.tick(0)
    assert near.signals == far.signals == [("post:x", "fox")]


async def test_a_signal_that_is_none_or_too_large_is_refused(wire: Wire) -> None:
    node, _ = wire.join("a")
    with pytest.raises(BadRequest):
        await node.signal(FOX, "post:x", "shouting", {})
    with pytest.raises(BadRequest):
        await node.signal(FOX, "feed:all", "typing", {})
    with pytest.raises(BadRequest):
        await node.signal(FOX, "post:x", "typing", {"text": "x" * 2_000})
    assert wire.messages == []


async def test_more_signals_than_allowed_are_refused_and_others_may_go_on(wire: Wire) -> None:
    node, _ = wire.join("a")
    for _ in range(int(SIGNAL_BURST)):
        await node.signal(FOX, "post:x", "typing", {})
    with pytest.raises(RateLimited) as caught:
        await node.signal(FOX, "post:x", "typing", {})
    assert caught.value.retry_after_s > 0
    await node.signal(User("owl", "owl"), "post:x", "typing", {})


@pytest.mark.parametrize("message", [b"", b"nonsense", b"[]", b"5", b'{"signal": 5}', b'{"counts": {"a": 1}}', b"\xff"])
async def test_what_another_version_says_is_dropped(wire: Wire, message: bytes) -> None:
    node, screen = wire.join("a")
    node.receive(message)
    node.watch("feed:all")
    await wire.pass_time(1)
    assert screen.counts == {"feed:all": 1}


def test_large_counts_are_told_in_two_digits() -> None:
    """Nobody minds, and far fewer frames say so."""
    told = [shown(count) for count in (0, 7, 100, 101, 119, 1_204, 99_999)]
    assert told == [0, 7, 100, 100, 110, 1_200, 99_000]


async def test_typing_is_for_posts_only(wire: Wire) -> None:
    node, _ = wire.join("a")
    with pytest.raises(BadRequest):
        await node.signal(FOX, "feed:all", "typing", {})
    await node.signal(FOX, "post:x", "typing", {})
