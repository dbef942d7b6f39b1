"""What a document asks for, as far as it makes sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from livefeed.rooms.wishes import wish_of


@dataclass(frozen=True)
class Page:
    prompt: str = "a fox"
    params: Mapping[str, Any] = field(default_factory=dict)
    strokes: Sequence[bytes] = ()


def test_an_empty_document_leaves_everything_to_the_generator() -> None:
    wish = wish_of(Page(), parent="p")
    assert (wish.prompt, wish.parent, wish.strokes) == ("a fox", "p", ())
    assert (wish.width, wish.height, wish.seed, wish.generator, wish.strength) == (None, None, None, None, None)


@pytest.mark.parametrize("value", ["768", None, True, -1, 0, 0.5, float("nan"), float("inf"), 10**9, [], {}])
def test_what_is_no_size_is_left_out(value: Any) -> None:
    wish = wish_of(Page(params={"width": value, "height": 512.0}), parent=None)
    assert (wish.width, wish.height) == (None, 512)


@pytest.mark.parametrize("value", ["7", None, False, -1, 2**32, 1.5, float("nan")])
def test_what_is_no_seed_is_left_out(value: Any) -> None:
    assert wish_of(Page(params={"seed": value}), parent=None).seed is None


def test_the_seed_that_was_asked_for_outranks_the_documents() -> None:
    page = Page(params={"seed": 5.0})
    assert (wish_of(page, parent=None).seed, wish_of(page, parent=None, seed=0).seed) == (5, 0)


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0.0), (1, 1.0), (0.6, 0.6), (1.1, None), ("1", None), (True, None)]
)
def test_a_strength_is_a_share_and_needs_a_parent(value: Any, expected: float | None) -> None:
    page = Page(params={"strength": value})
    assert wish_of(page, parent="p").strength == expected
    assert wish_of(page, parent=None).strength is None


@pytest.mark.parametrize(
    ("style", "expected"),
    [("woodcut", "woodcut"), (" woodcut ", "woodcut"), ("", None), ("  ", None), (7, None), ("x" * 300, "x" * 200)],
)
def test_a_style_is_a_text_beside_the_prompt(style: Any, expected: str | None) -> None:
    wish = wish_of(Page(params={"style": style}), parent=None)
    assert (wish.prompt, wish.style) == ("a fox", expected)


@pytest.mark.parametrize(
    ("value", "expected"), [("illustrator", "illustrator"), ("", None), (7, None), ("x" * 65, None)]
)
def test_a_generator_has_a_name(value: Any, expected: str | None) -> None:
    assert wish_of(Page(params={"generator": value}), parent=None).generator == expected
