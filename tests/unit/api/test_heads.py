"""What a page says of itself, as text."""

from __future__ import annotations

from typing import Any

import pytest

from livefeed.api.heads import Head, capped, dressed, elements, of_person, of_post, of_room, plain, title_of

INDEX = b"""<!doctype html><html><head><title>livefeed</title>
<meta
  name="description"
  content="Say what you want to see."
/></head><body><noscript>Please turn it on.</noscript></body></html>"""
POST: dict[str, Any] = {
    "id": "01m8",
    "caption": "",
    "prompt": "a lighthouse at dusk, woodcut",
    "author": {"id": "u", "handle": "slow heron"},
    "media": {"sha256": "ab" * 32, "width": 2048, "height": 1024},
    "created": 1_700_000_000_000,
}


def test_a_page_has_one_title_one_description_and_absolute_addresses() -> None:
    page = dressed(INDEX, of_post(POST), "https://pictures.example").decode()
    assert page.count("<title>") == page.count('"description"') == 1
    assert "<title>a lighthouse at dusk, woodcut, by slow heron · livefeed</title>" in page
    assert 'content="https://pictures.example/og/01m8.jpg?at=1700000000000"' in page
    assert 'content="https://pictures.example/@slow%20heron"' in page
    assert "2023-11-14T22:13:20+00:00" in page
    assert 'width="1024" height="512"' in page


def test_without_an_address_of_ours_nothing_that_needs_one_is_said() -> None:
    said = elements(of_post(POST), "")
    assert "og:title" in said
    assert not any(word in said for word in ("http", "canonical", "og:image", "og:url"))


def test_what_a_picture_shows_is_said_in_its_own_words_first() -> None:
    assert of_post({**POST, "alt": "A red tower"}).alt == "A red tower"
    assert of_post(POST).alt == "a lighthouse at dusk, woodcut"
    assert of_post({**POST, "prompt": None, "caption": "Dusk"}).alt == "Dusk"
    assert title_of({"caption": " ", "prompt": None}) == "untitled"


def test_the_address_of_a_card_changes_with_every_edit() -> None:
    assert of_post({**POST, "edited": 5}).card != of_post(POST).card


def test_a_room_has_no_address_no_picture_and_is_not_listed() -> None:
    said = elements(of_room(), "https://pictures.example")
    assert 'name="robots" content="noindex"' in said
    assert "https:" not in said


def test_what_people_are_called_stays_text() -> None:
    said = elements(of_person({"id": "u", "handle": '"><b>'}), "https://pictures.example")
    assert "<b>" not in said
    assert elements(Head(title="\\1 \\g<0>", path=""), "").count("\\g&lt;0&gt;") == 1


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
