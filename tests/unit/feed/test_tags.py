"""Tags, read from what people write."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livefeed.feed.tags import MAX_CHARACTERS, MAX_TAGS, is_tag, tags_of
from livefeed.topic import Topic, feed_tag


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("a red fox", []),
        ("#Fox in the #SNOW", ["fox", "snow"]),
        ("#fox #Fox #fOX", ["fox"]),
        ("(#fox), #snow! #night.", ["fox", "snow", "night"]),
        ("no#tag, A1#b, ##double", ["double"]),
        ("#1 is no tag, #4k is, #2026 is not", ["4k"]),
        ("#new_year #under-score", ["new_year", "under"]),
        ("# fox #", []),
        ("#café", ["café"]),
        ("#cafe\u0301", ["café"]),
        ("#हिन्दी and #日本語 and #Straße", ["हिन्दी", "日本語", "straße"]),
        ("\uff03東京", ["東京"]),
        ("#fox:snow #a/b", ["fox", "a"]),
        ("#fox#snow", ["fox"]),
    ],
)
def test_tags_are_the_hashed_words(text: str, tags: list[str]) -> None:
    assert tags_of(text) == tags


def test_caption_and_prompt_together_give_each_tag_once() -> None:
    assert tags_of("#b #a", None, "#a #c") == ["b", "a", "c"]


def test_after_ten_tags_the_rest_are_plain_words() -> None:
    assert tags_of(" ".join(f"#tag{number}" for number in range(15))) == [f"tag{number}" for number in range(MAX_TAGS)]


def test_a_word_too_long_for_a_topic_is_no_tag() -> None:
    assert tags_of("#" + "a" * MAX_CHARACTERS) == ["a" * MAX_CHARACTERS]
    assert tags_of("#" + "a" * (MAX_CHARACTERS + 1)) == []
    assert tags_of("#" + "語" * 39) == ["語" * 39]
    assert tags_of("#" + "語" * 40) == []  # 120 bytes of UTF-8: with `feed:tag:` more than a topic has


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("##  _aA1\u0301\u0130Σ:"))))
@example("#\u0130")
@example("#ΑΣ")
def test_every_tag_is_a_topic_as_it_is(text: str) -> None:
    for tag in tags_of(text):
        assert feed_tag(tag) == Topic("feed:tag:" + tag)
        assert unicodedata.is_normalized("NFC", tag)
        assert tags_of(f"#{tag}") == [tag]
    assert len(set(tags_of(text))) == len(tags_of(text)) <= MAX_TAGS


@pytest.mark.parametrize("word", ["fox", "Fox", "cafe\u0301", "4k", "東京", "new_year", "x" * MAX_CHARACTERS])
def test_what_a_text_can_be_tagged_with_is_a_tag(word: str) -> None:
    assert is_tag(word)


@pytest.mark.parametrize("word", ["", "a b", "#fox", "2026", "under-score", "\ud800", "x" * (MAX_CHARACTERS + 1)])
def test_what_no_text_can_be_tagged_with_is_none(word: str) -> None:
    assert not is_tag(word)
