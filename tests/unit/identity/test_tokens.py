"""Tokens: one read proves them, and the store cannot give them away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed import identifiers
from livefeed.identity import tokens

USER = identifiers.make(1_700_000_000_000, 7, 12345)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 1023))
def test_a_token_is_read_back_as_its_users(secret, shard):
    user = identifiers.make(0, shard, 1)
    token = tokens.issue(user, secret)
    proof = tokens.read(token)
    assert proof == tokens.Proof(user, tokens.digest(token))


def test_a_token_goes_into_a_cookie_and_a_header_as_it_is():
    token = tokens.issue(USER, bytes(range(224, 256)))
    assert token.isascii()
    assert not set(token) & set(' ;,"\\=&?%+/')


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_other_secrets_have_other_digests_and_no_digest_shows_its_secret(one, other):
    first, second = tokens.issue(USER, one), tokens.issue(USER, other)
    assert (tokens.digest(first) == tokens.digest(second)) == (one == other)
    assert first.partition(".")[2] not in tokens.digest(first)


def test_the_same_secret_proves_nothing_for_another_user():
    other = identifiers.make(1_700_000_000_000, 7, 54321)
    assert tokens.digest(tokens.issue(USER, bytes(32))) != tokens.digest(tokens.issue(other, bytes(32)))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_short_secret_is_a_defect(length):
    with pytest.raises(ValueError, match="32 bytes"):
        tokens.issue(USER, bytes(length))


GOOD = tokens.issue(USER, bytes(32))


@pytest.mark.parametrize(
    "token",
    [
        "", ".", USER, USER + ".", GOOD[:-1], GOOD + "A", GOOD.replace(".", ":"), "x" + GOOD, GOOD.upper(),
        GOOD[:-1] + "é", GOOD[:-1] + "=", GOOD + "\n", "{s01}" + GOOD[5:], "." * 66, "\udcff" * 66,
    ],
)  # fmt: skip
def test_what_has_not_the_form_of_a_token_is_nobodys(token):
    assert tokens.read(token) is None


@given(st.text())
def test_any_text_is_read_without_harm(text):
    proof = tokens.read(text)
    assert proof is None or identifiers.is_id(proof.user)
