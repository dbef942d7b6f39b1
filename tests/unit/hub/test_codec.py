"""The codecs: one frame, three ways of writing it."""

from __future__ import annotations

import io

import msgpack
import orjson
import pytest
from aiohttp import WSMsgType
from hypothesis import given
from hypothesis import strategies as st

from livefeed.hub.codec import JsonCodec, MsgpackCodec, SseCodec
from livefeed.hub.held import HeldEvent, HeldSignal, HeldValue, image_key
from livefeed.hub.wire import BINARY, TEXT, seal, seal_deflated
from livefeed.position import Position
from livefeed.streams.entry import StoredEvent, StoredValue

START, END = Position(1_000, 1), Position(2_000, 9)
PREVIEW = b'{"step":1,"image_key":"lf:{s00}:pv:x:1","url":"/preview"}'


def held(data=b'{"a":1}', *, id=END, origin=None):
    return HeldEvent(StoredEvent(id, "said", data, origin))


def held_value(data=b'{"a":1}', image=None):
    return HeldValue(StoredValue("k", END, "value", data), image)


def opened(message):
    """Return opcode and payload of an unmasked WebSocket message, read as RFC 6455 says."""
    stream = io.BytesIO(message)
    first, size = stream.read(2)
    if size == 126:
        size = int.from_bytes(stream.read(2), "big")
    elif size == 127:
        size = int.from_bytes(stream.read(8), "big")
    payload = stream.read(size)
    assert len(payload) == size
    assert stream.read() == b""
    assert first & 0xF0 == 0x80, "one whole message, nothing reserved"
    return first & 0x0F, payload


def from_json(message):
    opcode, payload = opened(message)
    assert opcode == WSMsgType.TEXT
    return orjson.loads(payload)


def from_msgpack(message):
    opcode, payload = opened(message)
    assert opcode == WSMsgType.BINARY
    return msgpack.unpackb(payload)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(datas=st.lists(st.dictionaries(st.text(), json_values, max_size=3), max_size=20), topic=st.text(min_size=1))
def test_both_codecs_write_the_same_maps(datas, topic):
    datas = [orjson.loads(orjson.dumps(data)) for data in datas]
    events = [held(orjson.dumps(data), id=Position(2_000, n)) for n, data in enumerate(datas)]
    values = [held_value(orjson.dumps(data)) for data in datas]
    wanted = {
        "op": "events",
        "topic": topic,
        "from": "1000-1",
        "to": "2000-9",
        "events": [{"id": f"2000-{n}", "type": "said", "time": 2_000, "data": data} for n, data in enumerate(datas)],
    }
    assert from_json(JsonCodec().events(topic, START, END, events)) == wanted
    assert from_msgpack(MsgpackCodec().events(topic, START, END, events)) == wanted
    latest = {
        "op": "latest",
        "topic": topic,
        "values": [{"key": "k", "type": "value", "time": 2_000, "rev": "2000-9", "data": data} for data in datas],
    }
    if not any("image_key" in data for data in datas):
        assert from_json(JsonCodec().latest(topic, values)) == latest
        assert from_msgpack(MsgpackCodec().latest(topic, values)) == latest


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_both_codecs_write_the_same_plain_frames(frame):
    frame = orjson.loads(orjson.dumps(frame))
    assert from_json(JsonCodec().frame(frame)) == from_msgpack(MsgpackCodec().frame(frame)) == frame


@given(st.lists(st.dictionaries(st.text(), json_values, max_size=3), max_size=5), st.text(min_size=1), st.booleans())
def test_both_codecs_write_the_same_signals(datas, topic, alone):
    signals = [{"user": {"id": "fox"}, "type": "cursor", "data": orjson.loads(orjson.dumps(data))} for data in datas]
    held = [HeldSignal(signal, "") for signal in signals]
    expected = {"op": "signals", "topic": topic, "signals": signals}
    assert from_json(JsonCodec().signals(topic, held, alone=alone)) == expected
    assert from_msgpack(MsgpackCodec().signals(topic, held, alone=alone)) == expected


