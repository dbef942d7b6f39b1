"""Signals between two ticks: merged per person and type, bounded per topic."""

from __future__ import annotations

from livefeed.presence.signals import MAX_PER_TOPIC, Signals

FOX = {"id": "fox", "handle": "fox", "avatar": ""}
OWL = {"id": "owl", "handle": "owl", "avatar": ""}


def test_what_was_signalled_is_given_once() -> None:
    signals = Signals()
    signals.add("post:a", FOX, "typing", {})
    assert signals.take() == {"post:a": [{"user": FOX, "type": "typing", "data": {}}]}
    assert signals.take() == {}


def test_the_newest_signal_of_a_person_and_type_wins() -> None:
    signals = Signals()
    signals.add("post:a", FOX, "typing", {"n": 1})
    signals.add("post:a", FOX, "typing", {"n": 2})
    assert [signal["data"] for signal in signals.take()["post:a"]] == [{"n": 2}]


def test_people_types_and_topics_are_kept_apart() -> None:
    signals = Signals()
    signals.add("post:a", FOX, "typing", {})
    signals.add("post:a", OWL, "typing", {})
    signals.add("post:a", FOX, "cursor", {})
    signals.add("post:b", FOX, "typing", {})
    assert {topic: len(held) for topic, held in signals.take().items()} == {"post:a": 3, "post:b": 1}


def test_a_topic_carries_a_bounded_number_and_those_in_it_stay_current() -> None:
    signals = Signals()
    for number in range(MAX_PER_TOPIC + 50):
        signals.add("post:a", {"id": str(number)}, "typing", {"n": 1})
    signals.add("post:a", {"id": "0"}, "typing", {"n": 2})
    held = signals.take()["post:a"]
    assert len(held) == MAX_PER_TOPIC
    assert held[0]["data"] == {"n": 2}
