"""Whose language a widget speaks."""

from __future__ import annotations

import pytest

from livefeed.api.languages import language_of

KNOWN = {"en", "fr", "ar"}


@pytest.mark.parametrize(
    ("asked", "accepted", "expected"),
    [
        (None, "", "en"),
        ("fr", "ar", "fr"),
        ("FR-ca", "", "fr"),
        ("sv", "ar, en;q=0.5", "ar"),
        (None, "de, fr;q=0.3, en;q=0.5", "en"),
        (None, "fr;q=0, ar-EG;q=0.1", "ar"),
        (None, "*, fr", "fr"),
        (None, "nonsense;;q=x, \x00,fr;q=9", "en"),
        ("../../etc", "fr", "fr"),
        (None, "x," * 10_000 + "fr", "en"),
    ],
)
def test_the_page_comes_first_then_the_reader_then_english(asked: str | None, accepted: str, expected: str) -> None:
    assert language_of(asked, accepted, KNOWN) == expected
