"""The fold of one topic: positions, order, bounds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.client.errors import ProtocolBroken
from livefeed.client.following import MAX_KEYS, MAX_SIGNALS, Following, Stage, Step, advance
from livefeed.client.items import Count, Gap, Signals
from livefeed.errors import IllegalTransition, NotFound
from livefeed.event import Event, Value
from livefeed.position import Position


def at(number: int) -> str:
    return f"1000-{number}"


def event(number: int) -> dict[str, Any]:
    return {"id": at(number), "type": "tick", "time": 1000, "data": {"n": number}}


def value(number: int, key: str = "total") -> dict[str, Any]:
    return {"key": key, "type": "total", "time": 1000, "rev": at(number), "data": {"n": number}}


def events(start: int, end: int, *numbers: int) -> dict[str, Any]:
    return {
        "topic": "app:a",
        "from": at(start),
        "to": at(end),
        "events": [event(number) for number in numbers],
    }


def live(start: int = 0, **options: Any) -> Following:
    following = Following("app:a", **options)
    following.move(Step.ASKED)
    following.subscribed({"at": at(start), "resumed": False})
    return following


def taken(following: Following) -> list[Any]:
    found = []
    while (item := following.take()) is not None:
        found.append(item)
    return found


def numbers(items: list[Any]) -> list[int]:
    return [item.data["n"] for item in items if isinstance(item, Event | Value)]


def test_position_follows_what_the_consumer_took_not_what_arrived():
    following = live()
    following.receive("events", events(0, 9, 3, 7))
    assert following.received == Position(1000, 9)
    assert following.position == Position(1000, 0)
    following.take()
    assert following.position == Position(1000, 0)
    following.take()
    assert following.position == Position(1000, 9)


def test_an_events_id_is_no_position():
    """The same event, with the same id, is on topics of other shards; only frames tell positions."""
    following = live(5)
    frame = events(5, 9)
    frame["events"] = [{"id": "900-1", "type": "tick", "time": 900, "data": {"n": 1}}]
    following.receive("events", frame)
    assert numbers(taken(following)) == [1]
    assert following.position == Position(1000, 9)


def test_an_empty_events_frame_moves_an_idle_position():
    following = live()
    following.receive("events", events(0, 5))
    assert following.take() is None
    assert following.position == following.received == Position(1000, 5)


def test_an_empty_events_frame_waits_behind_what_was_not_taken():
    following = live()
    following.receive("events", events(0, 3, 3))
    following.receive("events", events(3, 8))
    assert following.position == Position(1000, 0)
    following.take()
    assert following.position == Position(1000, 8)


def test_frames_that_do_not_join_break_the_connection_and_are_not_kept():
    following = live()
    following.receive("events", events(0, 3, 3))
    with pytest.raises(ProtocolBroken):
        following.receive("events", events(4, 5, 5))
    assert following.received == Position(1000, 3)
    assert numbers(taken(following)) == [3]


@pytest.mark.parametrize(
    ("op", "frame"),
    [
        ("events", {"from": "x", "to": at(1), "events": []}),
        ("events", {"from": at(0), "to": at(1)}),
        ("events", {"from": at(0), "to": at(1), "events": [{"id": at(1)}]}),
        ("events", {"from": at(0), "to": at(1), "events": [7]}),
        ("latest", {"values": [{"key": "k"}]}),
        ("gap", {}),
        ("presence", {"count": None}),
        ("signals", {"signals": [{"user": 3}]}),
    ],
)
def test_a_frame_that_cannot_be_read_breaks_the_connection(op, frame):
    with pytest.raises(ProtocolBroken):
        live().receive(op, {"topic": "app:a", **frame})


def test_after_a_reconnect_it_asks_from_what_arrived_and_latest_is_not_replayed_again():
    following = Following("app:a", latest=20, presence=True)
    assert following.options() == {"latest": 20, "presence": "count"}
    following.move(Step.ASKED)
    following.subscribed({"at": at(2), "resumed": False})
    following.receive("events", events(2, 6, 6))
    following.move(Step.LOST)
    assert following.stage is Stage.WANTED
    assert following.options() == {"since": at(6), "presence": "count"}


def test_a_server_that_resumes_from_elsewhere_is_not_believed():
    following = live()
    following.move(Step.LOST)
    following.move(Step.ASKED)
    with pytest.raises(ProtocolBroken):
        following.subscribed({"at": at(1), "resumed": True})


def test_a_gap_is_an_item_and_forgets_the_values():
    following = live()
    following.receive("latest", {"values": [value(4)]})
    following.move(Step.LOST)
    following.move(Step.ASKED)
    following.subscribed({"at": at(50), "resumed": False})
    following.receive("gap", {"at": at(50)})
    following.receive("events", events(50, 51, 51))
    following.receive("latest", {"values": [value(2)]})
    items = taken(following)
    assert Gap(Position(1000, 50)) in items
    assert sorted(numbers(items)) == [2, 51]
    assert following.position == Position(1000, 51)


def test_a_connection_lost_between_the_answer_and_its_gap_does_not_hide_the_gap():
    following = live(7)
    following.move(Step.LOST)
    following.move(Step.ASKED)
    following.subscribed({"at": at(50), "resumed": False})
    following.move(Step.LOST)
    assert following.options() == {"since": at(7)}
    assert following.position == Position(1000, 7)


def test_values_are_conflated_by_key_and_an_older_revision_never_wins():
    following = live()
    following.receive("latest", {"values": [value(1, "a"), value(2, "b")]})
    following.receive("latest", {"values": [value(5, "a")]})
    following.receive("latest", {"values": [value(3, "a")]})
    assert numbers(taken(following)) == [2, 5]
    following.receive("latest", {"values": [value(5, "a")]})
    assert following.take() is None


def test_a_value_comes_after_the_events_before_its_revision():
    following = live()
    following.receive("events", events(0, 4, 1, 4))
    following.receive("latest", {"values": [value(2, "a"), value(3, "b")]})
    following.receive("events", events(4, 6, 6))
    following.receive("latest", {"values": [value(5, "c")]})
    assert numbers(taken(following)) == [1, 4, 2, 3, 6, 5]


def test_a_value_that_follows_a_gap_is_not_given_before_it():
    following = live()
    following.receive("events", events(0, 8, 8))
    following.receive("gap", {"at": at(50)})
    following.receive("latest", {"values": [value(7)]})
    assert [type(item) for item in taken(following)] == [Event, Gap, Value]


def test_more_keys_than_the_server_keeps_drop_the_ones_that_changed_longest_ago():
    following = live()
    following.receive("latest", {"values": [value(n, f"k{n}") for n in range(1, MAX_KEYS + 11)]})
    assert numbers(taken(following)) == list(range(11, MAX_KEYS + 11))


def test_a_slow_consumer_is_unsubscribed_and_resumes_where_it_stopped():
    following = live(max_waiting=4)
    assert following.receive("events", events(0, 4, 1, 2, 3, 4)) is False
    assert following.receive("events", events(4, 6, 5, 6)) is True
    assert following.stage is Stage.FULL
    following.receive("events", events(6, 7, 7))
    assert following.received == Position(1000, 6)
    assert numbers([following.take() for _ in range(3)]) == [1, 2, 3]
    assert following.stage is Stage.FULL
    following.take()
    assert following.stage is Stage.WANTED
    assert following.options() == {"since": at(6)}
    assert numbers(taken(following)) == [5, 6]


def test_counts_and_signals_take_turns_with_events():
    following = live()
    following.receive("events", events(0, 3, 1, 2, 3))
    found = []
    for number in range(3):
        following.receive("presence", {"count": number})
        found += [following.take(), following.take()]
    assert [type(item) for item in found] == [Count, Event] * 3


def test_of_signals_the_newest_wait():
    following = live()
    signals = [{"user": {"id": "u"}, "type": "typing", "data": {"n": n}} for n in range(MAX_SIGNALS + 5)]
    following.receive("signals", {"signals": signals})
    item = following.take()
    assert isinstance(item, Signals)
    assert [signal.data["n"] for signal in item.signals] == list(range(5, MAX_SIGNALS + 5))
    assert following.take() is None


def test_what_waits_can_be_taken_after_the_end():
    following = live()
    following.receive("events", events(0, 1, 1))
    following.fail(NotFound("gone"))
    assert numbers(taken(following)) == [1]
    assert following.stage is Stage.ENDED


def test_a_step_that_the_table_does_not_have_is_refused():
    with pytest.raises(IllegalTransition):
        advance(Stage.ENDED, Step.ASKED)


@given(st.lists(st.sampled_from(["event", "empty", "lose", "take", "gap"]), max_size=80), st.integers(1, 6))
def test_every_event_comes_once_in_order_whatever_happens(steps, max_waiting):
    """A server that always resumes truthfully; connections break and the consumer rests at any moment."""
    following, head, gaps = Following("app:a", max_waiting=max_waiting), 0, 0
    got: list[Any] = []

    def serve() -> None:
        """What a server does with a subscription that is wanted."""
        if following.stage is not Stage.WANTED:
            return
        since = following.options().get("since")
        start = head if since is None else Position.parse(since).n
        following.move(Step.ASKED)
        following.subscribed({"at": at(start), "resumed": since is not None})
        if start < head:
            following.receive("events", events(start, head, *range(start + 1, head + 1)))

    serve()
    for step in steps:
        match step:
            case "event":
                head += 1
                following.receive("events", events(head - 1, head, head))
            case "empty":
                following.receive("events", events(head, head))
            case "lose":
                following.move(Step.LOST)
            case "gap" if following.stage is Stage.LIVE:
                following.receive("gap", {"at": at(head)})
                gaps += 1
            case "take":
                got += [item for item in [following.take()] if item is not None]
        serve()
    while following.waiting or following.stage is Stage.WANTED:
        got += taken(following)
        serve()
    assert numbers(got) == list(range(1, head + 1))
    assert sum(isinstance(item, Gap) for item in got) == gaps
    assert following.position == Position(1000, head)
