"""What a generator is told of how a picture is to be."""

from __future__ import annotations

import pytest

from livefeed.making import worded


@pytest.mark.parametrize(
    ("prompt", "style", "told"),
    [
        ("a fox", "woodcut", "a fox, woodcut"),
        ("a fox \n", "woodcut", "a fox, woodcut"),
        ("a Woodcut of a fox", "woodcut", "a Woodcut of a fox"),
        ("a fox", None, "a fox"),
        ("a fox", "", "a fox"),
    ],
)
def test_the_style_stands_behind_the_prompt_unless_that_says_it(prompt: str, style: str | None, told: str) -> None:
    assert worded(prompt, style) == told
