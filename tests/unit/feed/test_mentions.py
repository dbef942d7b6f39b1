"""Which @words of a text are mentions, and what becomes of them when people change their handles."""

from __future__ import annotations

import pytest

from livefeed.feed.mentions import MAX_MENTIONS, handles_in, mentioned, renamed

OTTER, FOX = {"id": "1", "handle": "quiet-otter"}, {"id": "2", "handle": "fox2"}


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@quiet-otter look", ["quiet-otter"]),
        ("(@Fox2), and @fox2!", ["fox2"]),
        ("for @fox2's, @quiet-otter.", ["fox2", "quiet-otter"]),
        ("mail me@fox2.example or @@fox2", []),
        ("@x is too short, @-fox begins wrongly, a lone @", []),
        ("@" + "a" * 31, []),
        ("@über is no handle", []),
        ("", []),
    ],
)
def test_a_mention_is_a_handle_behind_an_at_sign(text: str, handles: list[str]) -> None:
    assert handles_in(text) == handles


def test_a_text_mentions_so_many_people_at_most() -> None:
    assert len(handles_in(" ".join(f"@person{number}" for number in range(30)))) == MAX_MENTIONS


def test_only_people_who_are_called_so_are_mentioned() -> None:
    found = mentioned("@fox2 @nobody @quiet-otter", {"fox2": FOX, "quiet-otter": OTTER})
    assert found == [{"id": "2", "handle": "fox2"}, {"id": "1", "handle": "quiet-otter"}]


def test_a_changed_handle_is_shown_where_the_old_one_was_written() -> None:
    mentions = [{"id": "2", "handle": "fox2"}, {"id": "1", "handle": "quiet-otter"}]
    text, now = renamed("@Fox2, @fox22 and @quiet-otter", mentions, {"2": {**FOX, "handle": "vixen"}, "1": OTTER})
    assert text == "@vixen, @fox22 and @quiet-otter"
    assert now == [{"id": "2", "handle": "vixen"}, {"id": "1", "handle": "quiet-otter"}]
    assert renamed("@fox2", mentions[:1], {}) == ("@fox2", mentions[:1]), "who left stays as written"
