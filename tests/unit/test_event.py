"""Events and values as the rest of the house sees them."""

from __future__ import annotations

import dataclasses

import pytest

from livefeed.event import Delivery, Event, Value
from livefeed.position import Position


def test_an_event_happened_when_its_id_says():
    assert Event(Position(1_700_000_000_123, 5), "comment.created", {}).time == 1_700_000_000_123
    assert Value("k", Position(7, 1), "post.counters", {}).time == 7


def test_there_are_two_deliveries():
    assert {delivery.value for delivery in Delivery} == {"kept", "latest"}


def test_events_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Event(Position(1, 1), "t", {}).type = "other"
