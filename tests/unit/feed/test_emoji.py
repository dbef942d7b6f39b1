"""Reactions are single emojis, each in one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.errors import BadRequest
from livefeed.feed import emoji_table as table
from livefeed.feed.emoji import JOINER, PICTURE, canonical

WHOLE = [
    "👍", "🦊", "❤️", "👍🏽", "☝🏽", "☝️", "🇩🇪", "🇺🇳", "1️⃣", "#️⃣", "*️⃣", "👩‍🎨",
    "👩🏽‍🎨", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴‍☠️", "❤️‍🔥", "👁️‍🗨️", "🧑🏿‍❤️‍💋‍🧑🏻", "⛹🏽‍♀️",
    "👨‍🦰", "🐈‍⬛", "©️", "™️", "㊗️", "🀄", "🫩",
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
]  # fmt: skip


@pytest.mark.parametrize("emoji", WHOLE)
def test_a_fully_qualified_emoji_stays_as_it_is(emoji: str) -> None:
    assert canonical(emoji) == emoji


@pytest.mark.parametrize(
    ("loose", "whole"),
    [("❤", "❤️"), ("👍️", "👍"), ("☝️🏽", "☝🏽"), ("1⃣", "1️⃣"), ("🏳‍🌈", "🏳️‍🌈"), ("❤‍🔥", "❤️‍🔥"), ("⛹️🏽‍♀", "⛹🏽‍♀️")],
)
def test_loose_spellings_become_the_recommended_one(loose: str, whole: str) -> None:
    assert canonical(loose) == whole


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a", "1", "#", "<b>", None, 5, ["👍"], "\ud83d",
        "👍👍", "👍 ", "a👍", "👍" * 40, "🏽", "🦊🏽", "🦰", "🇩", "🇽🇽", "🇩🇪🇫🇷", "❤\ufe0e",
        JOINER, PICTURE, f"👍{JOINER}", f"{JOINER}👍", f"👩{JOINER}{JOINER}🎨", JOINER.join("🦊🐻🐼🐯🦁"),
        "🏴\U000e0067\U000e007f",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: object) -> None:
    with pytest.raises(BadRequest):
        canonical(text)


@given(
    st.text(
        alphabet=st.one_of(
            st.characters(),
            st.sampled_from(
                [*sorted(table.SKINNED), *sorted(table.SKIN_TONES), JOINER, PICTURE, "🇩", "🇪", "1", "\u20e3"]
            ),
        ),
        max_size=12,
    )
)
def test_what_is_accepted_has_one_spelling_and_is_safe_in_keys_and_json(text: str) -> None:
    try:
        emoji = canonical(text)
    except BadRequest:
        return
    assert canonical(emoji) == emoji
    assert emoji.replace(PICTURE, "") == text.replace(PICTURE, "")
    assert not set(emoji) & set(' !"\\\n:')
