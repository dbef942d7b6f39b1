"""Signals between two ticks: merged, bounded, in turns, and fewer of them as a topic grows."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.presence import signals as module
from livefeed.presence.signals import (
    ALL_SENDS_PER_S,
    BYTES_PER_S,
    JOINED_POINTS,
    MAX_WAITING,
    SENDS_PER_S,
    SLOWEST_S,
    TICK_S,
    Signal,
    Signals,
    merged,
    pause_s,
)

FOX = {"id": "fox", "handle": "fox", "avatar": ""}


def cursor(user: str = "fox", n: int = 0) -> Signal:
    return Signal({"id": user, "handle": user, "avatar": ""}, "cursor", {"x": 0.5, "y": 0.25, "n": n})


def stroke(first: int, *numbers: int, id: str = "s", **more: Any) -> Signal:
    points = [value for number in numbers for value in (number, number, 255)]
    data = {"id": id, "kind": 0, "color": "#000000", "size": 9, "from": first, "points": points, **more}
    return Signal(FOX, "stroke", data)


def few(topic: str) -> int:
    return 3


def told(found: dict[str, list[Signal]], topic: str = "room:a") -> list[Any]:
    return [signal.data for signal in found.get(topic, [])]


def test_what_was_signalled_is_given_once() -> None:
    signals = Signals()
    signals.add("post:a", Signal(FOX, "typing", {}))
    found = signals.take(0, few)
    assert [signal.as_dict() for signal in found["post:a"]] == [{"user": FOX, "type": "typing", "data": {}}]
    assert signals.take(10, few) == {}
    assert not signals


def test_the_newest_signal_of_a_person_and_type_wins() -> None:
    signals = Signals()
    for number in range(3):
        signals.add("room:a", cursor(n=number))
    assert [data["n"] for data in told(signals.take(0, few))] == [2]


def test_people_types_topics_and_strokes_are_kept_apart() -> None:
    signals = Signals()
    for topic, signal in (
        ("room:a", cursor("fox")),
        ("room:a", cursor("owl")),
        ("room:a", Signal(FOX, "typing", {})),
        ("room:a", stroke(0, 1, id="one")),
        ("room:a", stroke(0, 1, id="two")),
        ("room:b", cursor("fox")),
    ):
        signals.add(topic, signal)
    assert {topic: len(found) for topic, found in signals.take(0, few).items()} == {"room:a": 5, "room:b": 1}


def test_a_cursor_that_has_left_replaces_the_one_that_was_there() -> None:
    signals = Signals()
    signals.add("room:a", cursor())
    signals.add("room:a", Signal(FOX, "cursor", None))
    assert told(signals.take(0, few)) == [None]


def test_parts_of_a_stroke_that_follow_each_other_are_joined() -> None:
    joined = merged(merged(stroke(4, 1, 2), stroke(6, 3)), stroke(7, done=True))
    assert joined.data == {**stroke(4, 1, 2, 3).data, "done": True}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "after", [stroke(7, 9), stroke(5, 9), stroke(6, 9, size=10), stroke(6, 9, color="#ffffff"), stroke(6, 9, kind=1)]
)
def test_a_part_that_does_not_follow_takes_the_place_of_the_one_before(after: Signal) -> None:
    assert merged(stroke(4, 1, 2), after).data == after.data


def test_a_joined_stroke_is_bounded() -> None:
    waiting = stroke(0, *range(JOINED_POINTS - 1))
    assert merged(waiting, stroke(JOINED_POINTS - 1, 1)).data == stroke(0, *range(JOINED_POINTS - 1), 1).data
    newest = stroke(JOINED_POINTS - 1, 1, 2)
    assert merged(waiting, newest).data == newest.data


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30), st.integers(0, 2**32))
def test_however_ticks_fall_between_parts_every_point_comes_once(lengths: list[int], chance: int) -> None:
    signals, dice, first, now_s, found = Signals(), random.Random(chance), 0, 0.0, []
    for length in lengths:
        signals.add("room:a", stroke(first, *range(first, first + length)))
        first += length
        if dice.random() < 0.7:
            now_s += TICK_S
            found += told(signals.take(now_s, few))
    found += told(signals.take(now_s + TICK_S, few))
    points = [number for data in found for number in data["points"][::3]]
    waits = 40 * len(lengths) <= JOINED_POINTS
    assert points == list(range(first)) if waits else points == sorted(set(points))


def test_a_topic_has_twenty_ticks_a_second_and_fewer_as_it_grows() -> None:
    assert [pause_s(followers) for followers in (0, 2, 200)] == [TICK_S] * 3
    assert pause_s(500) == 500 / SENDS_PER_S
    assert pause_s(1_000_000) == SLOWEST_S


def test_signals_wait_for_the_tick_of_their_topic() -> None:
    signals = Signals()
    signals.add("room:a", cursor(n=1))
    assert told(signals.take(0, lambda topic: 500))
    signals.add("room:a", cursor(n=2))
    assert signals.take(0.9 * pause_s(500), few) == {}
    assert told(signals.take(pause_s(500), few))


def test_a_follower_is_sent_so_many_bytes_and_everybody_has_their_turn(seed: int) -> None:
    """500 people who never rest: nobody is sent more than the budget, and everybody is seen as often as the others."""
    signals, chance, now_s, size = Signals(), random.Random(seed), 0.0, 500
    seen: Counter[str] = Counter()
    sent, seconds = 0, 20
    people = [f"u{number:03d}" for number in range(size)]
    while now_s < seconds:
        for user in chance.sample(people, size):
            signals.add("room:a", cursor(user))
        for signal in signals.take(now_s, lambda topic: size).get("room:a", []):
            seen[signal.user["id"]] += 1
            sent += len(signal.json())
        now_s += TICK_S
    assert BYTES_PER_S * seconds * 0.7 < sent <= BYTES_PER_S * (seconds + 1)
    assert len(seen) == size
    assert max(seen.values()) - min(seen.values()) <= 2


def test_a_signal_that_is_larger_than_a_tick_goes_alone() -> None:
    signals = Signals()
    signals.add("room:a", stroke(0, *[60_000] * 390))
    signals.add("room:a", cursor())
    assert len(stroke(0, *[60_000] * 390).json()) > BYTES_PER_S * TICK_S
    assert [len(signals.take(TICK_S * number, few)["room:a"]) for number in (1, 2)] == [1, 1]


def test_many_busy_topics_share_the_servers_sends_in_turns() -> None:
    """200 rooms of 10 would take 40,000 sends a second; they get half of it, one as much as the other."""
    signals, ticks, now_s = Signals(), Counter[str](), 0.0
    while now_s < 10:
        for number in range(200):
            signals.add(f"room:{number}", cursor())
        ticks.update(signals.take(now_s, lambda topic: 10).keys())
        now_s += 0.01
    assert 0.8 * ALL_SENDS_PER_S < 10 * ticks.total() / 10 <= 1.1 * ALL_SENDS_PER_S
    assert max(ticks.values()) - min(ticks.values()) <= 2


def test_one_very_large_topic_does_not_silence_the_others_for_long() -> None:
    signals, now_s, quiet_s, last_s = Signals(), 0.0, 0.0, 0.0
    while now_s < 10:
        signals.add("post:large", cursor())
        signals.add("room:small", cursor())
        found = signals.take(now_s, lambda topic: 20_000 if topic == "post:large" else 3)
        if "room:small" in found:
            quiet_s, last_s = max(quiet_s, now_s - last_s), now_s
        now_s += 0.01
    assert 0 < quiet_s < 0.4


def test_a_topic_holds_a_bounded_number_and_those_in_it_stay_current() -> None:
    signals = Signals()
    for number in range(MAX_WAITING + 50):
        signals.add("room:a", cursor(f"u{number}", n=1))
    signals.add("room:a", cursor("u0", n=2))
    held, now_s = [], 0.0
    while signals:
        held += told(signals.take(now_s, few))
        now_s += TICK_S
    assert len(held) == MAX_WAITING
    assert held[0]["n"] == 2


def test_strokes_that_nobody_takes_are_bounded_by_their_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    signals = Signals()
    for number in range(MAX_WAITING):
        signals.add("room:a", stroke(0, *range(JOINED_POINTS), id=f"s{number}"))
    held = signals._topics["room:a"]
    assert held.weight <= module.MAX_WEIGHT
    assert 10 < len(held.held) < MAX_WAITING
    monkeypatch.setattr(module, "ALL_WEIGHT", held.weight + 1)
    signals.add("room:b", cursor())
    now_s = 0.0
    while signals:
        signals.take(now_s, few)
        now_s += TICK_S
    assert signals._weight == 0


def test_topics_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TOPICS", 2)
    signals = Signals()
    for number in range(3):
        signals.add(f"room:{number}", cursor())
    assert set(signals.take(0, few)) == {"room:0", "room:1"}


def test_the_next_look_is_at_the_next_tick() -> None:
    signals = Signals()
    assert signals.wait_s(0) == TICK_S
    signals.add("room:a", cursor())
    signals.take(0, lambda topic: 100)
    assert signals.wait_s(0.03) == pytest.approx(0.02)
    assert signals.wait_s(5) == module.GATHER_S
