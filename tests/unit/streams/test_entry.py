"""Raw replies of the store as values."""

from __future__ import annotations

import pytest

from livefeed.errors import BadPosition
from livefeed.position import Position
from livefeed.streams.entry import Entry, StoredEvent, StoredValue, parse_entry, parse_event, parse_values, stored

FAN = [b"5-1", [b"p", b"4-9", b"t", "app:é".encode(), b"k", b"said", b"d", b'{"a":1}']]


def test_a_kept_entry_of_a_shard():
    assert parse_entry(FAN) == Entry(Position(5, 1), Position(4, 9), "app:é", "said", b'{"a":1}')


def test_a_latest_entry_of_a_shard_has_a_key():
    assert parse_entry([b"5-1", [*FAN[1], b"l", b"post 1"]]).key == "post 1"


def test_an_entry_from_another_topic_knows_the_id_it_had_there():
    found = parse_entry([b"5-1", [*FAN[1], b"i", b"3-3"]])
    assert (found.key, found.origin) == (None, Position(3, 3))


def test_an_event_of_a_topic():
    raw = [b"5-1", [b"p", b"4-9", b"k", b"said", b"d", b"{}"]]
    assert parse_event(raw) == StoredEvent(Position(5, 1), "said", b"{}")


def test_values_come_ascending_whatever_the_hash_gave():
    raw = [b"new", b'9-1 value {"text": "a b"}', b"old", b"2-7 other {}"]
    assert parse_values(raw) == [
        StoredValue("old", Position(2, 7), "other", b"{}"),
        StoredValue("new", Position(9, 1), "value", b'{"text": "a b"}'),
    ]
    assert parse_values([]) == []


def test_what_we_did_not_write_is_not_guessed_at():
    with pytest.raises(BadPosition):
        parse_values([b"k", b"yesterday value {}"])


@pytest.mark.parametrize("raw", [b"", b"5", b"-", b"a-b", b"5-1-1", b"5-", None, 7])
def test_what_is_no_position_is_refused_as_such(raw):
    with pytest.raises(BadPosition):
        stored(raw)


def test_a_stored_position_is_read_as_any_other():
    for raw in (b"0-0", b"1795340434783-1015946668990", "5-1"):
        assert stored(raw) == Position.parse(raw)


@pytest.mark.parametrize("data", [b"not json", b"", b'{"a":', b"\xff\xfe", b"NaN", b'{"a":1} {"a":2}'])
def test_data_that_is_no_json_is_null_on_every_road(data: bytes):
    """The append script takes any bytes of whoever may write to the store."""
    assert parse_entry([b"5-1", [*FAN[1][:7], data]]).data == b"null"
    assert parse_event([b"5-1", [b"p", b"4-9", b"k", b"said", b"d", data]]).data == b"null"
    assert [value.data for value in parse_values([b"key", b"9-1 value " + data])] == [b"null"]


def test_json_on_several_lines_becomes_one_line():
    """A line break would end a field of a server-sent event."""
    assert parse_entry([b"5-1", [*FAN[1][:7], b'{\r\n  "a": "x y"\n}']]).data == b'{"a":"x y"}'


def test_text_that_is_no_unicode_is_still_text():
    entry = parse_entry([b"5-1", [b"p", b"4-9", b"t", b"app:x", b"k", b"sa\xffid", b"d", b"{}"]])
    assert entry.type == "sa\ufffdid"
