"""What a page says of itself, as text."""

from __future__ import annotations

from typing import Any

import pytest

from livefeed.api.heads import Head, capped, elements, of_person, of_post, of_room, plain, title_element, title_of
from livefeed.api.sentences import Sentences

SAY = Sentences(
    "en",
    {
        "head.post": "{title}, by {handle}",
        "head.by": "by {handle}",
        "head.post-about": "A picture by {handle}.",
        "head.person-about": "Pictures by {handle}.",
        "head.newest-of": "The newest pictures of {name}",
        "head.room": "A remix room",
        "head.room-about": "A picture is being remixed.",
    },
)
POST: dict[str, Any] = {
    "id": "01m8",
    "caption": "",
    "prompt": "a lighthouse at dusk, woodcut",
    "author": {"id": "u", "handle": "slow heron"},
    "media": {"sha256": "ab" * 32, "width": 2048, "height": 1024},
    "created": 1_700_000_000_000,
}


def test_a_page_has_its_title_and_absolute_addresses() -> None:
    head = of_post(POST, SAY)
    said = elements(head, "https://pictures.example")
    assert title_element(head) == "<title>a lighthouse at dusk, woodcut, by slow heron · livefeed</title>"
    assert 'content="https://pictures.example/og/01m8.jpg?at=1700000000000"' in said
    assert 'content="https://pictures.example/@slow%20heron"' in said
    assert "2023-11-14T22:13:20+00:00" in said
    assert 'width="1024" height="512"' in head.body
    assert '<p>by <a href="/@slow%20heron">slow heron</a></p>' in head.body


def test_without_an_address_of_ours_nothing_that_needs_one_is_said() -> None:
    said = elements(of_post(POST, SAY), "")
    assert "og:title" in said
    assert not any(word in said for word in ("http", "canonical", "og:image", "og:url"))


def test_what_a_picture_shows_is_said_in_its_own_words_first() -> None:
    assert of_post({**POST, "alt": "A red tower"}, SAY).alt == "A red tower"
    assert of_post(POST, SAY).alt == "a lighthouse at dusk, woodcut"
    assert of_post({**POST, "prompt": None, "caption": "Dusk"}, SAY).alt == "Dusk"
    assert title_of({"caption": " ", "prompt": None}) == "untitled"


def test_the_address_of_a_card_changes_with_every_edit() -> None:
    assert of_post({**POST, "edited": 5}, SAY).card != of_post(POST, SAY).card


def test_a_room_has_no_address_no_picture_and_is_not_listed() -> None:
    said = elements(of_room(SAY), "https://pictures.example")
    assert 'name="robots" content="noindex"' in said
    assert "https:" not in said


def test_what_people_are_called_stays_text() -> None:
    said = elements(of_person({"id": "u", "handle": '"><b>'}, SAY), "https://pictures.example")
    assert "<b>" not in said
    assert elements(Head(title="\\1 \\g<0>", path="", description=""), "").count("\\g&lt;0&gt;") == 1


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("short", 10, "short"),
        ("two\nlines", 20, "two lines"),
        ("a lighthouse at dusk", 14, "a lighthouse…"),
        ("x" * 30, 10, "x" * 9 + "…"),
        ("a fox, and a hen", 8, "a fox…"),
    ],
)
def test_texts_are_cut_between_words(text: str, most: int, expected: str) -> None:
    assert capped(text, most) == expected


def test_tags_at_the_end_of_a_title_are_left_off_its_card() -> None:
    assert plain("A fox #snow #night-time ") == "A fox"
    assert plain("#snow") == "#snow"
    assert plain("The #1 fox") == "The #1 fox"
