"""What signals may say: exactly what docs/protocol.md says, and nothing else of it goes out."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.errors import BadRequest
from livefeed.presence.kinds import KINDS, MAX_POINTS, SMALL_BYTES, STROKE_BYTES, read

STROKE = {"id": "s1", "kind": 0, "color": "#f2b705", "size": 250, "from": 0, "points": [0, 65_535, 255]}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("typing", {}),
        ("typing", {"in": "comment"}),
        ("cursor", None),
        ("cursor", {"x": 0, "y": 1}),
        ("cursor", {"x": 0.25, "y": 0.5, "tool": "hand", "down": True}),
        ("stroke", STROKE),
        ("stroke", {**STROKE, "id": "x" * 24, "done": True}),
        ("stroke", {**STROKE, "points": [], "from": MAX_POINTS}),
        ("stroke", {"id": "m", "kind": 1, "size": 0, "from": 3, "points": [1, 2, 3]}),
        ("stroke", {**STROKE, "points": [1, 2, 3] * 400}),
    ],
)
def test_what_may_be_signalled_goes_out_as_it_is(kind: str, data: Any) -> None:
    assert read(KINDS[kind], data) == data


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("typing", None),
        ("typing", {"text": "x" * SMALL_BYTES}),
        ("cursor", {}),
        ("cursor", {"x": 0.5}),
        ("cursor", {"x": -0.1, "y": 0}),
        ("cursor", {"x": 0, "y": 1.01}),
        ("cursor", {"x": True, "y": 0}),
        ("cursor", {"x": "0", "y": 0}),
        ("cursor", {"x": float("nan"), "y": 0}),
        ("cursor", {"x": 0, "y": 0, "tool": "bucket"}),
        ("cursor", {"x": 0, "y": 0, "tool": ["hand"]}),
        ("cursor", {"x": 0, "y": 0, "down": 1}),
        ("cursor", {"x": 0, "y": 0, "more": "x" * SMALL_BYTES}),
        ("stroke", None),
        ("stroke", {}),
        ("stroke", {**STROKE, "id": ""}),
        ("stroke", {**STROKE, "id": "x" * 25}),
        ("stroke", {**STROKE, "id": 1}),
        ("stroke", {**STROKE, "kind": 4}),
        ("stroke", {**STROKE, "kind": True}),
        ("stroke", {**STROKE, "size": 65_536}),
        ("stroke", {**STROKE, "size": -1}),
        ("stroke", {**STROKE, "from": -1}),
        ("stroke", {**STROKE, "from": 1.0}),
        ("stroke", {**STROKE, "from": MAX_POINTS}),
        ("stroke", {**STROKE, "color": None}),
        ("stroke", {**STROKE, "color": "red"}),
        ("stroke", {**STROKE, "color": "#F2B705"}),
        ("stroke", {**STROKE, "color": "#f2b705\n"}),
        ("stroke", {**STROKE, "kind": 1, "color": 7}),
        ("stroke", {**STROKE, "points": [1, 2]}),
        ("stroke", {**STROKE, "points": [1, 2, 256]}),
        ("stroke", {**STROKE, "points": [65_536, 2, 3]}),
        ("stroke", {**STROKE, "points": [1, -2, 3]}),
        ("stroke", {**STROKE, "points": [1, 2.5, 3]}),
        ("stroke", {**STROKE, "points": "123"}),
        ("stroke", {**STROKE, "done": "yes"}),
        ("stroke", {**STROKE, "points": [60_000, 60_000, 255] * (STROKE_BYTES // 15)}),
    ],
)
def test_anything_else_is_a_bad_request(kind: str, data: Any) -> None:
    with pytest.raises(BadRequest):
        read(KINDS[kind], data)


def test_what_is_not_known_does_not_go_out() -> None:
    assert read(KINDS["cursor"], {"x": 0, "y": 0, "tool": None, "more": 1}) == {"x": 0, "y": 0}
    assert read(KINDS["stroke"], {**STROKE, "more": 1}) == STROKE


@given(st.sampled_from(sorted(KINDS)), st.none() | st.dictionaries(st.text(max_size=5), ANYTHING, max_size=4))
def test_no_data_whatever_breaks_it(kind: str, data: Any) -> None:
    with contextlib.suppress(BadRequest):
        read(KINDS[kind], data)


@given(st.dictionaries(st.sampled_from(sorted(STROKE)), ANYTHING, max_size=3))
def test_no_stroke_whatever_breaks_it(changes: dict[str, Any]) -> None:
    try:
        found = read(KINDS["stroke"], {**STROKE, **changes})
    except BadRequest:
        return
    assert found is not None
    assert set(found) <= {*STROKE, "done"}
