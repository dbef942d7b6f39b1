"""What a server that speaks OpenAI's images API says, byte by byte and word by word."""

from __future__ import annotations

import io
import random
import re

import pytest
from PIL import Image

from livefeed.generation.generator import EngineLost, Refused
from livefeed.generation.generators.openai.answers import (
    EventStream,
    Finished,
    Partial,
    answer_of,
    failure,
    parsed,
    picture_of,
)
from livefeed.generation.generators.openai.generator import parent_file

STREAM = (
    b": a comment keeps the connection open\r\n\r\n"
    b'event: image_generation.partial_image\r\ndata: {"type":"image_generation.partial_image","n":1}\r\n\r\n'
    b'data:{"type":\ndata:"other"}\nid: 7\n\n'
    b"data: [DONE]\n\n\n"
)
EVENTS = [{"type": "image_generation.partial_image", "n": 1}, {"type": "other"}]
BLOCKED = {"code": "moderation_blocked", "type": "image_generation_user_error"}


def test_events_are_read_however_the_network_cuts_them(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        stream, rest, found = EventStream(), STREAM, []
        while rest:
            cut = chance.randint(1, 40)
            found += stream.receive(rest[:cut])
            rest = rest[cut:]
        assert found == EVENTS


def test_an_event_without_its_empty_line_is_not_complete() -> None:
    assert EventStream().receive(b'data: {"type":"image_generation.completed"}\n') == []


@pytest.mark.parametrize("pieces", [[b"data: " + 60 * b"x"], 6 * [b"data: x\n"], 9 * [b"xxxxx"]])
def test_an_event_without_end_is_not_kept(pieces: list[bytes]) -> None:
    stream = EventStream(max_bytes=40)
    *most, last = pieces
    for piece in most:
        stream.receive(piece)
    with pytest.raises(ValueError, match="larger than 40 bytes"):
        stream.receive(last)


def test_many_events_in_one_stream_may_be_more_than_one_may() -> None:
    stream = EventStream(max_bytes=40)
    assert len([event for _ in range(100) for event in stream.receive(b'data: {"n": 1}\n\n')]) == 100


@pytest.mark.parametrize("data", [b"{", b"[]", b'"text"', b"<html>"])
def test_what_is_no_object_is_named(data: bytes) -> None:
    with pytest.raises(ValueError, match="no JSON"):
        parsed(data)


@pytest.mark.parametrize("kind", ["image_generation", "image_edit"])
def test_new_pictures_and_edits_are_told_alike(kind: str) -> None:
    shown = {"type": f"{kind}.partial_image", "partial_image_index": 2, "b64_json": "QQ=="}
    assert answer_of(shown) == Partial(2, "QQ==")
    assert answer_of({"type": f"{kind}.completed", "b64_json": "QQ=="}) == Finished("QQ==")


def test_events_of_other_kinds_say_nothing() -> None:
    assert answer_of({"type": "image_generation.queued"}) is None
    assert answer_of({}) is None


def test_a_completed_picture_that_is_not_sent_is_a_failure() -> None:
    with pytest.raises(RuntimeError, match="without sending it"):
        answer_of({"type": "image_generation.completed"})


@pytest.mark.parametrize(
    "event",
    [
        {"type": "error", "error": BLOCKED},
        {"error": BLOCKED},
        {"type": "error", "code": "moderation_blocked"},
        {"type": "image_generation_user_error", "error": {"code": "moderation_blocked", "type": "anything"}},
    ],
)
def test_a_refusal_in_the_stream_is_known_by_its_code_wherever_that_lies(event: dict[str, object]) -> None:
    with pytest.raises(Refused) as caught:
        answer_of(event)
    assert caught.value.code == "moderation_blocked"


def test_the_same_type_with_another_code_is_no_refusal() -> None:
    """`image_generation_user_error` is also what a wrong parameter is called: QuantumNous/new-api#1234."""
    with pytest.raises(RuntimeError, match="non-zero partial images"):
        answer_of({
            "type": "error",
            "error": {
                "type": "image_generation_user_error", "code": None,
                "message": "Streaming must have non-zero partial images.",
            },
        })  # fmt: skip


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "refused this prompt; change"),
        ({"message": "No. safety_violations=[violence, sexual]."}, r"refused this prompt \(violence, sexual\); change"),
        (
            {"moderation_details": {"moderation_stage": "output", "categories": ["self-harm"]}},
            r"refused the picture that came of this prompt \(self-harm\); change",
        ),
        ({"moderation_details": {"moderation_stage": "input", "categories": []}}, "refused this prompt; change"),
        ({"message": "safety_violations=[<b>x</b>" + 200 * "y" + "]"}, r"\(bx/by+\); change"),
    ],
)
def test_a_refusal_says_which_stage_and_why_as_far_as_it_is_known(more: dict[str, object], says: str) -> None:
    refused = failure(BLOCKED | more, 400)
    assert isinstance(refused, Refused)
    assert re.search(says, refused.message)
    assert len(refused.message) < 250


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        ({"code": "content_policy_violation"}, 400, Refused),
        ({"code": "content_filter"}, None, Refused),
        ({"message": "overloaded"}, 503, EngineLost),
        ({"code": 500, "message": "a number for a code"}, 500, EngineLost),
        ({"code": "rate_limit_exceeded"}, 429, EngineLost),
        ({"code": "server_error"}, None, EngineLost),
        ({"code": "insufficient_quota"}, 429, RuntimeError),
        ({"code": "billing_hard_limit_reached"}, 400, RuntimeError),
        ({"code": "unknown_parameter"}, 400, RuntimeError),
        ({"code": "image_generation_failed"}, None, RuntimeError),
        ({}, 418, RuntimeError),
    ],
)
def test_whose_fault_it_is_decides_what_is_raised(
    error: dict[str, object], status: int | None, kind: type[Exception]
) -> None:
    assert type(failure(error, status)) is kind


