"""In which content coding an answer goes out."""

from __future__ import annotations

import pytest

from livefeed.api.codings import codings_of


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("", ()),
        ("gzip, deflate, br, zstd", ("br", "gzip")),
        ("gzip", ("gzip",)),
        ("GZIP;Q=1.0", ("gzip",)),
        ("x-gzip", ("gzip",)),
        ("gzip;q=0", ()),
        ("gzip ; q=0.000, br", ("br",)),
        ("br;q=0, gzip", ("gzip",)),
        ("gzip;q=1.0, br;q=0.5", ("gzip", "br")),
        ("*", ("br", "gzip")),
        ("*;q=0", ()),
        ("*;q=0, gzip", ("gzip",)),
        ("br;q=0, *", ("gzip",)),
        ("identity", ()),
        ("identity;q=0.5, gzip;q=0.2, br", ("br",)),
        ("identity;q=0, gzip", ("gzip",)),
        ("gzip;q=nonsense", ()),
        ("brotli", ()),
        (",;q=1, gzip", ("gzip",)),
        ("a" * 1_000_000 + ", gzip", ()),
    ],
)
def test_only_what_is_taken_is_sent_and_what_is_most_welcome_first(accepted: str, taken: tuple[str, ...]) -> None:
    assert codings_of(accepted, ("br", "gzip")) == taken
