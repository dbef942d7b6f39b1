"""What has the form of an update, and what a decoder is kept from."""

from __future__ import annotations

import time
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from livefeed.rooms import structure, varints
from livefeed.rooms.varints import Malformed

write = varints.write


def edits() -> tuple[Doc[Any], list[bytes]]:
    """Return a document with a bit of everything, and the updates that made it."""
    found: list[bytes] = []
    doc: Doc[Any] = Doc(client_id=300)
    watching = doc.observe(lambda event: found.append(event.update))
    text, values, items = doc.get("t", type=Text), doc.get("m", type=Map), doc.get("a", type=Array)
    text.insert(0, "hello añ😀")
    text.format(0, 1, {"bold": True})
    text.insert_embed(1, {"image": "x"})
    del text[3:4]
    values["all"] = {"list": [1, 2.5, None, True, False, "x", b"bytes", 2**40, {"deep": []}]}
    values["map"] = Map({"inner": Array([1, Text("x")])})
    items.append(b"stroke")
    items.extend([1, "two", [3]])
    del items[1:3]
    doc.unobserve(watching)
    return doc, found


def test_what_yjs_writes_is_an_update() -> None:
    doc, found = edits()
    for update in [*found, doc.get_update(), structure.EMPTY]:
        structure.check_update(update)
    structure.check_state(doc.get_state())
    assert structure.clocks(doc.get_state()) == {
        300: max(run.structs[-1].end for run in structure.anatomy(doc.get_update()).runs)
    }


def test_every_cut_and_every_addition_is_noticed() -> None:
    doc, _ = edits()
    update = doc.get_update()
    for end in range(len(update)):
        with pytest.raises(Malformed):
            structure.check_update(update[:end])
    with pytest.raises(Malformed):
        structure.check_update(update + b"\x00")


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(b"\xff" * 1_000_000, id="a megabyte of 0xff"),
        pytest.param(write(2**50) + b"\x00" * 100, id="more clients than bytes"),
        pytest.param(b"\x01" + write(2**50) + b"\x05\x00" + b"\x00" * 100, id="more structs than bytes"),
        pytest.param(b"\x01\x01\x05\x00\x00\x00\x00", id="a struct without length"),
        pytest.param(b"\x01\x01\x05\x00\x04\x01\x01t\x00\x00", id="an empty text"),
        pytest.param(b"\x01\x01\x05" + write(2**53 - 1) + b"\x00\x05\x00", id="a clock that runs over"),
        pytest.param(b"\x01\x01\x05\x00\x0b\x01\x01t\x00", id="an unknown struct"),
        pytest.param(b"\x01\x01\x05\x00\x04\x02\x01t\x01x\x00", id="an unknown parent"),
        pytest.param(b"\x01\x01\x05\x00\x04\x01\x01t\x01\xff\x00", id="a text that is no UTF-8"),
        pytest.param(b"\x01\x01\x05\x00\x05\x01\x01t\x01{\x00", id="an embed that is no JSON"),
        pytest.param(b"\x01\x01\x05\x00\x08\x01\x01t\x01" + b"\x75\x01" * 40 + b"\x78\x00", id="too deep"),
        pytest.param(b"\x01\x01\x05\x00\x08\x01\x01t" + write(2**40) + b"\x78\x00", id="more values than bytes"),
        pytest.param(b"\x01\x01\x05\x00\x07\x01\x01t\x07\x00", id="an unknown shared type"),
        pytest.param(b"\x00\x01\x05\x01\x00\x00", id="a deletion of nothing"),
        pytest.param(b"\x00\x01\x05" + write(2**40) + b"\x00\x01", id="more deletions than bytes"),
        pytest.param(b"\x01\x01\x05\x00\x05\x01\x01t\x42" + b"[" * 33 + b"]" * 33 + b"\x00", id="deep JSON"),
    ],
)
def test_what_would_lead_a_decoder_astray_is_refused_at_once(update: bytes) -> None:
    began = time.thread_time()
    with pytest.raises(Malformed):
        structure.check_update(update)
    assert time.thread_time() - began < 0.05


@pytest.mark.parametrize("state", [b"", b"\x01", b"\x01\x05", b"\x01\x05\x01\x00", b"\xff" * 9, write(2**50)])
def test_what_is_no_state_vector_is_refused(state: bytes) -> None:
    with pytest.raises(Malformed):
        structure.check_state(state)
