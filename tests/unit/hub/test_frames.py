"""What clients may say: whatever comes, it is a frame or one of the documented errors."""

from __future__ import annotations

import contextlib

import msgpack
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.errors import BadPosition, BadRequest, BadTopic, PeerError
from livefeed.hub.frames import (
    Authenticate,
    BadFrame,
    Call,
    Ping,
    Signal,
    Subscribe,
    UnknownOp,
    Unsubscribe,
    Wanted,
    decode,
    parse,
    reference,
)
from livefeed.position import Position
from livefeed.topic import Topic

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner, max_size=4),
    max_leaves=12,
)
OPS = ("subscribe", "unsubscribe", "call", "signal", "auth", "ping")
FIELDS = ("op", "ref", "topics", "method", "data", "key", "topic", "type", "token", "since", "latest", "presence")


def outcome(message):
    """Decode and parse; only the documented errors may come out."""
    try:
        frames = decode(message)
    except BadFrame:
        return
    for frame in frames:
        reference(frame)
        try:
            parsed = parse(frame)
        except (UnknownOp, BadRequest):
            continue
        if isinstance(parsed, Subscribe):
            assert all(isinstance(wanted, Wanted | PeerError) for wanted in parsed.wanted.values())


@given(st.binary())
def test_any_bytes_are_frames_or_a_bad_frame(message):
    outcome(message)


@given(st.text())
def test_any_text_is_frames_or_a_bad_frame(message):
    outcome(message)


@given(anything)
def test_any_messagepack_value_is_frames_or_a_bad_frame(value):
    try:
        message = msgpack.packb(value)
    except OverflowError:
        return
    outcome(message)


@given(
    st.fixed_dictionaries({"op": st.sampled_from(OPS)}, optional={name: anything for name in FIELDS if name != "op"})
)
def test_any_fields_are_a_frame_or_a_bad_request(frame):
    with contextlib.suppress(BadRequest):
        assert parse(frame)


@given(st.dictionaries(st.sampled_from(("since", "latest", "presence")), anything), st.text())
def test_any_options_of_a_topic_are_answered_for_that_topic_alone(options, name):
    found = parse({"op": "subscribe", "topics": {name: options, "feed:all": {}}})
    assert isinstance(found, Subscribe)
    assert isinstance(found.wanted[name], Wanted | PeerError)
    if name != "feed:all":
        assert found.wanted["feed:all"] == Wanted(Topic("feed:all"))


def test_a_message_is_one_frame_or_a_list_of_frames():
    assert decode('{"op":"ping"}') == [{"op": "ping"}]
    assert decode('[{"op":"ping"},{"op":"ping"}]') == [{"op": "ping"}, {"op": "ping"}]
    assert decode(msgpack.packb([{"op": "ping"}])) == [{"op": "ping"}]


@pytest.mark.parametrize("message", ["", "7", '"ping"', "null", "[1]", '[{"op":"ping"}, 2]', "{", "[[{}]]", "{} {}"])
def test_what_is_no_map_or_list_of_maps_is_a_bad_frame(message):
    with pytest.raises(BadFrame) as caught:
        decode(message)
    assert caught.value.code == "bad_frame"


@pytest.mark.parametrize(
    "value",
    [
        {1: 2},
        {"data": b"bytes"},
        {"data": {b"k": 1}},
        {"data": msgpack.ExtType(5, b"x")},
        {"data": msgpack.Timestamp(1)},
    ],
)
def test_what_json_cannot_say_is_a_bad_frame_in_messagepack(value):
    """It would have to be refused later, where nobody can tell the client why."""
    with pytest.raises(BadFrame):
        decode(msgpack.packb(value))


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth_is_bounded(opening):
    closing = {"[": "]", '{"a":': "}"}[opening]
    for depth in (300, 5_000, 60_000):
        with pytest.raises(BadFrame):
            decode('{"data":' + opening * depth + "1" + closing * depth + "}")
    with pytest.raises(BadFrame):
        decode(b"\x81\xa4data" + b"\x91" * 60_000 + b"\x01")


def test_a_length_that_is_only_claimed_costs_nothing():
    with pytest.raises(BadFrame):
        decode(b"\xdd\xff\xff\xff\xff")
    with pytest.raises(BadFrame):
        decode(b"\xdf\xff\xff\xff\xff")