def test_signals_for_many_are_compressed_and_those_for_one_are_not():
    held = [HeldSignal({"user": {"id": "fox" * 100}, "type": "cursor", "data": None}, "")] * 5
    for codec in (JsonCodec(seal_deflated), MsgpackCodec(seal_deflated)):
        shared, alone = codec.signals("room:a", held), codec.signals("room:a", held, alone=True)
        assert len(shared) < len(alone) / 4
        opened(alone)


def test_server_sent_events_carry_no_signals():
    assert SseCodec({}).signals("room:a", [HeldSignal({"user": {}, "type": "typing", "data": {}}, "")]) == b""


def test_an_event_is_encoded_once_per_codec():
    event = held()
    assert event.json() is event.json()
    assert event.msgpack() is event.msgpack()


def test_an_event_keeps_the_id_of_the_topic_where_it_happened():
    event = held(origin=Position(500, 3))
    (found,) = from_json(JsonCodec().events("app:t", START, END, [event]))["events"]
    assert (found["id"], found["time"]) == ("500-3", 500)
    assert from_msgpack(MsgpackCodec().events("app:t", START, END, [event]))["events"] == [found]


def test_a_preview_is_a_url_in_json_and_bytes_in_messagepack():
    value = held_value(PREVIEW, b"\xff\xd8jpeg")
    (as_json,) = from_json(JsonCodec().latest("t", [value]))["values"]
    (as_msgpack,) = from_msgpack(MsgpackCodec().latest("t", [value]))["values"]
    assert as_json["data"] == {"step": 1, "url": "/preview"}
    assert as_msgpack["data"] == {"step": 1, "image": b"\xff\xd8jpeg"}


def test_a_preview_whose_bytes_are_gone_is_a_url_for_everyone():
    value = held_value(PREVIEW)
    (found,) = from_msgpack(MsgpackCodec().latest("t", [value]))["values"]
    assert found["data"] == {"step": 1, "url": "/preview"}


@pytest.mark.parametrize("key", ['"lf:{s00}:gen:x"', '"lf:shards"', '"lf:{s00}:pv:"', "7", "null", '["lf:{s00}:pv:x"]'])
def test_nobody_reads_other_keys_of_the_store_through_a_value(key):
    """Who may publish may not ask for what else the store holds."""
    data = b'{"image_key":%s}' % key.encode()
    assert image_key(StoredValue("k", END, "generation.preview", data)) is None
    (found,) = from_msgpack(MsgpackCodec().latest("t", [held_value(data, b"secret")]))["values"]
    assert found["data"] == orjson.loads(data)


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_messages_are_sealed_as_rfc_6455_says(size, head):
    message = seal(TEXT, b"x" * size)
    assert message[: len(head)] == head
    assert opened(message) == (WSMsgType.TEXT, b"x" * size)
    assert seal(BINARY, b"")[0] == 0x82


# Server-sent events.


def blocks(text):
    """Return what an EventSource reads: [(event, id, data)]. Source: WHATWG HTML, 9.2.6."""
    found, fields = [], {}
    for line in text.decode().split("\n"):
        if line:
            name, _, rest = line.partition(":")
            assert name not in fields, "each field once"
            fields[name] = rest.removeprefix(" ")
        elif fields:
            data = orjson.loads(fields["data"]) if "data" in fields else None
            found.append((fields.get("event"), fields.get("id"), data))
            fields = {}
    assert not fields, "the last block is closed"
    return found


def subscribed(**ats):
    topics = {topic: {"at": at, "resumed": False} if at else {"error": "not_found"} for topic, at in ats.items()}
    return {"op": "subscribed", "topics": topics}


