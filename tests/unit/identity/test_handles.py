"""Handles: pleasant to get, hard to forge."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed import identifiers
from livefeed.errors import BadRequest
from livefeed.identity.handles import (
    ADJECTIVES,
    CLAIM_GRACE_MS,
    NOUNS,
    RESERVED,
    is_abandoned,
    is_handle,
    normalise,
    proposals,
)


def test_there_are_enough_words_and_none_twice():
    for words in (ADJECTIVES, NOUNS):
        assert len(words) >= 150
        assert len(set(words)) == len(words)
        assert all(re.fullmatch("[a-z]{2,12}", word) for word in words)


@given(st.integers())
def test_every_proposal_is_a_handle_that_a_person_might_choose_too(seed):
    found = list(proposals(random.Random(seed)))
    assert all(normalise(handle) == handle for handle in found)
    assert all(re.fullmatch("[a-z]+-[a-z]+(-[0-9]+)?", handle) for handle in found)
    assert found[0].count("-") == 1


def test_proposals_end_and_the_later_ones_leave_room_for_many_guests():
    seeds = [list(proposals(random.Random(seed))) for seed in range(300)]
    assert {len(found) for found in seeds} == {15}
    assert len({found[-1] for found in seeds}) == 300


@pytest.mark.parametrize(
    ("wish", "handle"),
    [
        ("Quiet-Otter", "quiet-otter"),
        ("  fox ", "fox"),
        ("42", "42"),
        ("a-", "a-"),
        ("x" * 30, "x" * 30),
        ("\N{KELVIN SIGN}ai", "kai"),
    ],
)
def test_a_wish_is_stored_in_lower_case(wish, handle):
    assert normalise(wish) == handle


@pytest.mark.parametrize(
    "wish",
    [
        "", "a", "-fox", "red fox", "fox!", "x" * 31, "füchsin", "fox\n2", "fоx", "\u212bngstrom",
        "x" * 10**6, None, 7, ["fox"], b"fox", "a/../b", "fox\0", "ＦＯＸ", "\u0130stanbul",
    ],
)  # fmt: skip
def test_what_is_no_handle_is_refused_with_a_sentence(wish):
    with pytest.raises(BadRequest, match="2 to 30 letters"):
        normalise(wish)


@pytest.mark.parametrize("wish", ["admin", "Root", "LIVEFEED", "api", "support", identifiers.make(1, 2, 3)])
def test_official_words_and_ids_are_nobodys_handle(wish):
    with pytest.raises(BadRequest, match="kept for livefeed"):
        normalise(wish)


def test_every_reserved_word_has_the_form_of_a_handle():
    assert all(is_handle(word) for word in RESERVED)


@given(st.text(max_size=40) | st.from_regex(r"[A-Za-z0-9-]{1,32}", fullmatch=True))
def test_normalising_twice_changes_nothing_and_gives_plain_text(wish):
    try:
        handle = normalise(wish)
    except BadRequest:
        return
    assert normalise(handle) == handle
    assert handle.isascii()
    assert is_handle(handle)
    assert unicodedata.normalize("NFKC", handle).lower() == handle


@pytest.mark.parametrize(
    ("age_ms", "holder", "abandoned"),
    [
        (0, None, False),
        (CLAIM_GRACE_MS, None, False),
        (CLAIM_GRACE_MS + 1, None, True),
        (CLAIM_GRACE_MS + 1, "other-name", True),
        (CLAIM_GRACE_MS + 1, "quiet-otter", False),
        (10**12, "quiet-otter", False),
        (-5_000, "other-name", False),
    ],
)
def test_a_claim_is_abandoned_when_it_is_old_and_its_claimant_is_called_otherwise(age_ms, holder, abandoned):
    assert is_abandoned(age_ms, holder=holder, handle="quiet-otter") is abandoned