def test_subscribe_says_how_each_topic_is_wanted():
    found = parse(
        {
            "op": "subscribe",
            "ref": 3,
            "topics": {
                "feed:all": {"since": "5-6", "latest": 200, "presence": "count", "unknown": 1},
                "feed:tag:FOX": {},
                "Nope": {},
                "post:a b": {},
                "app:x": {"since": "tomorrow"},
                "app:y": {"latest": 201},
                "app:z": {"latest": True},
                "app:w": [],
                "app:v": {"presence": "roster"},
                "app:u": {"presence": "names"},
                "app:t": {"presence": ["count"]},
                "app:s": {"hidden": 1},
                "app:r": {"hidden": True},
                "room:x": {"presence": "roster", "hidden": True},
            },
        }
    )
    assert isinstance(found, Subscribe)
    assert found.ref == 3
    assert found.wanted["feed:all"] == Wanted(Topic("feed:all"), Position(5, 6), 200, "count")
    assert found.wanted["app:r"] == Wanted(Topic("app:r"), hidden=True)
    assert found.wanted["room:x"] == Wanted(Topic("room:x"), presence="roster", hidden=True)
    assert found.wanted["feed:tag:FOX"] == Wanted(Topic("feed:tag:fox"))
    errors = {name: type(wanted) for name, wanted in found.wanted.items() if isinstance(wanted, PeerError)}
    assert errors == {
        "Nope": BadTopic,
        "post:a b": BadTopic,
        "app:x": BadPosition,
        "app:y": BadRequest,
        "app:z": BadRequest,
        "app:w": BadRequest,
        "app:v": BadRequest,
        "app:u": BadRequest,
        "app:t": BadRequest,
        "app:s": BadRequest,
    }


def test_the_other_frames_are_what_they_say():
    assert parse({"op": "unsubscribe", "topics": ["a", "b"]}) == Unsubscribe(None, ("a", "b"))
    assert parse({"op": "call", "ref": "r", "method": "m", "key": "k"}) == Call("r", "m", {}, "k")
    assert parse({"op": "signal", "topic": "t", "type": "typing"}) == Signal("t", "typing", {})
    assert parse({"op": "signal", "topic": "t", "type": "cursor", "data": None}) == Signal("t", "cursor", None)
    assert parse({"op": "auth", "token": "t"}) == Authenticate(None, "t")
    assert parse({"op": "ping", "ref": 1, "more": 2}) == Ping(1)


@pytest.mark.parametrize(
    "frame",
    [
        {"op": "subscribe"},
        {"op": "subscribe", "topics": []},
        {"op": "unsubscribe", "topics": [1]},
        {"op": "call", "data": {}},
        {"op": "call", "method": "m", "data": []},
        {"op": "call", "method": "m", "key": ""},
        {"op": "call", "method": "m", "key": "k" * 129},
        {"op": "signal", "topic": "t"},
        {"op": "signal", "topic": "t", "type": ""},
        {"op": "signal", "topic": "t", "type": "t" * 65},
        {"op": "signal", "topic": "t", "type": "typing", "data": []},
        {"op": "auth"},
    ],
)
def test_a_frame_without_what_it_needs_is_a_bad_request(frame):
    with pytest.raises(BadRequest) as caught:
        parse(frame)
    assert caught.value.code == "bad_request"


@pytest.mark.parametrize("op", [None, "", "dance", 7, ["subscribe"]])
def test_an_op_of_no_protocol_is_unknown(op):
    with pytest.raises(UnknownOp) as caught:
        parse({"op": op})
    assert caught.value.code == "unknown_op"


@pytest.mark.parametrize(
    ("ref", "found"), [("r", "r"), (5, 5), (True, None), ("r" * 65, None), (2**53, None), ([], None)]
)
def test_a_ref_is_short_text_or_a_number_that_every_client_can_hold(ref, found):
    assert reference({"ref": ref}) == found
    if found is None:
        with pytest.raises(BadRequest, match="'ref'"):
            parse({"op": "ping", "ref": ref})
    assert orjson.dumps(found)