def test_every_id_covers_the_positions_of_all_topics():
    codec = SseCodec({"a": None, "b": None})
    ((kind, id, data),) = blocks(codec.frame(subscribed(a="5-5", b="6-6")))
    assert (kind, id) == ("subscribed", "5-5,6-6")
    assert data["topics"]["a"]["at"] == "5-5"
    events = [held(id=Position(1_000, 2)), held(id=Position(1_000, 3))]
    found = blocks(codec.events("a", START, END, events))
    assert [id for _, id, _ in found] == ["1000-2,6-6", "2000-9,6-6"], "the last one stands for the whole frame"
    assert [data["id"] for _, _, data in found] == ["1000-2", "1000-3"]
    assert {data["topic"] for _, _, data in found} == {"a"}


def test_an_empty_frame_of_events_moves_the_id_without_an_event():
    codec = SseCodec({"a": None})
    codec.frame(subscribed(a="5-5"))
    assert blocks(codec.events("a", START, END, [])) == [(None, "2000-9", None)]


def test_a_gap_is_an_event_and_moves_the_id():
    codec = SseCodec({"a": None, "b": None})
    codec.frame(subscribed(a="5-5", b="6-6"))
    found = blocks(codec.frame({"op": "gap", "topic": "b", "at": "7-7"}))
    assert found == [("gap", "5-5,7-7", {"topic": "b", "at": "7-7"})]


def test_who_cannot_be_resumed_stands_where_they_stood_until_the_gap():
    codec = SseCodec({"a": Position(3, 3), "b": None})
    ((_, id, _),) = blocks(codec.frame(subscribed(a="5-5", b="6-6")))
    assert id == "3-3,6-6"
    ((_, id, _),) = blocks(codec.events("b", START, END, []))
    assert id == "3-3,2000-9", "a client that is cut off here asks from there again, and is told of the gap"
    ((_, id, _),) = blocks(codec.frame({"op": "gap", "topic": "a", "at": "5-5"}))
    assert id == "5-5,2000-9"


def test_a_topic_that_was_refused_has_an_empty_place_in_the_id():
    codec = SseCodec({"a": None, "b": None})
    ((_, id, _),) = blocks(codec.frame(subscribed(a=None, b="6-6")))
    assert id == ",6-6"


def test_values_are_events_of_their_type_and_leave_the_position():
    codec = SseCodec({"a": None})
    codec.frame(subscribed(a="5-5"))
    ((kind, id, data),) = blocks(codec.latest("a", [held_value()]))
    assert (kind, id) == ("value", "5-5")
    assert (data["topic"], data["key"], data["rev"], data["data"]) == ("a", "k", "2000-9", {"a": 1})


@given(st.text(min_size=1), st.text())
def test_no_text_breaks_out_of_its_block(kind, text):
    codec = SseCodec({"a": None})
    event = HeldEvent(StoredEvent(END, kind, orjson.dumps({"text": text})))
    ((_, id, data),) = blocks(codec.events("a", START, END, [event]))
    assert id == "2000-9"
    assert data["data"] == {"text": text}


def test_sessions_do_not_share_what_carries_their_positions():
    assert (JsonCodec.shared, MsgpackCodec.shared, SseCodec.shared) == (True, True, False)


def test_until_a_topic_is_answered_its_place_in_the_id_is_where_the_client_stood():
    """Whoever reconnects in between has lost nothing."""
    codec = SseCodec({"a": Position(5, 5), "b": None})
    ((_, id, _),) = blocks(codec.frame({"op": "presence", "topic": "a", "count": 1}))
    assert id == "5-5,"


@pytest.mark.parametrize("data", [b"null", b"7", b'["image_key"]', b'"image_key"', b'{"image_key":7}'])
def test_any_json_can_be_an_events_and_a_values_data(data):
    for codec in (JsonCodec(), MsgpackCodec()):
        assert codec.events("app:a", START, END, [held(data)])
        assert codec.latest("app:a", [held_value(data)])
    assert image_key(held_value(data)) is None


def test_the_deepest_json_that_is_read_can_be_written_as_messagepack():
    deep = b"[" * 1023 + b"]" * 1023
    assert msgpack.packb(orjson.loads(deep)) in held(deep).msgpack()
