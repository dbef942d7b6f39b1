"""Words as search knows them."""

from __future__ import annotations

from typing import Any

import pytest

from livefeed.feed.search import merged
from livefeed.feed.words import (
    MAX_TERMS,
    MAX_WORDS,
    STOP_WORDS,
    Term,
    beginning_of,
    fold,
    terms_of,
    words_of,
    words_of_post,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Été", "ete"),
        ("E\u0301te\u0301", "ete"),
        ("STRASSE Straße", "strasse strasse"),
        ("Œuvre Łódź Ørsted", "oeuvre lodz orsted"),
        ("İstanbul", "istanbul"),
        ("\uff26ox \ufb01n", "fox fin"),
        ("ثَعْلَب", "ثعلب"),
        ("Лиса", "лиса"),
    ],
)
def test_one_word_written_in_several_ways_is_one_word(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_text_is_cut_where_letters_end() -> None:
    assert list(words_of("L'arbre, a_b 3 red-fox! x 狐")) == ["arbre", "a_b", "3", "red", "fox", "狐"]
    assert list(words_of("x" * 100)) == ["x" * 32]
    assert list(words_of("")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("🦊🦊🌙✨", ["🦊", "🦊", "🌙", "✨"]),
        ("fox🦊den", ["fox", "🦊", "den"]),
        ("❤️ ❤ 👍🏽 👩🏽\u200d🎨", ["❤", "❤", "👍", "👩", "🎨"]),
        ("🇩🇪🇫🇷🇮 🇹", ["🇩🇪", "🇫🇷"]),
        ("1️⃣ 20° 🇩x🇪", ["1", "20"]),
    ],
)
def test_each_emoji_is_a_word(text: str, words: list[str]) -> None:
    assert list(words_of(text)) == words


def test_stop_words_are_folded_as_words_are() -> None:
    assert all([*words_of(word)] in ([word], []) for word in STOP_WORDS)


def post(**more: Any) -> dict[str, Any]:
    return {"author": {"id": "7"}, "caption": "", "tags": []} | more


def test_a_post_is_found_by_what_it_says_its_tags_and_who_made_it() -> None:
    found = words_of_post(post(caption="The Fox in the #Forêt", prompt="a red fox", alt="Snow", tags=["forêt"]))
    assert found == ["@7", "#foret", "fox", "foret", "snow", "red"]
    assert words_of_post(post(prompt="🦊🦊🌙")) == ["@7", "🦊", "🌙"]
    assert words_of_post(post(credits=[{"id": "7"}, {"id": "8"}])) == ["@7", "@8"]
    assert len(words_of_post(post(caption=" ".join(f"word{number}" for number in range(300))))) == MAX_WORDS


def test_of_the_last_word_the_beginning_will_do() -> None:
    assert terms_of("Red fo") == [Term("red", "red"), Term("fo", "fo", begins=True)]
    assert terms_of("#Snow #fo") == [Term("#snow"), Term("#fo", begins=True)]


def test_a_handle_finds_what_its_owner_made() -> None:
    assert terms_of("@Quiet-Otter, fox") == [Term("@", "quiet-otter"), Term("fox", "fox", begins=True)]
    assert terms_of("quiet-otter") == [Term("quiet", "quiet-otter"), Term("otter", "quiet-otter", begins=True)]
    assert terms_of("fox @quiet-otter") == [Term("fox", "fox"), Term("@", "quiet-otter")]
    assert terms_of("@") == []


@pytest.mark.parametrize(
    ("question", "begun"),
    [
        ("frie", "frie"),
        ("@Frie", "frie"),
        ("@ÉCU!", "ecu"),
        ("  friendly  oce ", "friendly-oce"),
        ("@friendly oce", "friendly-oce"),
        ("a painting by @frie", "frie"),
        ("friendly-", "friendly-"),
        ("f", ""),
        ("@", ""),
        ("", ""),
        ("-frie", ""),
        ("fr*", ""),
        ("[a-z]?", ""),
        ("#frie", ""),
        ("x" * 31, ""),
        ("x" * 200, ""),
        ("fr\xff\x00", ""),
        ("лис", ""),
    ],
)
def test_a_question_may_be_the_beginning_of_a_handle(question: str, begun: str) -> None:
    assert beginning_of(question) == begun


def test_stop_words_count_only_if_there_is_nothing_else() -> None:
    assert [term.word for term in terms_of("the fox in the snow")] == ["fox", "snow"]
    assert terms_of("in the") == [Term("the", "the", begins=True)]
    assert terms_of("fox the") == [Term("fox", "fox")]
    assert terms_of(" ,. ") == []


def test_a_question_has_so_many_words() -> None:
    assert len(terms_of(" ".join(f"word{number}" for number in range(30)))) == MAX_TERMS


def test_pages_of_several_words_are_joined_down_to_where_all_are_known() -> None:
    one, other = [(9, "a"), (7, "b"), (5, "c")], [(8, "d"), (7, "b")]
    assert merged([one, other], 4) == ([(9, "a"), (8, "d"), (7, "b"), (5, "c")], True)
    assert merged([one, other], 3) == ([(9, "a"), (8, "d"), (7, "b"), (5, "c")], False)
    assert merged([one, other], 2) == ([(9, "a"), (8, "d"), (7, "b")], False), "what is older may have company"
    assert merged([], 2) == ([], True)
