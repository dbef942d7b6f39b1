"""Documents as pycrdt holds them, where editors have written what nobody asked for."""

from __future__ import annotations

from pycrdt import Array, Doc, Map, Text, XmlFragment

from livefeed.rooms.ink import PARAMS, PROMPT, STROKES, VOTES, Ink


def test_trees_where_values_belong_are_passed_over_and_the_room_goes_on():
    doc = Doc()
    votes, params, strokes = (
        doc.get(name, type=kind) for name, kind in ((VOTES, Map), (PARAMS, Map), (STROKES, Array))
    )
    votes["ann"], votes["a tree"] = "one", XmlFragment()
    params["width"], params["a tree"], params["a text"] = 512.0, XmlFragment(), Text("wide")
    strokes.append(XmlFragment())
    strokes.append(b"stroke")
    ink = Ink(lambda _: None)
    answered, found = ink.ask("r", None, [doc.get_update()], "1-1", "contents", None)
    assert answered == "answer"
    assert found == {PROMPT: "", PARAMS: {"width": 512, "a tree": None, "a text": None}, STROKES: [b"stroke"]}
    answered, update = ink.ask("r", "1-1", [], "1-1", "mirrored", {VOTES: {"ann": "two"}})
    assert answered == "answer"
    doc.apply_update(update)
    assert doc.get(VOTES, type=Map).to_py() == {"ann": "two"}
