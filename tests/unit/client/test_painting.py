"""A generation's topic as steps."""

from __future__ import annotations

import pytest

from livefeed.client.errors import (
    GenerationAborted,
    GenerationCancelled,
    GenerationFailed,
    GenerationRefused,
    ProtocolBroken,
)
from livefeed.client.items import Count
from livefeed.client.painting import (
    Completed,
    Place,
    Preview,
    Progress,
    Retrying,
    Started,
    step_of,
    step_of_snapshot,
)
from livefeed.event import Event, Value
from livefeed.position import Position

MEDIA = {"sha256": "ab", "width": 768, "height": 768, "thumbhash": "", "palette": []}


def event(kind, data=None):
    return Event(Position(1, 1), f"generation.{kind}", data or {})


def value(kind, data):
    return Value(kind, Position(1, 1), f"generation.{kind}", data)


def test_values_become_steps():
    assert step_of("g", value("place", {"place": 2, "eta_s": 5})) == Place(2, 5.0)
    assert step_of("g", value("progress", {"step": 3, "steps": 10, "eta_s": None})) == Progress(3, 10, None)
    data = {"step": 3, "width": 256, "height": 256, "palette": ["#000000"], "image": b"jpeg"}
    assert step_of("g", value("preview", data)) == Preview(3, 256, 256, ("#000000",), b"jpeg", None)


def test_a_preview_over_json_has_an_address():
    step = step_of("g", value("preview", {"step": 1, "width": 8, "height": 8, "palette": [], "url": "/p"}))
    assert isinstance(step, Preview)
    assert (step.image, step.url) == (None, "/p")


def test_completed_may_have_no_post():
    assert step_of("g", event("started")) == Started()
    assert step_of("g", event("completed", {"media": MEDIA})) == Completed("g", MEDIA, None)


def test_a_second_queued_says_why_it_is_tried_again():
    retry = {"attempt": 2, "attempts": 3, "code": "engine_lost", "message": "It was lost.", "after_s": 1.0}
    step = step_of("g", event("queued", {"generation": {}, "retry": retry}))
    assert step == Retrying(2, 3, "engine_lost", "It was lost.")
    assert step_of("g", value("progress", {"step": 0, "steps": 10, "eta_s": None})) is None
    with pytest.raises(ProtocolBroken):
        step_of("g", event("queued", {"retry": {}}))


def test_what_tells_no_step_is_passed_over():
    assert step_of("g", Count(3)) is None
    assert step_of("g", event("queued")) is None
    assert step_of("g", event("confetti")) is None


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refused", GenerationRefused),
        ("failed", GenerationFailed),
        ("cancelled", GenerationCancelled),
        ("aborted", GenerationAborted),
    ],
)
def test_every_other_end_raises_its_own_error(kind, error):
    with pytest.raises(error) as caught:
        step_of("g", event(kind, {"stage": "paint", "code": "because", "message": "It did not work."}))
    assert (caught.value.stage, caught.value.reason) == ("paint", "because")
    assert caught.value.message == "It did not work."
    with pytest.raises(error):
        step_of_snapshot({"id": "g", "state": kind})


def test_a_snapshot_tells_an_end_that_a_gap_swallowed():
    assert step_of_snapshot({"id": "g", "state": "running"}) is None
    assert step_of_snapshot({"id": "g", "state": "completed", "media": MEDIA}) == Completed("g", MEDIA, None)


def test_a_step_that_cannot_be_read_breaks_the_protocol():
    with pytest.raises(ProtocolBroken):
        step_of("g", value("progress", {"step": "soon"}))
