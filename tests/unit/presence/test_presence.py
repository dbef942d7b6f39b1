"""Counts and signals of one node and of several."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from livefeed.errors import BadRequest, Forbidden, NotFound, RateLimited, StoreUnavailable
from livefeed.presence.headcount import SHOW_EVERY_S
from livefeed.presence.kinds import KINDS
from livefeed.presence.presence import Presence
from tests.unit.presence.house import CAT, FOX, HERE, OWL, ROOM, House, Screen

# Counts.


async def test_everybody_is_told_how_many_watch_over_all_nodes(house: House) -> None:
    (here, near), (there, far) = house.join("a"), house.join("b")
    assert here.watch("s1", "feed:all", None) == 1
    here.watch("s2", "feed:all", FOX)
    there.watch("s3", "feed:all", None)
    await house.pass_time(2)
    assert near.counts == far.counts == {"feed:all": 3}
    here.unwatch("s1", "feed:all")
    await house.pass_time(2)
    assert near.counts == far.counts == {"feed:all": 2}


async def test_a_stalled_session_is_told_the_count_later(house: House) -> None:
    node, screen = house.join("a")
    node.watch("s1", "feed:all", None)
    node.watch("s2", "feed:all", None)
    screen.stalled = True
    await house.pass_time(3)
    screen.stalled = False
    await house.pass_time(SHOW_EVERY_S + 0.1)
    assert screen.counts == {"feed:all": 2}


async def test_a_new_node_is_told_at_once_who_is_there(house: House) -> None:
    old, _ = house.join("a")
    old.watch("s1", "feed:all", None)
    await house.pass_time(1)
    new, screen = house.join("b")
    new.watch("s2", "feed:all", None)
    await house.publish(orjson.dumps({"hello": "b"}))
    await house.pass_time(1.2)
    assert screen.counts == {"feed:all": 2}


@pytest.mark.parametrize(
    "message", [b"", b"nonsense", b"[]", b"5", b'{"node": "x", "signals": 5}', b'{"counts": {"a": 1}}', b"\xff", b"{}"]
)
async def test_what_another_version_says_is_dropped(house: House, message: bytes) -> None:
    node, screen = house.join("a")
    node.receive(message)
    node.watch("s1", "feed:all", None)
    node.watch("s2", "feed:all", None)
    await house.pass_time(1.2)
    assert screen.counts == {"feed:all": 2}


# Signals.


async def test_signals_reach_every_node_and_name_the_session_they_came_from(house: House) -> None:
    (here, near), (_, far) = house.join("a"), house.join("b")
    await house.pass_time(0.2)
    await here.signal("s1", FOX, "post:x", "typing", {})
    await here.signal("s1", FOX, "post:x", "typing", {})
    await house.pass_time(0.2)
    assert near.signals == far.signals == [("post:x", "fox", "typing", {})]
    assert (near.origins, far.origins) == (["s1"], [""])


async def test_the_signals_of_a_tick_are_one_message(house: House) -> None:
    node, _ = house.join("a")
    house.join("b")
    await house.pass_time(0.2)
    house.messages.clear()
    for user in (FOX, OWL, CAT):
        await node.signal("s", user, ROOM, "cursor", HERE)
        await node.signal("s", user, "post:x", "typing", {})
    await house.pass_time(0.2)
    (message,) = [found for found in house.messages if "signals" in found]
    assert {topic: len(found) for topic, found in message["signals"].items()} == {ROOM: 3, "post:x": 3}


async def test_a_node_that_is_alone_tells_nobody(house: House) -> None:
    node, screen = house.join("a")
    await house.pass_time(0.2)
    await node.signal("s", FOX, ROOM, "cursor", HERE)
    await house.pass_time(0.2)
    assert screen.signals
    assert not [found for found in house.messages if "signals" in found]


async def test_signals_go_on_here_while_the_store_is_away(house: House) -> None:
    node, screen = house.join("a")
    house.join("b")
    await house.pass_time(0.2)
    await node.signal("s", FOX, ROOM, "cursor", HERE)
    house.cut = house.store_away = True
    await node.signal("s", FOX, ROOM, "cursor", HERE)
    await house.pass_time(0.2)
    assert len(screen.signals) == 1
    house.now_s += 100
    with pytest.raises(StoreUnavailable):
        await node.signal("s", FOX, ROOM, "cursor", HERE)


@pytest.mark.parametrize(
    ("topic", "type", "data"),
    [
        ("post:x", "shouting", {}),
        ("feed:all", "typing", {}),
        ("post:x", "cursor", HERE),
        ("post:x", "typing", {"text": "x" * 2_000}),
        (ROOM, "cursor", {"x": 2, "y": 0}),
        (ROOM, "shouting", {}),
    ],
)
async def test_a_signal_that_is_none_is_refused(house: House, topic: str, type: str, data: Any) -> None:
    node, screen = house.join("a")
    with pytest.raises(BadRequest):
        await node.signal("s", FOX, topic, type, data)
    await house.pass_time(0.2)
    assert screen.signals == []


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("owner", {"cursor", "stroke", "typing"}),
        ("editor", {"cursor", "stroke", "typing"}),
        ("viewer", {"cursor", "typing"}),
        (None, set()),
    ],
)
async def test_who_may_signal_what_in_a_room(house: House, role: str | None, may: set[str]) -> None:
    node, _ = house.join("a")
    house.members = {"fox": role} if role else {}
    stroke = {"id": "s", "kind": 1, "size": 1, "from": 0, "points": []}
    for type, data in (("cursor", HERE), ("stroke", stroke), ("typing", {})):
        if type in may:
            await node.signal("s", FOX, ROOM, type, data)
        else:
            with pytest.raises(Forbidden if role else NotFound):
                await node.signal("s", FOX, ROOM, type, data)


async def test_without_rooms_nobody_has_a_part_in_any(house: House) -> None:
    node = Presence("a", house, Screen(), house)
    with pytest.raises(NotFound):
        await node.signal("s", FOX, ROOM, "cursor", HERE)


async def test_a_part_that_has_changed_counts_at_once(house: House) -> None:
    node, _ = house.join("a")
    stroke = {"id": "s", "kind": 1, "size": 1, "from": 0, "points": []}
    await node.signal("s", OWL, ROOM, "stroke", stroke)
    house.members["owl"] = "viewer"
    node.role_changed(ROOM, "owl")
    with pytest.raises(Forbidden):
        await node.signal("s", OWL, ROOM, "stroke", stroke)
    del house.members["owl"]
    node.role_changed(ROOM, "owl")
    with pytest.raises(NotFound):
        await node.signal("s", OWL, ROOM, "cursor", HERE)


async def test_parts_are_not_asked_for_every_signal(house: House) -> None:
    node, _ = house.join("a")
    for _ in range(30):
        await node.signal("s", FOX, ROOM, "cursor", HERE)
    assert house.asked == [{"fox"}]


@pytest.mark.parametrize("type", sorted(KINDS))
async def test_more_signals_than_allowed_are_refused_and_others_may_go_on(house: House, type: str) -> None:
    node, _ = house.join("a")
    data = {"cursor": HERE, "stroke": {"id": "s", "kind": 1, "size": 1, "from": 0, "points": []}, "typing": {}}[type]
    for _ in range(int(KINDS[type].burst)):
        await node.signal("s", FOX, ROOM, type, data)
    with pytest.raises(RateLimited) as caught:
        await node.signal("s", FOX, ROOM, type, data)
    assert caught.value.retry_after_s == pytest.approx(1 / KINDS[type].per_s)
    await node.signal("s", OWL, ROOM, type, data)
    house.now_s += 1.0
    await node.signal("s", FOX, ROOM, type, data)


async def test_the_cursor_of_a_session_that_ends_is_taken_away(house: House) -> None:
    (here, _), (_, far) = house.join("a"), house.join("b")
    await house.pass_time(0.2)
    for session, user in (("s1", FOX), ("s2", OWL), ("s3", CAT)):
        here.watch(session, ROOM, user)
        await here.signal(session, user, ROOM, "cursor", HERE)
    await here.signal("s2", OWL, ROOM, "cursor", None)
    await house.pass_time(0.3)
    far.signals.clear()
    for session in ("s1", "s2"):
        here.unwatch(session, ROOM)
    await house.pass_time(0.3)
    assert far.signals == [(ROOM, "fox", "cursor", None)]
