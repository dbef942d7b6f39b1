"""What people write, cleaned."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.errors import BadRequest
from livefeed.text import clean, is_blank


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  as given  ", "  as given  "),
        ("two\r\nlines\rthree\n", "two\nlines\nthree\n"),
        ("tab\tstays, bell\x07 and nul\x00 go\x7f\x85", "tab\tstays, bell and nul go"),
        ("cafe\u0301", "café"),
        ("👩‍🎨 <b>&amp;", "👩‍🎨 <b>&amp;"),
    ],
)
def test_text_is_kept_but_for_its_controls(text: str, cleaned: str) -> None:
    assert clean(text, "comment", limit=100) == cleaned


@pytest.mark.parametrize(
    "text", [None, 5, b"bytes", ["list"], "half a pair \ud800", "x" * 11, "e\u0301" * 11, "x" * 10**6]
)
def test_what_is_no_text_or_too_long_is_refused_in_one_sentence(text: object) -> None:
    with pytest.raises(BadRequest, match=r"^The caption .*\.$"):
        clean(text, "caption", limit=10)


def test_the_limit_counts_what_is_stored() -> None:
    assert clean("e\u0301" * 10, "caption", limit=10) == "é" * 10


@pytest.mark.parametrize(
    ("text", "blank"),
    [("", True), (" \n\t\u3000", True), ("\u200b\u2060\ufeff", True), ("x", False), ("👍", False)],
)
def test_blank_is_what_a_reader_cannot_see(text: str, blank: bool) -> None:
    assert is_blank(text) == blank


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    try:
        cleaned = clean(text, "comment", limit=50)
    except BadRequest:
        return
    assert clean(cleaned, "comment", limit=50) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert len(cleaned) <= 50


def test_what_disguises_the_direction_of_a_text_goes():
    """An override makes 'gnp.exe' look like 'exe.png'; marks that right-to-left text needs stay."""
    assert clean("a\u202ebc\u202c", "caption", limit=10) == "abc"
    assert clean("\u200fשלום\u200e", "caption", limit=10) == "\u200fשלום\u200e"