@pytest.mark.parametrize(("status", "setting"), [(401, "OPENAI_KEY"), (403, "OPENAI_KEY"), (404, "OPENAI_MODEL")])
def test_the_operator_is_told_which_setting_to_look_at(status: int, setting: str) -> None:
    assert setting in str(failure({"message": "No such thing."}, status))


def test_an_answer_in_one_piece_has_the_picture() -> None:
    assert picture_of({"created": 1, "data": [{"b64_json": "QQ=="}]}) == Finished("QQ==")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"data": []}, "without a picture"),
        ({}, "without a picture"),
        ({"data": [None]}, "without a picture"),
        ({"data": [{"b64_json": ""}]}, "without a picture"),
        ({"data": [{"url": "https://example.test/a.png"}]}, "address instead of the picture"),
        ({"error": "out of memory"}, "out of memory"),
    ],
)
def test_an_answer_without_a_picture_is_a_failure(body: dict[str, object], says: str) -> None:
    with pytest.raises(RuntimeError, match=says):
        picture_of(body)


@pytest.mark.parametrize(("kind", "type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_a_parent_goes_in_as_it_is_stored(kind: str, type: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, kind)
    assert parent_file(buffer.getvalue()) == (f"parent.{kind.lower()}", buffer.getvalue(), type)


def test_a_parent_of_another_format_goes_in_as_a_jpeg() -> None:
    buffer = io.BytesIO()
    Image.new("P", (8, 8)).save(buffer, "GIF")
    name, file, type = parent_file(buffer.getvalue())
    assert (name, type) == ("parent.jpeg", "image/jpeg")
    with Image.open(io.BytesIO(file)) as image:
        assert (image.format, image.size) == ("JPEG", (8, 8))


def test_a_parent_that_is_no_picture_is_said_to_be_none() -> None:
    with pytest.raises(ValueError, match="parent's picture cannot be read"):
        parent_file(b"nothing")
